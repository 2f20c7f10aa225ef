//! `sre soak` in shards: each soaks for a part of the time, with a seed of its own.

use std::io::Write;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sre_memory::soak::{Check, Verdict, headline};
use sre_oracle::shards::{Job, Numbers, Results, State};
use sre_support::count;

use super::{ShardOptions, job, status_with_missing};
use crate::messages::stdout;
use crate::options::Format;
use crate::status::Status;

/// The results of one or more soaks.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Soaked {
    runs: Vec<Soak>,
}

/// The result of a soak.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Soak {
    /// Where it begins in the whole job, in seconds.
    pub start: u64,
    pub subject: String,
    pub patterns: u64,
    pub checks: Vec<Check>,
}

impl Results for Soaked {
    fn add(&mut self, other: Soaked) {
        self.runs.extend(other.runs);
        self.runs.sort_by_key(|run| run.start);
    }
}

/// Returns the job: a unit is a second.
pub(crate) fn of(seconds: u64, input: &[Vec<u8>]) -> Job {
    job("soak", seconds, "second", input)
}

/// Stores the result of a shard, which cannot be resumed: memory that grew is gone with the process.
pub(crate) fn store(shards: &ShardOptions, job: Job, name: &str, identity: &str, soak: Soak) -> Result<()> {
    let range = shards.range(job.units);
    let (_lock, mut state) = shards.open::<Soaked>(job, false)?;
    let at = state.part(name, identity, Soaked::default())?;
    let mut done = Numbers::default();
    let _ = done.add(range);
    state.parts[at].add(&done, Soaked { runs: vec![soak] })?;
    shards.save(&state)
}

/// Returns whether the state has the result of this shard.
pub(crate) fn is_done(shards: &ShardOptions, job: &Job) -> Result<bool> {
    let range = shards.range(job.units);
    let (_lock, state) = shards.open::<Soaked>(job.clone(), false)?;
    Ok(!state.parts.is_empty() && state.missing(&range).is_empty())
}

/// Prints the verdicts on all runs: of each check, the worst.
pub(crate) fn print(state: State<Soaked>, missing: &[String], format: Format) -> Result<Status> {
    let runs: Vec<&Soak> = state.parts.iter().flat_map(|part| &part.results.runs).collect();
    let Some(first) = runs.first() else { bail!("the state has no results") };
    let mut worst: Vec<(u64, Check)> =
        first.checks.iter().map(|check| (first.start, check.clone())).collect();
    for run in &runs[1..] {
        for (start, check) in &mut worst {
            let Some(other) = run.checks.iter().find(|other| other.name == check.name) else { continue };
            if other.verdict != check.verdict && check.verdict.worse(other.verdict) == other.verdict {
                (*start, *check) = (run.start, other.clone());
            }
        }
    }
    let patterns = runs.iter().map(|run| run.patterns).sum();
    let checks: Vec<Check> = worst.iter().map(|(_, check)| check.clone()).collect();
    let mut out = stdout();
    if format == Format::Json {
        let all =
            json!({ "subject": first.subject, "patterns": patterns, "runs": runs.len(), "checks": checks });
        writeln!(out, "{all:#}")?;
    } else {
        let headline = headline(&first.subject, &checks, patterns);
        writeln!(out, "{}\n{}, in {}\n", headline.text, headline.detail, count(runs.len(), "run"))?;
        for (start, Check { name, word, figures, .. }) in &worst {
            let of = if runs.len() > 1 {
                format!(" (the run from second {start}, of the worst verdict)")
            } else {
                String::new()
            };
            writeln!(out, "{name}: {word}{of}\n    {figures}")?;
        }
    }
    out.flush()?;
    let grows = checks.iter().any(|check| check.verdict == Verdict::Regressed);
    Ok(status_with_missing(missing, if grows { Status::Divergence } else { Status::Same }))
}
