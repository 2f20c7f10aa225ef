//! The texts of findings/reports: their commands print what they say, and none is missing.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::path::Path;
use std::process::Command;

use sre_oracle::pythons;
use sre_test_support::{Missing, Prerequisite};

fn commands_of_the_reports_print_what_they_say() -> Result<(), Missing> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("FINDINGS.md")).unwrap();
    let versions = page.lines().find(|line| line.starts_with("| | 3.8")).unwrap();
    let is_listed = |label: &str| versions.split('|').any(|cell| cell.trim() == label);
    // What another version should print is not known.
    let newest = pythons::find().into_iter().rfind(|python| is_listed(&python.info.label()));
    let python = Prerequisite::PythonVersion.require(newest)?;
    let mut command = Command::new(&python.path);
    command.arg(root.join("findings/check.py")).args(["--reports", "--fast"]).arg(&python.path);
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!printed.starts_with("0 "), "{printed}");
    Ok(())
}

sre_test_support::tests! { commands_of_the_reports_print_what_they_say }
