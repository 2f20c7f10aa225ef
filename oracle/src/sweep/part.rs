//! Comparing the cases of a sweep, part by part.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::sweeper::Sweeper;
use crate::comparator::Comparator;
use crate::pythons::Python;
use crate::run::CannotCompare;
use crate::shards::{BadState, Comparison, INTERVAL, Numbers, State, measure_with};
use crate::stats::Stats;

/// Number of cases before the first write of the state.
const FIRST: u64 = 1 << 13;

/// Number of cases that a job takes at a time: those of some sequences and all their last tokens.
const BLOCK: u64 = 24 * 26 * 6;

/// Compares the cases of a sweep that are in a range and not yet done, and infers answers of the
/// interpreter from those to shorter patterns and other flags. `saved` is called with the state each
/// time it has grown.
///
/// # Errors
/// If the interpreter does not start, or `saved` fails.
pub fn compare_part<E: From<CannotCompare> + From<BadState>>(
    comparison: &Comparison<'_>,
    python: &Python,
    range: Range<u64>,
    state: &mut State<Stats>,
    at: usize,
    mut saved: impl FnMut(&State<Stats>) -> Result<(), E>,
) -> Result<(), E> {
    let mut sweepers = Vec::new();
    let mut size = FIRST;
    for gap in state.parts[at].done.missing(range) {
        let mut start = gap.start;
        while start < gap.end && !comparison.stopped.load(Ordering::Relaxed) {
            if sweepers.is_empty() {
                sweepers = start_all(python, comparison)?;
            }
            let began = Instant::now();
            let (end, stats) = compare(&mut sweepers, start..gap.end.min(start + size), comparison)?;
            let mut done = Numbers::default();
            let _ = done.add(start..end);
            state.parts[at].add(&done, stats)?;
            saved(state)?;
            let rate = (end - start) as f64 / began.elapsed().as_secs_f64().max(1e-6);
            size = ((rate * INTERVAL.as_secs_f64()) as u64).clamp(size / 4, size * 4).max(BLOCK);
            start = end;
        }
    }
    Ok(())
}

/// Returns the time that a case of a sweep takes, in the mean over the whole job, by comparing some
/// of it.
///
/// # Errors
/// If the interpreter does not start.
pub fn measure(
    comparison: &Comparison<'_>,
    python: &Python,
    units: u64,
    at_least: Duration,
) -> Result<Duration, CannotCompare> {
    let mut sweepers = start_all(python, comparison)?;
    measure_with(units, at_least, |ranges| {
        ranges.iter().try_for_each(|range| compare(&mut sweepers, range.clone(), comparison).map(drop))
    })
}

fn start_all(python: &Python, comparison: &Comparison<'_>) -> Result<Vec<Sweeper>, CannotCompare> {
    let start = |_| {
        let mut comparator = Comparator::start_watched(python, comparison.options)?;
        comparator.set_argument(comparison.reference.argument());
        Ok(Sweeper::new(comparator))
    };
    (0..comparison.options.jobs.max(1)).map(start).collect()
}

/// Compares the cases of a range, or its beginning if the comparison is stopped. Returns the end.
fn compare(
    sweepers: &mut [Sweeper],
    range: Range<u64>,
    comparison: &Comparison<'_>,
) -> Result<(u64, Stats), CannotCompare> {
    let start = Instant::now();
    let begun = sre_case::processor_time();
    let next = AtomicU64::new(range.start);
    let run_job = |sweeper: &mut Sweeper| {
        let mut stats = sweeper.empty_stats();
        while !comparison.stopped.load(Ordering::Relaxed) {
            let first = next.fetch_add(BLOCK, Ordering::Relaxed);
            if first >= range.end {
                break;
            }
            let block = first..range.end.min(first + BLOCK);
            sweeper.compare(block.clone(), &mut stats);
            (comparison.progress)((block.end - block.start) as usize);
        }
        (stats.cost, stats.replaced) = sweeper.take_cost();
        stats
    };
    let results: Vec<_> = thread::scope(|scope| {
        let run_job = &run_job;
        let jobs: Vec<_> = sweepers.iter_mut().map(|sweeper| scope.spawn(move || run_job(sweeper))).collect();
        jobs.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut sum: Option<Stats> = None;
    for stats in results {
        let stats = stats.map_err(|_| CannotCompare("a job panicked".to_owned()))?;
        match &mut sum {
            Some(sum) => sum.add(stats),
            None => sum = Some(stats),
        }
    }
    let mut sum = sum.ok_or_else(|| CannotCompare("no job".to_owned()))?;
    sum.interpreter = Some(comparison.reference.argument().to_owned());
    sum.elapsed = start.elapsed();
    if let Some((begun, ended)) = begun.zip(sre_case::processor_time()) {
        sum.cost.everything += ended.saturating_sub(begun);
    }
    Ok((next.into_inner().min(range.end), sum))
}
