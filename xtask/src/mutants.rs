//! `cargo xtask mutants`: runs the crate `mutants`, which needs cargo-mutants.

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::setup::{cargo_mutants, has_cargo_mutants};
use crate::shell::{cargo, exit_code, own_arguments, root, target};

/// The options of the program. This only parses them, and passes them on as they are.
#[allow(dead_code)]
#[path = "../../mutants/src/options.rs"]
mod options;

pub(crate) use options::Options;

pub(crate) fn command(options: &Options) -> Result<ExitCode> {
    if !options.report {
        cargo_mutants()?;
    } else if !has_cargo_mutants() {
        bail!(
            "cargo-mutants is needed, to list the mutants, and --report installs nothing.\n\
             To get it: cargo install cargo-mutants --locked"
        );
    }
    let mut mutants = cargo();
    mutants.args(["run", "--quiet", "--package", "sre-mutants", "--"]);
    exit_code(mutants.arg("--root").arg(root()).arg("--target").arg(target()).args(own_arguments()))
}
