//! Comparing many patterns, several at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sre_case::{Case, Text};
use sre_generate::{Subject, Subjects};
use sre_support::fnv::fnv1a;

use crate::difference::len;
use crate::matcher::Matcher;
use crate::plan::Plan;
use crate::runner::Limits;
use crate::stats::Stats;

/// How to compare.
#[derive(Clone, Debug)]
pub struct Options {
    /// Number of parallel jobs.
    pub jobs: usize,
    /// The time limits.
    pub limits: Limits,
    /// Number of subjects for a pattern.
    pub subjects: usize,
    /// Seed of the subjects.
    pub seed: u64,
    /// Subjects for each pattern, besides those that are made.
    pub fixed: Vec<Text>,
    /// Ends after this time.
    pub duration: Option<Duration>,
    /// Ends after the first difference.
    pub only_first: bool,
}

/// Number of patterns that a job takes at once.
const BATCH: usize = 16;

/// Compares all patterns. `progress` is called from any job with the number of patterns done since
/// its last call.
///
/// # Errors
/// If a program does not start, the reason.
pub fn run(
    plan: &Plan,
    options: &Options,
    cases: impl Iterator<Item = Case> + Send,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Stats, String> {
    let cases = Mutex::new(cases);
    let over = AtomicBool::new(false);
    let start = Instant::now();
    let run_job = || {
        let result = job(plan, options, &cases, &over, start, progress);
        if result.is_err() {
            over.store(true, Ordering::Relaxed);
        }
        result
    };
    let results: Vec<_> = thread::scope(|scope| {
        let jobs: Vec<_> = (0..options.jobs.max(1)).map(|_| scope.spawn(run_job)).collect();
        let crashed = || Err("a job panicked".to_owned());
        jobs.into_iter().map(|job| job.join().unwrap_or_else(|_| crashed())).collect()
    });
    let mut sum = Stats::default();
    for stats in results {
        sum.merge(stats?);
    }
    sum.elapsed = start.elapsed();
    Ok(sum)
}

fn job(
    plan: &Plan,
    options: &Options,
    cases: &Mutex<impl Iterator<Item = Case>>,
    over: &AtomicBool,
    start: Instant,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Stats, String> {
    let mut matcher = Matcher::start(plan, options.limits)?;
    let mut stats = Stats::default();
    let is_late = || options.duration.is_some_and(|duration| start.elapsed() >= duration);
    while !over.load(Ordering::Relaxed) && !is_late() {
        let batch: Vec<Case> = match cases.lock() {
            Ok(mut cases) => cases.by_ref().take(BATCH).collect(),
            Err(_) => return Err("a source of patterns panicked".to_owned()),
        };
        if batch.is_empty() {
            break;
        }
        let done = batch.len();
        let jobs: Vec<_> = batch
            .into_iter()
            .map(|case| {
                let subjects = subjects(plan, options, &case);
                matcher.job(case, subjects)
            })
            .collect();
        for compared in matcher.compare(&jobs) {
            stats.count(compared, plan.programs.len(), start.elapsed());
        }
        if options.only_first && !stats.is_clean() {
            over.store(true, Ordering::Relaxed);
        }
        progress(done);
    }
    stats.replaced = matcher.replaced() as u64;
    Ok(stats)
}

/// Returns the subjects of a pattern, which depend on the seed and the pattern only. A pattern that
/// sre-compiler refuses gets those that are given, and the empty one.
fn subjects(plan: &Plan, options: &Options, case: &Case) -> Vec<Subject> {
    let mut all: Vec<Subject> = options.fixed.iter().map(|text| whole(case, text)).collect();
    let seed = options.seed ^ fnv1a(case.encode());
    all.extend(Subjects::new(seed).make(case, plan.dialect, options.subjects));
    if all.is_empty() {
        all.push(whole(case, &Text::Str(Vec::new())));
    }
    all
}

/// Returns a subject of the kind of the pattern.
fn whole(case: &Case, text: &Text) -> Subject {
    let text = match (text, case.is_bytes()) {
        (Text::Str(text), true) => {
            // As UTF-8, as a program would encode it.
            let text: String = text.iter().filter_map(|&c| char::from_u32(c)).collect();
            Text::Bytes(text.into_bytes())
        }
        (Text::Bytes(bytes), false) => Text::Str(bytes.iter().map(|&byte| u32::from(byte)).collect()),
        (text, _) => text.clone(),
    };
    Subject { pos: 0, endpos: len(&text), text }
}
