//! `--shard`, `--state` and `--plan`, which divide the long jobs of several verbs the same way.

mod cases;
pub(crate) mod coverage;
mod plan;
pub(crate) mod soak;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, atomic::AtomicBool};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use sre_oracle::COMPILER;
use sre_oracle::shards::{Job, Results, Sealed, State, shard};
use sre_support::fnv::fnv1a;
use sre_support::lock::{self, Lock};
use sre_support::visible::Shown;

use crate::messages;
use crate::options::{Format, Shard, seconds};
use crate::status::Status;

pub(crate) use cases::{CaseJob, print};
pub(crate) use plan::Plan;

/// Options that divide a long job.
#[derive(Args)]
#[command(next_help_heading = "Options for long jobs")]
pub(crate) struct ShardOptions {
    /// Do one of N parts of about the same size, counted from 0: `0/5` is the first of five.
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Resume from this file and keep it up to date; no other run may be using it. `sre merge` adds
    /// the files of all shards up.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Measure the speed, print into how many shards of this length the job can be divided, and
    /// stop.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, conflicts_with_all = ["shard", "state"])]
    plan: Option<Duration>,
    /// Print the plan as JSON, whatever --format says; for programs that run the shards.
    #[arg(long, hide = true, requires = "plan")]
    plan_json: bool,
}

impl ShardOptions {
    /// Returns whether the job is divided or can be resumed.
    pub(crate) fn are_used(&self) -> bool {
        self.shard.is_some() || self.state.is_some()
    }

    /// Returns the length of the shards to plan.
    pub(crate) fn plan(&self) -> Option<Duration> {
        self.plan
    }

    /// Returns the format of the plan.
    pub(crate) fn plan_format(&self, format: Format) -> Format {
        if self.plan_json { Format::Json } else { format }
    }

    /// Returns the state file.
    pub(crate) fn state(&self) -> Option<&Path> {
        self.state.as_deref()
    }

    /// Returns the part of the job that was requested.
    pub(crate) fn range(&self, units: u64) -> Range<u64> {
        match self.shard {
            Some(Shard { index, of }) => shard(units, index, of),
            None => 0..units,
        }
    }

    /// Returns the state to resume from, with the lock of its file, or an empty one.
    ///
    /// `growing` allows that the job has more units than the one in the file.
    pub(crate) fn open<R: Results>(&self, job: Job, growing: bool) -> Result<(Option<Lock>, State<R>)> {
        let Some(file) = &self.state else { return Ok((None, State::new(job))) };
        let lock = lock_state(file)?;
        if !file.exists() {
            let state = State::new(job);
            // A state that cannot be written is an error now, not after the first part of the work.
            state.write(file)?;
            return Ok((Some(lock), state));
        }
        let sealed = Sealed::read(file)?;
        let checked = if growing { job.check_but_units(&sealed.job) } else { job.check(&sealed.job) };
        let why = || format!("{}; give another --state, or delete this one", file.shown());
        checked.with_context(why)?;
        let mut state: State<R> = sealed.open()?;
        state.job = job;
        Ok((Some(lock), state))
    }

    /// Writes the state, if there is a file for it.
    pub(crate) fn save<R: Results>(&self, state: &State<R>) -> Result<()> {
        self.state.as_ref().map_or(Ok(()), |file| Ok(state.write(file)?))
    }
}

/// Locks a state file: two runs would overwrite each other's results.
pub(crate) fn lock_state(file: &Path) -> Result<Lock> {
    let path = lock::beside(file).with_context(|| file.shown().to_string())?;
    let lock = Lock::try_take(&path).with_context(|| format!("cannot lock {}", path.shown()))?;
    lock.with_context(|| {
        format!("{} is in use by another run; give each run its own --state and merge them", file.shown())
    })
}

/// Returns a job. `input` is what determines its results: the input, and the options that matter.
pub(crate) fn job(verb: &str, units: u64, unit: &str, input: &[Vec<u8>]) -> Job {
    let parts =
        input.iter().flat_map(|part| (part.len() as u64).to_le_bytes().into_iter().chain(part.clone()));
    Job {
        verb: verb.to_owned(),
        compiler: COMPILER.to_owned(),
        input: format!("{:016x}", fnv1a(parts)),
        units,
        unit: unit.to_owned(),
    }
}

/// Returns a flag that the first Ctrl-C sets. A second one ends the process at once.
pub(crate) fn stopped_by_interrupt() -> Result<Arc<AtomicBool>> {
    let stopped = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    {
        use signal_hook::{consts::SIGINT, flag};
        flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&stopped))?;
        flag::register(SIGINT, Arc::clone(&stopped))?;
    }
    Ok(stopped)
}

/// Reads the states of several shards and adds them up. Unless `partial`, a gap is an error.
pub(crate) fn merged<R: Results>(files: Vec<Sealed>, partial: bool) -> Result<State<R>> {
    let mut files = files.into_iter();
    let mut sum: State<R> = files.next().context("no state file was given")?.open()?;
    for file in files {
        let name = file.file().shown().to_string();
        sum.job.check(&file.job).with_context(|| name.clone())?;
        sum.merge(file.open()?).with_context(|| name)?;
    }
    let missing = sum.missing(&(0..sum.job.units));
    if sum.parts.is_empty() {
        bail!(
            "nothing is done yet: {} of a job of {} {}s are missing",
            sum.job.units,
            sum.job.units,
            sum.job.unit
        );
    }
    if !partial && !missing.is_empty() {
        bail!(
            "the states do not make up the whole job: {}; merge the states of all shards, or give --partial",
            missing.join("; ")
        );
    }
    Ok(sum)
}

/// Warns of what is missing, and returns the exit status for that.
pub(crate) fn status_with_missing(missing: &[String], found: Status) -> Status {
    for missing in missing {
        messages::warning(missing.shown());
    }
    if !missing.is_empty() && found != Status::Divergence { Status::Usage } else { found }
}
