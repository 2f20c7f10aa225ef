//! Finds the literal patterns of a Python file and checks them in every version, as
//! `sre check --source` does, and returns the result as JSON.

#[cfg(target_arch = "wasm32")]
mod exports;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use sre_case::parse_versions;
use sre_check::{Checker, json as report_json, source};

/// Checks a file. The answer is `{"patterns": […], "skipped": […]}`, where a pattern is what
/// `sre check --source --format json` writes, or `{"problem": …}`.
///
/// The parser recurses: a file that is nested deeply needs a deep stack.
pub fn check(file: &[u8]) -> String {
    let versions = match parse_versions("3.8..3.16", false) {
        Ok(versions) => versions,
        Err(why) => return problem(&why.to_string()),
    };
    let findings = match source::find(file) {
        Ok(findings) => findings,
        Err(why) => return problem(&why.to_string()),
    };
    let mut checker = Checker::new(versions);
    let mut patterns: Vec<Box<RawValue>> = Vec::new();
    for found in &findings.patterns {
        let report = checker.check_call(&found.case, &found.call);
        let place = json!({ "line": found.line, "column": found.column, "function": found.function });
        match report_json::to_string(&report, &place).and_then(RawValue::from_string) {
            Ok(pattern) => patterns.push(pattern),
            Err(error) => return problem(&error.to_string()),
        }
    }
    let skipped: Vec<Value> = findings
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_checked() {
        let answer = check(b"import re\nA = re.compile('(?>a)')\nB = re.match(x, y)\n");
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["patterns"][0]["line"], 2);
        assert_eq!(answer["patterns"][0]["answers"][0]["accepted"], false);
        assert_eq!(answer["skipped"][0]["line"], 3);
    }

    #[test]
    fn what_is_no_python_is_a_problem() {
        let answer: Value = serde_json::from_str(&check(b"def\0")).expect("JSON");
        assert!(answer["problem"].is_string(), "{answer}");
    }
}
