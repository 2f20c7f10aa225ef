//! Many cases against one interpreter.

use std::fmt;
use std::panic;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sre_compiler::Dialect;

use crate::case::Case;
#[cfg(feature = "embedded")]
use crate::embedded::Embedded;
use crate::pair::Pair;
use crate::pythons::Python;
use crate::tally::Tally;
use crate::wire::Hello;

/// What is compared with.
#[derive(Clone, Debug)]
pub enum Reference {
    /// The interpreter that the build links. Cases go through it one at a time, whatever the number of jobs.
    #[cfg(feature = "embedded")]
    Embedded,
    /// Another, as a child process per job.
    Python(Python),
}

impl Reference {
    /// Which Python it is.
    ///
    /// # Errors
    /// If the embedded interpreter does not start.
    pub fn hello(&self) -> Result<Hello, CannotCompare> {
        match self {
            #[cfg(feature = "embedded")]
            Reference::Embedded => Ok(embedded()?.hello().clone()),
            Reference::Python(python) => Ok(python.hello.clone()),
        }
    }
}

/// Starts the embedded interpreter.
#[cfg(feature = "embedded")]
pub(crate) fn embedded() -> Result<Embedded, CannotCompare> {
    Embedded::new()
        .map_err(|error| CannotCompare(format!("the embedded interpreter does not start: {error}")))
}

/// How to compare.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many cases are compared at a time.
    pub jobs: usize,
    /// Compare the tree dump, the disassembly and whether `_sre` takes the code, too.
    pub debug: bool,
    /// How long an interpreter may take for one case.
    pub time_limit: Duration,
    /// What our compiler is asked to be, if not what the interpreter is: to see what differs between versions.
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

/// How many cases are taken at a time: enough that the pipes' cost per case is small, few enough that jobs end
/// together.
const BATCH: usize = 64;

/// Compares all cases. `progress` is told, from any job, how many were done since it was told before.
///
/// # Errors
/// If an interpreter does not start, or has no dialect.
pub fn compare_all(
    reference: &Reference,
    options: Options,
    cases: impl Iterator<Item = Case> + Send,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Tally, CannotCompare> {
    let start = Instant::now();
    let jobs = match reference {
        #[cfg(feature = "embedded")]
        Reference::Embedded => 1,
        Reference::Python(_) => options.jobs.max(1),
    };
    let cases = Mutex::new(cases);
    let failed = AtomicBool::new(false);
    let run_job = || {
        let result = Pair::start(reference, options).and_then(|mut pair| {
            let mut tally = Tally::new(pair.hello().label(), pair.dialect());
            while !failed.load(Ordering::Relaxed) {
                let batch: Vec<Case> = match cases.lock() {
                    Ok(mut cases) => cases.by_ref().take(BATCH).collect(),
                    Err(_) => return Err(CannotCompare("a source of cases panicked".to_owned())),
                };
                if batch.is_empty() {
                    break;
                }
                pair.compare(&batch, |case, ours, verdict| tally.count(case, ours, verdict));
                progress(batch.len());
            }
            tally.replaced = pair.replaced();
            Ok(tally)
        });
        failed.fetch_or(result.is_err(), Ordering::Relaxed);
        result
    };
    let results: Vec<_> = thread::scope(|scope| {
        let jobs: Vec<_> = (0..jobs).map(|_| scope.spawn(run_job)).collect();
        let crashed = || Err(CannotCompare("a job panicked".to_owned()));
        jobs.into_iter().map(|job| job.join().unwrap_or_else(|_| crashed())).collect()
    });
    let mut sum: Option<Tally> = None;
    for tally in results {
        match &mut sum {
            Some(sum) => sum.add(tally?),
            none => *none = Some(tally?),
        }
    }
    let mut sum = sum.ok_or_else(|| CannotCompare("no job".to_owned()))?;
    sum.elapsed = start.elapsed();
    Ok(sum)
}

/// Compares with several interpreters; the tallies are in their order.
///
/// With many cases one interpreter is asked after the other, each with all jobs, so that none waits for a slower
/// one. With so few that starting takes longer than comparing, all are asked at once.
///
/// # Errors
/// As `compare` gives them.
pub fn compare_each<E: Send>(
    references: &[Reference],
    cases: usize,
    compare: impl Fn(&Reference) -> Result<Tally, E> + Sync,
) -> Result<Vec<Tally>, E> {
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
        asked.into_iter().map(join).collect()
    })
}
