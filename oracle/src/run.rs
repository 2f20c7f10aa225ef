//! Comparing many cases with one interpreter.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};
use std::time::{Duration, Instant};
use std::{fmt, panic, thread};

use sre_case::wire::InterpreterInfo;
use sre_case::{self, Case, Cost};
use sre_compiler::Dialect;

use crate::comparator::Comparator;
use crate::embedded::Embedded;
use crate::pythons::Python;
use crate::stats::Stats;
use crate::worker::BATCH;

/// The interpreter to compare with.
#[derive(Clone, Debug)]
pub enum Reference {
    /// The interpreter that the build links. It is one job; others ask the same Python as child
    /// processes, if its executable is found.
    Embedded,
    /// Another, as a child process per job.
    Python(Python),
    /// An interpreter that is compared with another one instead of sre-compiler.
    Pair(Box<PythonPair>),
}

/// Two interpreters.
#[derive(Clone, Debug)]
pub struct PythonPair {
    /// The one that is right.
    pub reference: Python,
    /// The one in the place of sre-compiler.
    pub tested: Python,
}

impl Reference {
    /// Returns the version and build of the interpreter.
    ///
    /// # Errors
    /// If the embedded interpreter does not start.
    pub fn info(&self) -> Result<InterpreterInfo, CannotCompare> {
        match self {
            Reference::Embedded => Ok(embedded()?.info().clone()),
            Reference::Python(python) => Ok(python.info.clone()),
            Reference::Pair(pair) => Ok(pair.reference.info.clone()),
        }
    }

    /// Returns the argument of `--pythons` for it.
    pub fn argument(&self) -> &str {
        match self {
            Reference::Embedded => "embedded",
            Reference::Python(python) => &python.argument,
            Reference::Pair(pair) => &pair.reference.argument,
        }
    }

    /// Returns the interpreter, to be compared with another one instead of sre-compiler.
    ///
    /// # Errors
    /// If it is the embedded one, whose executable cannot be found.
    pub fn against(self, tested: Python) -> Result<Reference, CannotCompare> {
        Ok(Reference::Pair(Box::new(PythonPair { reference: self.python()?, tested })))
    }

    /// Returns the interpreter as an executable.
    ///
    /// # Errors
    /// If it is the embedded one, whose executable cannot be found.
    pub fn python(self) -> Result<Python, CannotCompare> {
        match self {
            Reference::Python(python) => Ok(python),
            Reference::Pair(pair) => Ok(pair.reference),
            Reference::Embedded => embedded()?.matching_executable().ok_or_else(|| {
                CannotCompare(
                    "the executable of the embedded interpreter was not found; name another".to_owned(),
                )
            }),
        }
    }

    /// Returns the executable of the interpreter, if it is compared with sre-compiler and has one.
    pub fn executable(&self) -> Option<Python> {
        match self {
            Reference::Embedded => embedded().ok()?.matching_executable(),
            Reference::Python(python) => Some(python.clone()),
            Reference::Pair(_) => None,
        }
    }

    /// Returns the interpreter for a job; `None` if the embedded one has no matching executable.
    fn for_job(&self, job: usize) -> Result<Option<Reference>, CannotCompare> {
        match self {
            Reference::Embedded if job > 0 => Ok(embedded()?.matching_executable().map(Reference::Python)),
            _ => Ok(Some(self.clone())),
        }
    }
}

/// Starts the embedded interpreter.
pub(crate) fn embedded() -> Result<Embedded, CannotCompare> {
    Embedded::new()
        .map_err(|error| CannotCompare(format!("the embedded interpreter does not start: {error}")))
}

/// How to compare.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Number of parallel jobs.
    pub jobs: usize,
    /// Whether to also compare the tree dump, the disassembly, and whether `_sre` accepts the code.
    pub debug: bool,
    /// Time limit of an interpreter for one case.
    pub time_limit: Duration,
    /// The dialect of sre-compiler, if not that of the interpreter: to see differences between
    /// versions, or for an interpreter that has none.
    pub dialect: Option<Dialect>,
}

