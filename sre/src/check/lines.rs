//! `sre check --jsonl`: checks recorded patterns.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;
use sre_case::wire;
use sre_check::{Checker, Located};
use sre_support::visible::Shown;

use super::reporter::Reporter;

/// The fields of a recording's line besides the case.
#[derive(Deserialize, Default)]
struct Extra {
    #[serde(default)]
    source: Option<String>,
}

pub(super) fn run(path: &Path, checker: &mut Checker, reporter: &mut Reporter) -> Result<()> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin { "standard input".into() } else { path.to_string_lossy().into_owned() };
    let mut input: Box<dyn BufRead> = match is_stdin {
        true => Box::new(io::stdin().lock()),
        false => Box::new(BufReader::new(File::open(path).with_context(|| name.shown().to_string())?)),
    };
    let mut line = Vec::new();
    let mut number = 0;
    while input.read_until(b'\n', &mut line).with_context(|| name.shown().to_string())? > 0 {
        number += 1;
        match wire::parse_request(&line) {
            Ok(request) => {
                let extra: Extra = serde_json::from_slice(wire::without_mark(&line)).unwrap_or_default();
                let report = checker.check(&request.case);
                reporter.line(&name, number, extra.source.as_deref(), &report)?;
            }
            // The recording was interrupted.
            Err(_) if !line.ends_with(b"\n") => {
                eprintln!("sre: {}:{number}: skipped the incomplete last line", name.shown());
            }
            Err(why) => {
                let json = json!({ "line": number, "invalid": why.to_string() });
                reporter.unchecked(Located::unchecked(&name, Some(number), &why.to_string()), json)?;
            }
        }
        line.clear();
    }
    if number == 0 {
        bail!("{} contains no cases", name.shown());
    }
    reporter.summarize();
    Ok(())
}
