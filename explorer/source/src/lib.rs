//! Finds the literal patterns of a Python file and checks them in every version, as
//! `sre check` does, and returns the result as JSON.
//!
//! `explorer/tests/modules.test.mjs` tests it as it is built for the page.

#[cfg(target_arch = "wasm32")]
mod exports;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use sre_case::parse_versions;
use sre_check::source::Framework;
use sre_check::{Checker, findings, output, source};

/// Checks a file. The answer is `{"patterns": […], "skipped": […]}`, where a pattern is what
/// `sre check --format json` writes, with what helps, or `{"problem": …}`.
///
/// The parser recurses: a file that is nested deeply needs a deep stack.
pub fn check(file: &str) -> String {
    let versions = match parse_versions("3.8..3.16", false) {
        Ok(versions) => versions,
        Err(why) => return problem(&why.to_string()),
    };
    let found_in_file = match source::find_in_text(file, &Framework::ALL) {
        Ok(found) => found,
        Err(why) => return problem(&why.to_string()),
    };
    let mut checker = Checker::new(versions);
    let mut patterns: Vec<Box<RawValue>> = Vec::new();
    for found in &found_in_file.patterns {
        let report = checker.check_call(&found.case, &found.call);
        let help: Vec<String> = findings(&report).into_iter().filter_map(|finding| finding.help).collect();
        let (line, column, function) = (found.line, found.column, found.function);
        let place = json!({ "line": line, "column": column, "function": function, "help": help });
        let written = output::json::to_string(&report, &place, |pos| Some(found.place(pos)));
        match written.and_then(RawValue::from_string) {
            Ok(pattern) => patterns.push(pattern),
            Err(error) => return problem(&error.to_string()),
        }
    }
    let skipped: Vec<Value> = found_in_file
        .skipped
        .iter()
        .map(|skipped| json!({ "line": skipped.line, "reason": skipped.reason.to_string() }))
        .collect();
    let patterns = serde_json::to_string(&patterns).unwrap_or_default();
    format!("{{\"patterns\":{patterns},\"skipped\":{}}}", Value::from(skipped))
}

fn problem(why: &str) -> String {
    json!({ "problem": why }).to_string()
}
