//! `cargo xtask mutants`: sees that cargo-mutants is there, and runs the crate `mutants`.

use std::process::ExitCode;

use crate::setup::cargo_mutants;
use crate::shell::{cargo, root, target};

pub(crate) fn command(arguments: &[String]) -> Result<ExitCode, String> {
    cargo_mutants()?;
    let mut mutants = cargo();
    mutants.args(["run", "--quiet", "--package", "sre-mutants", "--"]);
    mutants.arg("--root").arg(root()).arg("--target").arg(target()).args(arguments);
    let status = mutants.status().map_err(|error| error.to_string())?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
