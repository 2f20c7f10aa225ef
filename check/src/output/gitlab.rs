//! Findings as a GitLab code quality report.
//!
//! A fingerprint does not depend on the line, so that GitLab recognizes a finding that has moved.
//! The same finding again in the same file has another one.
//!
//! GitLab wants paths that are relative to the repository, without `./` in front.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sre_support::fnv::fnv1a;
use sre_support::variable;

use crate::baseline::relative;
use crate::finding::Located;
use crate::rules::Level;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut impl Write, findings: &[Located]) -> io::Result<()> {
    let mut seen: HashMap<u64, usize> = HashMap::new();
    let root = variable("CI_PROJECT_DIR").map(PathBuf::from).or_else(|| std::env::current_dir().ok());
    let root = root.unwrap_or_default();
    let issues: Vec<Issue> = findings.iter().map(|located| issue(located, &root, &mut seen)).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue(located: &Located, root: &Path, seen: &mut HashMap<u64, usize>) -> Issue {
    let rule = located.finding.rule.description();
    let path = relative(&located.file, root);
    let hash = located.fingerprint(&path);
    let again = seen.entry(hash).or_default();
    *again += 1;
    let unique = fnv1a(hash.to_le_bytes().into_iter().chain(again.to_le_bytes()));
    Issue {
        description: format!("{}: {}", rule.code, located.finding.sentences()),
        check_name: rule.code,
        fingerprint: format!("{unique:016x}"),
        severity: match rule.level {
            Level::Error => "major",
            Level::Warning => "minor",
        },
        location: Location {
            path,
            positions: Positions {
                begin: Position { line: located.line.unwrap_or(1), column: located.column.unwrap_or(1) },
            },
        },
    }
}
