//! Counting the causes of the divergences of each bug.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use super::bugs::Bug;
use super::build_dir::{BuildDir, OUTCOMES};
use crate::shell::{cargo, exit_code, root};

/// Number of generated cases.
const GENERATED: &str = "12000";

/// Builds a program with each bug, and prints the number of causes of each.
pub(super) fn count(bugs: &[Bug]) -> Result<ExitCode> {
    let build_dir = BuildDir::open(None, false)?;
    let sound = build_dir.program(OUTCOMES, None)?;
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "sre-oracle", "--example", "causes", "--"]);
    command.arg(GENERATED).arg(sound).current_dir(root());
    for (n, bug) in bugs.iter().enumerate() {
        let mut named = OsString::from(format!("{}=", bug.name));
        named.push(build_dir.program(OUTCOMES, Some(bug))?);
        command.arg(named);
        eprintln!("[{}/{}] {} is built", n + 1, bugs.len(), bug.name);
    }
    exit_code(&mut command)
}
