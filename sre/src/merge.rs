//! `sre merge`: adds up the states of the shards of a job.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use sre_oracle::shards::{Results, Sealed, State};
use sre_oracle::{COMPILER, Stats};
use sre_support::visible::Shown;

use crate::check::{self, Checks};
use crate::expect::{is_seen, merged_versions, note_unseen, read_expected};
use crate::messages;
use crate::options::{DivergenceOptions, FormatOption, StrictKnown};
use crate::sharding::coverage::Measured;
use crate::sharding::soak::Soaked;
use crate::sharding::{self, lock_state, merged, status_with_missing};
use crate::status::Status;
use crate::{compare, summary};

/// Add up the states of all shards of a job
///
/// Takes the files that `--state` of `exhaustive`, `compare`, `check`, `soak` and `corpus coverage`
/// wrote, and prints what one run of the whole job would have printed. States of another compiler,
/// interpreter or input are refused, and so are states that contain the same units, or that do not
/// make up the whole job.
///
/// Exit status: that of the job; 1 if the states cannot be merged.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The state files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Also write the sum to this file, which another run can resume from, or merge.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Accept that units are missing, print what there is, and exit with status 1, or 2 for a
    /// divergence.
    #[arg(long)]
    partial: bool,
    /// Also print the table of counts and rates.
    #[arg(long, short)]
    verbose: bool,
    /// The divergences that are expected, as for `sre compare`.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
    #[command(flatten)]
    divergences: DivergenceOptions,
    #[command(flatten)]
    format: FormatOption,
}

impl Arguments {
    /// Returns the arguments for `sre exhaustive --merge`.
    pub(crate) fn new(
        files: Vec<PathBuf>,
        output: Option<PathBuf>,
        format: FormatOption,
        verbose: bool,
        strict: StrictKnown,
    ) -> Arguments {
        let divergences = DivergenceOptions { minimize: 0, strict };
        Arguments { files, output, partial: false, verbose, expect: None, divergences, format }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let files = arguments.files.iter().map(|file| Ok(Sealed::read(file)?)).collect::<Result<Vec<_>>>()?;
    let verb = files.first().context("no state file was given")?.job.verb.clone();
    ensure!(
        arguments.expect.is_none() || matches!(verb.as_str(), "exhaustive" | "compare"),
        "--expect is for states of `sre compare`, not of `sre {}`",
        verb.shown()
    );
    match verb.as_str() {
        "exhaustive" | "compare" => comparison(files, arguments, &verb),
        "check" => {
            let (state, missing) = sum::<Checks>(files, arguments)?;
            check::print_merged(state, &missing)
        }
        "corpus coverage" => {
            let (state, missing) = sum::<Measured>(files, arguments)?;
            sharding::coverage::print(state, &missing, arguments.format.format)
        }
        "soak" => {
            let (state, missing) = sum::<Soaked>(files, arguments)?;
            sharding::soak::print(state, &missing, arguments.format.format)
        }
        _ => bail!("a state of `sre {}`, which this version cannot merge", verb.shown()),
    }
}

/// Adds up the states, and writes the sum if that is wanted.
fn sum<R: Results>(files: Vec<Sealed>, arguments: &Arguments) -> Result<(State<R>, Vec<String>)> {
    let state: State<R> = merged(files, arguments.partial)?;
    if state.job.compiler != COMPILER {
        messages::warning(format_args!(
            "the states are of another build of sre-compiler ({}, not {COMPILER})",
            state.job.compiler.shown()
        ));
    }
    if let Some(file) = &arguments.output {
        let _lock = lock_state(file)?;
        state.write(file)?;
    }
    let missing = state.missing(&(0..state.job.units));
    Ok((state, missing))
}

fn comparison(files: Vec<Sealed>, arguments: &Arguments, verb: &str) -> Result<Status> {
    let expected = arguments.expect.as_deref().map(read_expected).transpose()?;
    let (mut state, missing) = sum::<Stats>(files, arguments)?;
    let mut versions = Vec::new();
    for part in &mut state.parts {
        let of_part = merged_versions(&part.name, &part.results);
        if let Some(expected) = &expected {
            expected.clone().of_versions(&of_part).apply(&mut part.results);
        }
        versions.extend(of_part);
    }
    if verb == "compare" {
        compare::minimize_merged(&mut state, arguments.divergences.minimize);
    }
    let all_stats: Vec<Stats> = state.parts.into_iter().map(|part| part.results).collect();
    sharding::print(arguments.format.format, &all_stats, arguments.verbose, &|_| None)?;
    note_unseen(expected.as_ref(), &versions, is_seen(&all_stats));
    Ok(status_with_missing(&missing, summary::status(&all_stats, arguments.divergences.strict)))
}
