//! `sre exhaustive`: compares every pattern of a few tokens.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use sre_oracle::shards::Sealed;
use sre_oracle::sweep::{TOKENS, VARIANTS, case, cases, fingerprint};
use sre_support::count;
use sre_support::visible::Shown;

use crate::merge;
use crate::options::{FormatOption, RunOptions, StrictKnown, whole};
use crate::sharding::{self, CaseJob, ShardOptions, job, status_with_missing};
use crate::status::Status;
use crate::summary;

/// Compare every pattern of up to N tokens
///
/// sre-compiler compiles each case. An interpreter that refuses a pattern without having read its
/// end, or a flag, answers all patterns that begin alike, and the pattern with that flag, in the same
/// way; it is asked for the others, and for a sample of these.
///
/// A run with --state can be interrupted at any time, also by Ctrl-C: the same command resumes it,
/// and so does one with more --tokens. Several machines can each compare a shard with its own
/// --state; `sre merge` adds the states up. State files are tied to a compiler build; delete them
/// after changing the compiler.
///
/// Exit status: 0 if every case was compared without a difference, 1 for an incomplete run or a
/// usage or input error, 2 for a divergence.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Number of tokens in the longest patterns.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole(1_u32))]
    tokens: u32,
    #[command(flatten)]
    shards: ShardOptions,
    /// The former form of `sre merge`.
    #[arg(long, hide = true, value_name = "STATE", num_args = 1.., conflicts_with_all = ["shard", "plan", "tokens", "pythons", "debug", "target"])]
    merge: Vec<PathBuf>,
    #[command(flatten)]
    run: RunOptions,
    #[command(flatten)]
    strict: StrictKnown,
    /// Ask the interpreters for each case, also where their other answers imply the answer.
    #[arg(long)]
    ask_all: bool,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn alphabet() -> String {
    let shown = |token: &&str| if *token == " " { "a space".to_owned() } else { (*token).to_owned() };
    let tokens: Vec<String> = TOKENS.iter().map(shown).collect();
    let counts = (1..=5).filter_map(|tokens| Some(format!("{tokens}: {}", cases(tokens)?)));
    format!(
        "Tokens:\n  {}\nVariants of each sequence:\n  {}\nNumber of cases per interpreter, by number of tokens:\n  {}",
        tokens.join("  "),
        VARIANTS.join(", "),
        counts.collect::<Vec<_>>().join(", ")
    )
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let Arguments { shards, run, .. } = arguments;
    if !arguments.merge.is_empty() {
        let output = shards.state().map(PathBuf::from);
        let (files, format) = (arguments.merge.clone(), arguments.format);
        let merged = merge::Arguments::new(files, output, format, run.verbose, arguments.strict);
        return merge::run(&merged);
    }
    let total = cases(arguments.tokens).context("--tokens: the number of cases is too large")?;
    check_tokens(arguments, total)?;
    let input = [fingerprint().into_bytes(), run.what_is_compared().into_bytes()];
    let job = CaseJob {
        job: job("exhaustive", total, "case", &input),
        is_growing: true,
        source: Box::new(|range| range.map(case).collect()),
        infers: !arguments.ask_all,
        references: run.references()?,
        run,
        shards,
    };
    if let Some(length) = shards.plan() {
        return job.plan(length)?.print(shards.plan_format(arguments.format.format));
    }
    let (_, all_stats, missing) = job.compare()?;
    sharding::print(arguments.format.format, &all_stats, run.verbose, &|_| None)?;
    Ok(status_with_missing(&missing, summary::status(&all_stats, arguments.strict)))
}

/// Refuses a state with more tokens than requested, since the totals are those of the whole state.
fn check_tokens(arguments: &Arguments, total: u64) -> Result<()> {
    let Some(file) = arguments.shards.state().filter(|file| file.exists()) else { return Ok(()) };
    let job = Sealed::read(file)?.job;
    if job.verb != "exhaustive" || job.units <= total {
        return Ok(());
    }
    let tokens = (arguments.tokens..).find(|&tokens| cases(tokens).is_none_or(|cases| cases >= job.units));
    bail!(
        "{}: the state belongs to a run of {}, not {}; give --tokens {} or another --state",
        file.shown(),
        count(tokens.unwrap_or_default(), "token"),
        arguments.tokens,
        tokens.unwrap_or_default()
    )
}
