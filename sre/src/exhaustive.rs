//! `sre exhaustive`: compares every pattern of a few tokens.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, atomic::AtomicBool};

use anyhow::{Context, Result, bail};
use clap::Args;
use sre_oracle::sweep::{Numbers, State, TOKENS, VARIANTS, cases, shard, sweep};
use sre_oracle::{Reference, Stats};
use sre_support::lock::Lock;
use sre_support::visible::Shown;
use sre_support::{count, lock};

use crate::interpreters::name;
use crate::messages::{self, stdout};
use crate::options::{Format, FormatOption, RunOptions, Shard, whole};
use crate::progress::resumed;
use crate::status::Status;
use crate::summary;

/// Compare every pattern of up to N tokens
///
/// A run with --state can be interrupted at any time, also by Ctrl-C: the same command resumes it,
/// and so does one with more --tokens. Several machines can each compare a shard with its own
/// --state; --merge adds the states up. State files are tied to a compiler build; delete them after
/// changing the compiler.
///
/// Exit status: 0 if every case was compared without a difference, 1 for an incomplete run or a
/// usage or input error, 2 for a divergence.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Number of tokens in the longest patterns.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole(1_u32))]
    tokens: u32,
    /// Compare one of N parts of about the same size, counted from 0: `0/5` is the first of five.
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Resume from this file and keep it up to date; no other run may be using it. With --merge,
    /// the output file.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Add up these state files instead of comparing.
    #[arg(long, value_name = "STATE", num_args = 1.., conflicts_with_all = ["shard", "tokens", "pythons", "debug", "target"])]
    merge: Vec<PathBuf>,
    #[command(flatten)]
    run: RunOptions,
    /// Exit with status 3 if only known divergences were found.
    #[arg(long)]
    strict_known: bool,
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
    if !arguments.merge.is_empty() {
        return merge(arguments);
    }
    let total = cases(arguments.tokens).context("--tokens: the number of cases is too large")?;
    let range = match arguments.shard {
        Some(Shard { index, of }) => shard(total, index, of),
        None => 0..total,
    };
    let _lock = lock_state(arguments)?;
    let mut state = match &arguments.state {
        Some(file) if file.exists() => {
            let state = State::read(file)?;
            state.check_compiler().with_context(|| file.shown().to_string())?;
            state
        }
        _ => State::default(),
    };
    let references = arguments.run.references()?;
    let stopped = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    {
        // A second Ctrl-C ends the process at once.
        use signal_hook::{consts::SIGINT, flag};
        flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&stopped))?;
        flag::register(SIGINT, Arc::clone(&stopped))?;
    }
    let mut swept = Vec::new();
    refuse_two_builds(&references)?;
    for reference in &references {
        let info = reference.info()?;
        let dialect = arguments.run.options().dialect.map_or_else(|| info.dialect(), Ok)?;
        let key = Stats::new(info.label(), dialect);
        let done = &state.of(key.clone()).done;
        check_tokens(arguments, done, total)?;
        let before = done.count_within(&range);
        let bar = resumed(&name(reference), (range.end - range.start) as usize, before);
        let progress = |done: usize| bar.inc(done as u64);
        sweep(reference, arguments.run.options(), range.clone(), &mut state, &stopped, &progress, |state| {
            arguments.state.as_ref().map_or(Ok(()), |file| state.write(file)).map_err(anyhow::Error::from)
        })?;
        bar.finish_and_clear();
        swept.push(state.of(key).clone());
    }
    let missing: Vec<String> = swept
        .iter()
        .filter_map(|swept| unfinished(&swept.stats.python, &swept.done, range.clone()))
        .collect();
    let all_stats: Vec<Stats> = swept.into_iter().map(|swept| swept.stats).collect();
    finish(arguments, &all_stats, &missing)
}

/// Locks the state file: two runs would overwrite each other's results.
fn lock_state(arguments: &Arguments) -> Result<Option<Lock>> {
    let Some(file) = &arguments.state else { return Ok(None) };
    let path = lock::beside(file).with_context(|| file.shown().to_string())?;
    let lock = Lock::try_take(&path).with_context(|| format!("cannot lock {}", path.shown()))?;
    let why = || {
        format!("{} is in use by another run; give each run its own --state and --merge them", file.shown())
    };
    lock.with_context(why).map(Some)
}

/// Refuses a state with more tokens than requested, since the totals are those of the whole state.
fn check_tokens(arguments: &Arguments, done: &Numbers, total: u64) -> Result<()> {
    let end = done.ranges().last().map_or(0, |range| range.end);
    let Some(file) = arguments.state.as_ref().filter(|_| end > total) else { return Ok(()) };
    let tokens = (arguments.tokens..).find(|&tokens| cases(tokens).is_none_or(|cases| cases >= end));
    bail!(
        "{}: the state belongs to a run of {}, not {}; give --tokens {} or another --state",
        file.shown(),
        count(tokens.unwrap_or_default(), "token"),
        arguments.tokens,
        tokens.unwrap_or_default()
    )
}

/// Refuses two builds of one version, since a state identifies interpreters by their versions.
fn refuse_two_builds(references: &[Reference]) -> Result<()> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for reference in references {
        let (label, argument) = (reference.info()?.label(), reference.argument());
        if let Some(other) = seen.insert(label.clone(), argument) {
            bail!("--pythons: {other} and {argument} are both Python {label}; run them one by one");
        }
    }
    Ok(())
}

fn merge(arguments: &Arguments) -> Result<Status> {
    let (first, others) = arguments.merge.split_first().context("--merge needs a state file")?;
    let mut state = State::read(first)?;
    for file in others {
        state.merge(State::read(file)?).with_context(|| file.shown().to_string())?;
    }
    if let Err(other) = state.check_compiler() {
        messages::warning(other);
    }
    if let Some(file) = &arguments.state {
        let _lock = lock_state(arguments)?;
        state.write(file)?;
    }
    let whole = |done: &Numbers| {
        // A complete run contains all cases up to its number of tokens.
        let end = done.ranges().last().map_or(0, |range| range.end);
        (0..).map_while(cases).find(|total| *total >= end).unwrap_or(end)
    };
    let missing: Vec<String> = state
        .pythons
        .iter()
        .filter_map(|swept| unfinished(&swept.stats.python, &swept.done, 0..whole(&swept.done)))
        .collect();
    let all_stats: Vec<Stats> = state.pythons.into_iter().map(|swept| swept.stats).collect();
    finish(arguments, &all_stats, &missing)
}

/// Describes the missing part of a range; `None` if it is complete.
fn unfinished(python: &str, done: &Numbers, range: Range<u64>) -> Option<String> {
    let missing = done.missing(range);
    let missing_cases: u64 = missing.iter().map(|range| range.end - range.start).sum();
    let first = missing.first()?;
    Some(format!(
        "{python}: {} not compared, starting at number {}",
        count(missing_cases, "case"),
        first.start
    ))
}

fn finish(arguments: &Arguments, all_stats: &[Stats], missing: &[String]) -> Result<Status> {
    let mut out = stdout();
    match arguments.format.format {
        Format::Text => summary::print(&mut out, all_stats, arguments.run.verbose)?,
        Format::Json => summary::print_json(&mut out, None, all_stats)?,
    }
    out.flush()?;
    for missing in missing {
        messages::warning(missing);
    }
    let found = summary::status(all_stats, arguments.strict_known);
    let unfinished = !missing.is_empty() && found != Status::Divergence;
    Ok(if unfinished { Status::Usage } else { found })
}