/// Why a comparison could not be made.
#[derive(Clone, Debug)]
pub struct CannotCompare(pub String);

impl fmt::Display for CannotCompare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CannotCompare {}

/// Compares all cases. `progress` is called from any job with the number of cases done since its
/// last call.
///
/// # Errors
/// If an interpreter does not start, or has no dialect and the options name none.
pub fn compare_all(
    reference: &Reference,
    options: Options,
    cases: impl Iterator<Item = Case> + Send,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Stats, CannotCompare> {
    let start = Instant::now();
    let batches = cases.size_hint().1.map_or(usize::MAX, |most| most.div_ceil(BATCH));
    let jobs = options.jobs.min(batches).max(1);
    // Starts the embedded interpreter, which should not be part of the measured time.
    reference.info()?;
    let begun = sre_case::processor_time();
    let cases = Mutex::new(cases);
    let failed = AtomicBool::new(false);
    // Reports name the requested interpreter, although jobs may run a matching executable.
    let argument = reference.argument();
    let run_job = |job| {
        let compare = || {
            let Some(reference) = reference.for_job(job)? else { return Ok(None) };
            let mut comparator = Comparator::start(&reference, options)?;
            comparator.set_argument(argument);
            let mut stats = Stats::new(comparator.info().label(), comparator.dialect());
            stats.interpreter = Some(argument.to_owned());
            while !failed.load(Ordering::Relaxed) {
                let batch: Vec<Case> = match cases.lock() {
                    Ok(mut cases) => cases.by_ref().take(BATCH).collect(),
                    Err(_) => return Err(CannotCompare("a source of cases panicked".to_owned())),
                };
                if batch.is_empty() {
                    break;
                }
                comparator.compare(&batch, |case, rust, verdict| stats.count(case, rust, verdict));
                progress(batch.len());
            }
            stats.replaced = comparator.replaced();
            stats.cost = comparator.cost();
            Ok(Some(stats))
        };
        let result = compare();
        failed.fetch_or(result.is_err(), Ordering::Relaxed);
        result
    };
    let results: Vec<_> = thread::scope(|scope| {
        let run_job = &run_job;
        let jobs: Vec<_> = (0..jobs).map(|job| scope.spawn(move || run_job(job))).collect();
        let crashed = || Err(CannotCompare("a job panicked".to_owned()));
        jobs.into_iter().map(|job| job.join().unwrap_or_else(|_| crashed())).collect()
    });
    let mut sum: Option<Stats> = None;
    for stats in results {
        match (&mut sum, stats?) {
            (Some(sum), Some(stats)) => sum.add(stats),
            (none @ None, stats) => *none = stats,
            (Some(_), None) => {}
        }
    }
    let mut sum = sum.ok_or_else(|| CannotCompare("no job".to_owned()))?;
    sum.elapsed = start.elapsed();
    match begun.zip(sre_case::processor_time()) {
        Some((begun, ended)) => sum.cost.everything += ended.saturating_sub(begun),
        None => sum.cost = Cost::default(),
    }
    Ok(sum)
}

/// Compares with several interpreters and returns the statistics in their order.
///
/// With many cases one interpreter is asked after the other, each with all jobs, so that none waits
/// for a slower one. With so few that starting takes longer than comparing, all are asked at once.
///
/// # Errors
/// Those of `compare`.
pub fn compare_each<E: Send>(
    references: &[Reference],
    cases: usize,
    compare: impl Fn(&Reference) -> Result<Stats, E> + Sync,
) -> Result<Vec<Stats>, E> {
    if cases > BATCH {
        return references.iter().map(compare).collect();
    }
    thread::scope(|scope| {
        let compare = &compare;
        let asked: Vec<_> =
            references.iter().map(|reference| scope.spawn(move || compare(reference))).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload))
        };
        let all_stats: Result<Vec<Stats>, E> = asked.into_iter().map(join).collect();
        // The processor time of this process cannot be divided among them.
        all_stats.map(|all_stats| {
            all_stats.into_iter().map(|stats| Stats { cost: Cost::default(), ..stats }).collect()
        })
    })
}
