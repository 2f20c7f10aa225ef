//! `cargo xtask mutants`: runs the crate `mutants`, which needs cargo-mutants. The options are listed
//! here as well, so that `--help` builds nothing.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::setup::{cargo_mutants, has_cargo_mutants};
use crate::shell::{cargo, exit_code, pass_on, root, target};

/// Compute the mutation score of the corpus.
///
/// Changes the compiler in each small way that cargo-mutants knows, and replays the corpus for each; see
/// mutants/README.md. Takes minutes, and nearly an hour when no outcome is known yet. Installs cargo-mutants if it is
/// missing, except with --report.
///
/// Exit status: 0 all mutants but the listed ones are caught; 1 cannot run; 2 others are missed, or a listed one is
/// caught.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Only one of N parts of the mutants, counted from 0: 0/4 is the first of four.
    #[arg(long, value_name = "K/N", value_parser = shard)]
    shard: Option<String>,
    /// Only mutants of files whose name contains F; may be repeated.
    #[arg(long, value_name = "F")]
    file: Vec<String>,
    /// The file of outcomes. [default: mutants/outcomes.json in cargo's target folder]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Add the outcomes that another shard recorded; may be repeated.
    #[arg(long, alias = "join", value_name = "FILE")]
    merge: Vec<PathBuf>,
    /// Try all mutants, not only those that are new or were missed.
    #[arg(long)]
    fresh: bool,
    /// How many mutants to try at a time. [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Skip the mutants that need a build of their own.
    #[arg(long)]
    quick: bool,
    /// Only report the known outcomes; try and install nothing.
    #[arg(long)]
    report: bool,
    /// Write mutants/score.tsv even if some mutants were not tried.
    #[arg(long)]
    write: bool,
    /// What to print.
    #[arg(long, value_parser = ["text", "json"], default_value = "text")]
    format: String,
}

fn shard(text: &str) -> Result<String> {
    let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    let is_shard = parts.is_some_and(|(i, n): (usize, usize)| i < n);
    is_shard.then(|| text.to_owned()).context("expected K/N, counted from 0: 0/4 is the first of four shards")
}

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    if !arguments.report {
        cargo_mutants()?;
    } else if !has_cargo_mutants() {
        bail!(
            "cargo-mutants is needed, to list the mutants, and --report installs nothing.\n\
             To get it: cargo install cargo-mutants --locked"
        );
    }
    let mut mutants = cargo();
    mutants.args(["run", "--quiet", "--package", "sre-mutants", "--"]);
    mutants.arg("--root").arg(root()).arg("--target").arg(target());
    pass_on(&mut mutants, "--shard", &arguments.shard);
    pass_on(&mut mutants, "--file", &arguments.file);
    pass_on(&mut mutants, "--state", &arguments.state);
    pass_on(&mut mutants, "--merge", &arguments.merge);
    pass_on(&mut mutants, "--jobs", arguments.jobs.map(|jobs| jobs.to_string()));
    let switches = [
        ("--fresh", arguments.fresh),
        ("--quick", arguments.quick),
        ("--report", arguments.report),
        ("--write", arguments.write),
    ];
    mutants.args(switches.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name));
    exit_code(mutants.args(["--format", &arguments.format]))
}
