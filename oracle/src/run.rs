//! Many cases against one interpreter.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sre_compiler::Dialect;

use crate::case::Case;
use crate::divergence::{Divergence, Verdict, judge};
use crate::known::Known;
use crate::ours::Ours;
use crate::outcome::{Oracle, Outcome};
use crate::pythons::Python;
use crate::wire::Hello;
use crate::worker::Worker;

/// What is compared with.
#[derive(Clone, Debug)]
pub enum Reference {
    /// The interpreter that the build links. Cases go through it one at a time, whatever the number of jobs.
    #[cfg(feature = "embedded")]
    Embedded,
    /// Another, as a child process per job.
    Python(Python),
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
}

/// What came out.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The version of the interpreter.
    pub python: String,
    /// What our compiler was asked to be.
    pub dialect: Dialect,
    /// How many cases were compared.
    pub compared: u64,
    /// Of these, how many both accept, with the same outcome.
    pub accepted: u64,
    /// How many both refuse, with the same outcome.
    pub rejected: u64,
    /// The known divergences, with the shortest case of each.
    pub known: BTreeMap<Known, (u64, Case)>,
    /// The others, by signature, with the one of the shortest case.
    pub unknown: BTreeMap<String, (u64, Box<Divergence>)>,
    /// The cases that the interpreter gave no outcome for, with what happened instead.
    pub lost: Vec<(Case, String)>,
    /// How often the interpreter's process had to be replaced.
    pub replaced: usize,
    /// How long it took.
    pub elapsed: Duration,
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
        let result = Job::start(reference, options).and_then(|mut job| {
            while !failed.load(Ordering::Relaxed) {
                let batch: Vec<Case> = match cases.lock() {
                    Ok(mut cases) => cases.by_ref().take(BATCH).collect(),
                    Err(_) => return Err(CannotCompare("a source of cases panicked".to_owned())),
                };
                if batch.is_empty() {
                    break;
                }
                job.compare(&batch);
                progress(batch.len());
            }
            Ok(job.end())
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

enum Theirs {
    #[cfg(feature = "embedded")]
    Embedded(crate::embedded::Embedded),
    Worker(Worker),
}

impl Theirs {
    fn oracle(&mut self) -> &mut dyn Oracle {
        match self {
            #[cfg(feature = "embedded")]
            Theirs::Embedded(embedded) => embedded,
            Theirs::Worker(worker) => worker,
        }
    }

    fn replaced(&self) -> usize {
        match self {
            #[cfg(feature = "embedded")]
            Theirs::Embedded(_) => 0,
            Theirs::Worker(worker) => worker.replaced(),
        }
    }
}

struct Job {
    ours: Ours,
    theirs: Theirs,
    hello: Hello,
    dialect: Dialect,
    debug: bool,
    tally: Tally,
}

impl Job {
    fn start(reference: &Reference, options: Options) -> Result<Job, CannotCompare> {
        let (mut theirs, hello) = match reference {
            #[cfg(feature = "embedded")]
            Reference::Embedded => {
                let embedded = crate::embedded::Embedded::new().map_err(|error| {
                    CannotCompare(format!("the embedded interpreter does not start: {error}"))
                })?;
                let hello = embedded.hello().clone();
                (Theirs::Embedded(embedded), hello)
            }
            Reference::Python(python) => {
                let mut worker = Worker::start(&python.path).map_err(CannotCompare)?;
                worker.set_time_limit(options.time_limit);
                let hello = worker.hello().clone();
                (Theirs::Worker(worker), hello)
            }
        };
        theirs.oracle().set_debug(options.debug);
        let label = hello.label();
        let dialect = hello.dialect().map_err(|why| CannotCompare(format!("Python {label}: {why}")))?;
        let mut ours = Ours::new(dialect);
        ours.set_debug(options.debug);
        let tally = Tally::new(label, dialect);
        Ok(Job { ours, theirs, hello, dialect, debug: options.debug, tally })
    }

    fn compare(&mut self, cases: &[Case]) {
        let theirs = self.theirs.oracle().outcomes(cases);
        for (case, theirs) in cases.iter().zip(&theirs) {
            let ours = self.our_outcome(case);
            let verdict = judge(case, &self.hello, self.dialect, &ours, theirs);
            self.tally.count(case, &ours, verdict);
        }
    }

    /// Our outcome; a panic is one, too, and ends nothing.
    fn our_outcome(&mut self, case: &Case) -> Outcome {
        panic::catch_unwind(AssertUnwindSafe(|| self.ours.outcome(case))).unwrap_or_else(|payload| {
            self.ours = Ours::new(self.dialect);
            self.ours.set_debug(self.debug);
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("of unknown kind");
            Outcome::Lost { why: format!("panic: {text}") }
        })
    }

    fn end(mut self) -> Tally {
        self.tally.replaced = self.theirs.replaced();
        self.tally
    }
}

impl Tally {
    fn new(python: String, dialect: Dialect) -> Tally {
        Tally {
            python,
            dialect,
            compared: 0,
            accepted: 0,
            rejected: 0,
            known: BTreeMap::new(),
            unknown: BTreeMap::new(),
            lost: Vec::new(),
            replaced: 0,
            elapsed: Duration::ZERO,
        }
    }

    /// Cases per second.
    pub fn rate(&self) -> f64 {
        self.compared as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// How many known divergences.
    pub fn known_count(&self) -> u64 {
        self.known.values().map(|(count, _)| count).sum()
    }

    /// How many unknown divergences.
    pub fn unknown_count(&self) -> u64 {
        self.unknown.values().map(|(count, _)| count).sum()
    }

    fn count(&mut self, case: &Case, ours: &Outcome, verdict: Verdict) {
        self.compared += 1;
        match verdict {
            Verdict::Same if ours.accepted().is_some() => self.accepted += 1,
            Verdict::Same => self.rejected += 1,
            Verdict::Lost { why } => self.lost.push((case.clone(), why)),
            Verdict::Known(known) => self.add_known(known, 1, case.clone()),
            Verdict::Different(divergence) => self.add_unknown(1, divergence),
        }
    }

    fn add_known(&mut self, known: Known, times: u64, case: Case) {
        let (count, shortest) = self.known.entry(known).or_insert_with(|| (0, case.clone()));
        *count += times;
        if case.len() < shortest.len() {
            *shortest = case;
        }
    }

    fn add_unknown(&mut self, times: u64, divergence: Box<Divergence>) {
        let signature = divergence.signature.clone();
        let (count, shortest) = self.unknown.entry(signature).or_insert_with(|| (0, divergence.clone()));
        *count += times;
        if divergence.case.len() < shortest.case.len() {
            *shortest = divergence;
        }
    }

    fn add(&mut self, other: Tally) {
        self.compared += other.compared;
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.replaced += other.replaced;
        self.lost.extend(other.lost);
        for (known, (count, case)) in other.known {
            self.add_known(known, count, case);
        }
        for (count, divergence) in other.unknown.into_values() {
            self.add_unknown(count, divergence);
        }
    }
}
