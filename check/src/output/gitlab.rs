//! Findings as a GitLab code quality report.
//!
//! A fingerprint does not depend on the line, so that GitLab recognizes a finding that has moved.
//! The same finding again in the same file has another one.

use std::collections::HashMap;
use std::io;
use std::io::Write;

use serde::Serialize;
use sre_support::fnv::fnv1a;

use crate::finding::Located;
use crate::rules::Level;

#[derive(Serialize)]
struct Issue<'f> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'f>,
}

#[derive(Serialize)]
struct Location<'f> {
    path: &'f str,
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
    let issues: Vec<Issue<'_>> = findings.iter().map(|located| issue(located, &mut seen)).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}

fn issue<'f>(located: &'f Located, seen: &mut HashMap<u64, usize>) -> Issue<'f> {
    let rule = located.finding.rule.description();
    let hash = located.fingerprint(&located.file);
    let again = seen.entry(hash).or_default();
    *again += 1;
    let unique = fnv1a(hash.to_le_bytes().into_iter().chain(again.to_le_bytes()));
    Issue {
        description: format!("{}: {}", rule.code, located.finding.message),
        check_name: rule.code,
        fingerprint: format!("{unique:016x}"),
        severity: match rule.level {
            Level::Error => "major",
            Level::Warning => "minor",
        },
        location: Location {
            path: &located.file,
            positions: Positions {
                begin: Position { line: located.line.unwrap_or(1), column: located.column.unwrap_or(1) },
            },
        },
    }
}
