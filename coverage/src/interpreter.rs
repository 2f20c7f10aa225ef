//! Measures an interpreter's own compiler, with a probe at each of its lines and branches.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use sre_case::{Case, wire};
use sre_oracle::child::Child;
use sre_oracle::pythons::Python;
use sre_support::visible::Shown;

use super::subject::{Kind, Site, Subject, Text};

const SOURCE: &str = include_str!("../python/coverage.py");

/// The limit for all cases together, most of which take less than a millisecond.
const TIME_LIMIT: Duration = Duration::from_secs(600);

/// The reply of coverage.py.
#[derive(Deserialize)]
#[serde(untagged)]
enum Report {
    Failed { failed: String },
    Reached { sources: BTreeMap<String, String>, sites: Vec<Line>, texts: Vec<Text>, words: Vec<String> },
}

/// A site as coverage.py writes it: an array of these values.
#[derive(Deserialize)]
struct Line {
    module: String,
    function: String,
    line: usize,
    text: String,
    kind: Kind,
    first: Option<usize>,
}

/// Lets an interpreter compile all cases, and returns which lines and branches of its compiler they reach.
///
/// # Errors
/// If the interpreter does not start, does not reply in time, or has no source files.
pub fn interpreter(python: &Python, cases: &[Case]) -> Result<Subject, String> {
    let failed = |why: String| format!("{}: {why}", python.path.shown());
    let dialect = python.dialect.clone().map_err(|why| failed(why.to_string()))?;
    let program = sre_oracle::python_program(SOURCE);
    let mut child = Child::start(&python.path, &program).map_err(|error| failed(error.to_string()))?;
    child.receive(TIME_LIMIT).map_err(failed)?;
    let mut lines = Vec::new();
    for case in cases {
        wire::write_request(&mut lines, case, false);
        lines.push(b'\n');
    }
    lines.extend_from_slice(b"\"report\"\n");
    child.send(lines);
    let report = child.receive(TIME_LIMIT).map_err(failed)?;
    match serde_json::from_slice(&report).map_err(|error| failed(error.to_string()))? {
        Report::Failed { failed: why } => Err(failed(why)),
        Report::Reached { sources, sites, texts, words } => {
            let site = |Line { module, function, line, text, kind, first }| {
                let reached = first.is_some();
                Site { module, function, line, text, kind, reached, first }
            };
            let sites = sites.into_iter().map(site).collect();
            Ok(Subject { name: python.info.label(), dialect: Some(dialect), sources, sites, texts, words })
        }
    }
}
