//! All searches: what they need is built, bug after bug, while others go on.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Result, anyhow};

use super::Plan;
use super::plants::Plant;
use super::reference::Reference;
use super::results::{Results, Row, SOUND};
use super::trial::{Side, search};
use super::workshop::{COMMAND, Workshop};
use crate::shell::target;

/// What they work with.
pub(super) struct Searches<'a> {
    plan: &'a Plan,
    workshop: &'a Workshop<'a>,
    reference: Option<&'a Reference>,
    results: Mutex<Results>,
}

/// One of them.
struct Task {
    bug: String,
    side: Side,
    seed: u32,
    /// A fuzz target, or the command.
    program: PathBuf,
    /// The command without a bug, to compare with.
    sound: Option<PathBuf>,
}

impl<'a> Searches<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        workshop: &'a Workshop<'a>,
        reference: Option<&'a Reference>,
        results: Results,
    ) -> Searches<'a> {
        Searches { plan, workshop, reference, results: Mutex::new(results) }
    }

    /// Does all that are not done.
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

    /// Builds the programs. What is without a bug comes last, for it takes all the time that there is.
    fn build(&self, tasks: Sender<Task>) -> Result<()> {
        let plants = &self.plan.plants;
        let mut targets: Vec<&str> = plants.iter().map(|plant| plant.target.as_str()).collect();
        targets.sort_unstable();
        targets.dedup();
        let bugs = plants.iter().map(|plant| (plant.name.clone(), plant.target.as_str(), Some(plant)));
        let sound = targets.into_iter().map(|target| (format!("{SOUND}{target}"), target, None));
        for (at, (bug, target, plant)) in bugs.chain(sound).enumerate() {
            let mut built = false;
            for (side, seed) in self.open(&bug, target, plant) {
                let (program, sound) = self.programs(side, target, plant)?;
                if tasks.send(Task { bug: bug.clone(), side, seed, program, sound }).is_err() {
                    return Ok(()); // the searches have failed, and say why
                }
                built = true;
            }
            if built {
                println!("[{}/{}] {bug} is built", at + 1, plants.len());
            }
        }
        Ok(())
    }

    /// What has to be searched still. Answers alone show divergences alone.
    fn open(&self, bug: &str, target: &str, plant: Option<&Plant>) -> Vec<(Side, u32)> {
        let plan = self.plan;
        let all = (1..=plan.seeds).flat_map(|seed| plan.sides.iter().map(move |&side| (side, seed)));
        let results = locked(&self.results);
        let is_open = |&(side, seed): &(Side, u32)| {
            (side != Side::ReferenceBytes || (plant.is_some() && target == "differential"))
                && !results.has(bug, side, seed, plan.seconds)
        };
        all.filter(is_open).collect()
    }

    fn programs(
        &self,
        side: Side,
        target: &str,
        plant: Option<&Plant>,
    ) -> Result<(PathBuf, Option<PathBuf>)> {
        Ok(match side {
            Side::ReferenceBytes => {
                (self.workshop.program(COMMAND, plant)?, Some(self.workshop.program(COMMAND, None)?))
            }
            _ => (self.workshop.program(target, plant)?, None),
        })
    }

    fn search(&self, job: usize, tasks: &Mutex<Receiver<Task>>) -> Result<()> {
        let folder = target().join("find/work").join(job.to_string());
        let next = || locked(tasks).recv().ok();
        while let Some(Task { bug, side, seed, program, sound }) = next() {
            let seconds = self.plan.seconds;
            let ended = match (&sound, self.reference) {
                (Some(sound), Some(reference)) => reference.search(&program, sound, seed, seconds)?,
                _ => search(&program, side, seed, seconds, &folder)?,
            };
            let found = ended.found.as_ref().map_or("not found", |found| &found.how);
            println!("{bug}, {}, seed {seed}: {found} in {:.1} s", side.name(), ended.seconds);
            locked(&self.results).add(Row { bug, side, seed, ended })?;
        }
        Ok(())
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
