//! Running the searches. Programs are built one after the other while searches run.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Result, anyhow};

use super::Plan;
use super::bugs::Bug;
use super::build_dir::{BuildDir, COMMAND};
use super::reference::Reference;
use super::results::{Results, Row, SOUND};
use super::trial::{Side, search};
use crate::shell::target;

/// The searches, and what they need.
pub(super) struct Searches<'a> {
    plan: &'a Plan,
    build_dir: &'a BuildDir<'a>,
    reference: Option<&'a Reference>,
    results: Mutex<Results>,
}

/// One search.
struct Task {
    bug: String,
    side: Side,
    seed: u32,
    /// A fuzz target, or `sre`.
    program: PathBuf,
    /// `sre` without a bug, to compare with.
    sound: Option<PathBuf>,
}

impl<'a> Searches<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        build_dir: &'a BuildDir<'a>,
        reference: Option<&'a Reference>,
        results: Results,
    ) -> Searches<'a> {
        Searches { plan, build_dir, reference, results: Mutex::new(results) }
    }

    /// Runs all searches without a result.
    pub(super) fn run(self) -> Result<Results> {
        let (sender, tasks) = mpsc::channel();
        let tasks = Mutex::new(tasks);
        thread::scope(|scope| {
            let (this, tasks) = (&self, &tasks);
            let jobs: Vec<_> =
                (0..self.plan.jobs).map(|job| scope.spawn(move || this.search(job, tasks))).collect();
            let built = self.build(sender);
            let panicked = |_| Err(anyhow!("a thread panicked"));
            jobs.into_iter().try_for_each(|job| job.join().unwrap_or_else(panicked)).and(built)
        })?;
        Ok(self.results.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Builds the programs. Those without a bug come last, since their searches use all their time.
    fn build(&self, tasks: Sender<Task>) -> Result<()> {
        let all = &self.plan.bugs;
        let mut targets: Vec<&str> = all.iter().map(|bug| bug.target.as_str()).collect();
        targets.sort_unstable();
        targets.dedup();
        let bugs = all.iter().map(|bug| (bug.name.clone(), bug.target.as_str(), Some(bug)));
        let sound = targets.into_iter().map(|target| (format!("{SOUND}{target}"), target, None));
        for (at, (bug, target, injected)) in bugs.chain(sound).enumerate() {
            let mut built = false;
            for (side, seed) in self.open(&bug, target, injected) {
                let (program, sound) = self.programs(side, target, injected)?;
                if tasks.send(Task { bug: bug.clone(), side, seed, program, sound }).is_err() {
                    return Ok(()); // the searches have failed, and say why
                }
                built = true;
            }
            if built {
                println!("[{}/{}] {bug} is built", at + 1, all.len());
            }
        }
        Ok(())
    }

    /// Returns the searches to make for a bug. Comparing answers only finds divergences, so that the
    /// side `reference-bytes` is skipped for other targets.
    fn open(&self, bug: &str, target: &str, injected: Option<&Bug>) -> Vec<(Side, u32)> {
        let plan = self.plan;
        let all = (1..=plan.seeds).flat_map(|seed| plan.sides.iter().map(move |&side| (side, seed)));
        let results = locked(&self.results);
        let is_open = |&(side, seed): &(Side, u32)| {
            (side != Side::ReferenceBytes || (injected.is_some() && target == "differential"))
                && !results.has(bug, side, seed, plan.seconds)
        };
        all.filter(is_open).collect()
    }

    fn programs(
        &self,
        side: Side,
        target: &str,
        injected: Option<&Bug>,
    ) -> Result<(PathBuf, Option<PathBuf>)> {
        Ok(match side {
            Side::ReferenceBytes => {
                (self.build_dir.program(COMMAND, injected)?, Some(self.build_dir.program(COMMAND, None)?))
            }
            _ => (self.build_dir.program(target, injected)?, None),
        })
    }

    fn search(&self, job: usize, tasks: &Mutex<Receiver<Task>>) -> Result<()> {
        let folder = target().join("bug-bench/work").join(job.to_string());
        let next = || locked(tasks).recv().ok();
        while let Some(Task { bug, side, seed, program, sound }) = next() {
            let seconds = self.plan.seconds;
            let result = match (&sound, self.reference) {
                (Some(sound), Some(reference)) => reference.search(&program, sound, seed, seconds)?,
                _ => search(&program, side, seed, seconds, &folder)?,
            };
            let found = result.found.as_ref().map_or("not found", |found| &found.how);
            println!("{bug}, {}, seed {seed}: {found} in {:.1} s", side.name(), result.seconds);
            locked(&self.results).add(Row { bug, side, seed, result })?;
        }
        Ok(())
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
