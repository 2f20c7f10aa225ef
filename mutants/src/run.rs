//! Trying mutants: most of them in one program, the rest one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use sre_case::corpus;
use sre_support::visible::Shown;

use crate::mutant::Mutant;
use crate::state::State;
use crate::tree::Tree;
use crate::trial::{Limits, Outcome, asked, trial};
use crate::{alone, program};

/// Interval at which outcomes are written.
const EVERY: Duration = Duration::from_secs(10);

/// The mutants, and the folders to work in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Work<'w> {
    /// The root of the workspace.
    pub root: &'w Path,
    /// The folder for copies and builds.
    pub folder: &'w Path,
    pub mutants: &'w [Mutant],
}

impl Work<'_> {
    /// Reads a file of the workspace.
    pub(crate) fn source(&self, file: &Path) -> Result<String> {
        fs::read_to_string(self.root.join(file)).with_context(|| file.shown().to_string())
    }

    /// Makes a copy of the workspace, without the files in `but`.
    pub(crate) fn tree(&self, name: &str, opt_level: &str, but: &BTreeSet<&Path>) -> Result<Tree> {
        Tree::copy(self.root, self.folder.join(name), self.folder.join("build"), opt_level, but)
    }

    pub(crate) fn corpus(&self) -> PathBuf {
        self.root.join("corpus")
    }
}

/// Tries the mutants with these indices, and stores their outcomes. `quick` skips those that need a
/// build of their own.
pub(crate) fn try_all(
    work: Work<'_>,
    wanted: &[usize],
    jobs: u16,
    quick: bool,
    state: &mut State,
) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let (program, placed) = program::build(work)?;
    let limits = Limits::measure(&program, &work.corpus())?;
    let (together, alone): (Vec<usize>, Vec<usize>) =
        wanted.iter().partition(|index| placed.contains(&number(**index)));
    let bar = bar(together.len(), "in one program");
    let trials =
        Trials { work, program: &program, limits, folders: ReachedFolders::survey(&program, work, limits)? };
    trials.run(&together, jobs, state, &bar)?;
    bar.finish_and_clear();
    if quick {
        return Ok(());
    }
    let bar = self::bar(alone.len(), "built one by one");
    alone::try_alone(work, limits, &alone, state, &bar)?;
    bar.finish_and_clear();
    Ok(())
}

/// Returns the number of a mutant in the schema, where 0 is none.
pub(crate) fn number(index: usize) -> u32 {
    index as u32 + 1
}

fn bar(length: usize, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg}: {wide_bar} {pos}/{len}, {eta} left");
    let bar = ProgressBar::new(length as u64).with_message(what);
    style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
}

/// The folders of the corpus, the smallest first, with the mutants whose places each reaches.
struct ReachedFolders(Vec<(PathBuf, BTreeSet<u32>)>);

impl ReachedFolders {
    fn survey(program: &Path, work: Work<'_>, limits: Limits) -> Result<ReachedFolders> {
        let corpus = work.corpus();
        let mut sizes: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for file in corpus::files(&corpus).context("the corpus")? {
            *sizes.entry(file.parent().unwrap_or(&corpus).to_owned()).or_default() += 1;
        }
        let mut sizes: Vec<_> = sizes.into_iter().collect();
        sizes.sort_by_key(|(_, size)| *size);
        let note = work.folder.join("asked.txt");
        let folders = sizes.into_iter().map(|(folder, _)| {
            let asked = asked(program, &folder, &note, limits)?;
            Ok((folder, asked))
        });
        folders.collect::<Result<_>>().map(ReachedFolders)
    }

    fn asking_for(&self, mutant: u32) -> Vec<&Path> {
        let asking = self.0.iter().filter(|(_, asked)| asked.contains(&mutant));
        asking.map(|(folder, _)| folder.as_path()).collect()
    }
}

/// Trials of mutants in the schema.
struct Trials<'w> {
    work: Work<'w>,
    program: &'w Path,
    limits: Limits,
    folders: ReachedFolders,
}

impl Trials<'_> {
    fn run(&self, wanted: &[usize], jobs: u16, state: &mut State, bar: &ProgressBar) -> Result<()> {
        let next = AtomicUsize::new(0);
        let outcomes = Mutex::new((state, Instant::now()));
        let work = || -> Result<()> {
            while let Some(&index) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                let outcome = self.trial(number(index))?;
                bar.inc(1);
                let mut outcomes = outcomes.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                outcomes.0.set(&self.work.mutants[index], outcome);
                if outcomes.1.elapsed() > EVERY {
                    outcomes.0.write()?;
                    outcomes.1 = Instant::now();
                }
            }
            Ok(())
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().unwrap_or_else(|_| bail!("a thread panicked")))
        })?;
        outcomes.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()).0.write()
    }

    fn trial(&self, mutant: u32) -> Result<Outcome> {
        match self.folders.asking_for(mutant) {
            folders if folders.is_empty() => Ok(Outcome::Missed),
            folders => trial(self.program, &folders, mutant, self.limits),
        }
    }
}
