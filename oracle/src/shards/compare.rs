//! Comparing numbered cases, part by part.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sre_case::Case;

use super::numbers::Numbers;
use super::state::{BadState, Results, State};
use crate::run::{CannotCompare, Options, Reference, compare_all};
use crate::stats::Stats;

/// Returns the cases of a range of numbers, in order.
pub type Source<'s> = dyn FnMut(Range<u64>) -> Vec<Case> + 's;

/// Number of cases before the first write of the state.
const FIRST: u64 = 1 << 12;

/// Most cases between two writes, which are in memory together.
const MOST: u64 = 1 << 17;

/// Time between two writes of the state: long enough for the start of the interpreter to be
/// negligible, and at most what is lost when a run is killed.
pub(crate) const INTERVAL: Duration = Duration::from_secs(5);

impl Results for Stats {
    fn add(&mut self, other: Stats) {
        Stats::add(self, other);
    }
}

/// How to compare the cases of a job with an interpreter.
#[expect(missing_debug_implementations, reason = "closures")]
pub struct Comparison<'c> {
    /// The interpreter.
    pub reference: &'c Reference,
    /// The options.
    pub options: Options,
    /// When it becomes true, the cases that are being compared are finished.
    pub stopped: &'c AtomicBool,
    /// Called with the number of cases done since its last call.
    pub progress: &'c (dyn Fn(usize) + Sync),
}

/// Compares the cases of a range that are not yet done. `saved` is called with the state each time
/// it has grown.
///
/// # Errors
/// If the interpreter does not start, or `saved` fails.
pub fn compare_part<E: From<CannotCompare> + From<BadState>>(
    comparison: &Comparison<'_>,
    range: Range<u64>,
    source: &mut Source<'_>,
    state: &mut State<Stats>,
    at: usize,
    mut saved: impl FnMut(&State<Stats>) -> Result<(), E>,
) -> Result<(), E> {
    let &Comparison { reference, options, stopped, progress } = comparison;
    let mut size = FIRST;
    for gap in state.parts[at].done.missing(range) {
        let mut start = gap.start;
        while start < gap.end && !stopped.load(Ordering::Relaxed) {
            let end = gap.end.min(start + size);
            let began = Instant::now();
            let next = AtomicU64::new(start);
            let cases = source(start..end).into_iter();
            let cases = cases.take_while(|_| !stopped.load(Ordering::Relaxed)).inspect(|_| {
                next.fetch_add(1, Ordering::Relaxed);
            });
            let stats = compare_all(reference, options, cases, progress)?;
            let mut done = Numbers::default();
            let _ = done.add(start..next.into_inner());
            state.parts[at].add(&done, stats)?;
            saved(state)?;
            let rate = size as f64 / began.elapsed().as_secs_f64().max(1e-6);
            size = ((rate * INTERVAL.as_secs_f64()) as u64).clamp(size / 4, size * 4).clamp(1, MOST);
            start = end;
        }
    }
    Ok(())
}

/// Number of places of a job at which its speed is measured.
const PLACES: u64 = 16;

/// Returns the time that a case takes, in the mean over the whole job, by comparing some of it.
///
/// # Errors
/// If the interpreter does not start.
pub fn measure(
    reference: &Reference,
    options: Options,
    units: u64,
    source: &mut Source<'_>,
    at_least: Duration,
) -> Result<Duration, CannotCompare> {
    measure_with(units, at_least, |ranges| {
        let cases: Vec<Case> = ranges.iter().flat_map(|range| source(range.clone())).collect();
        compare_all(reference, options, cases.into_iter(), &|_| ())?;
        Ok(())
    })
}

/// Returns the time that a unit takes, in the mean over the whole job. `run` does some of it.
///
/// # Errors
/// Those of `run`.
pub(crate) fn measure_with(
    units: u64,
    at_least: Duration,
    mut run: impl FnMut(&[Range<u64>]) -> Result<(), CannotCompare>,
) -> Result<Duration, CannotCompare> {
    let mut size = 64;
    // The shortest run so far. Each starts the interpreters anew, which the difference of two does not contain.
    let mut shortest: Option<(Duration, u64)> = None;
    loop {
        let step = (units / PLACES).max(1);
        let starts = (0..units).step_by(usize::try_from(step).unwrap_or(usize::MAX));
        let ranges: Vec<_> = starts.map(|start| start..units.min(start + size.min(step))).collect();
        let began = Instant::now();
        run(&ranges)?;
        let took = began.elapsed();
        let count: u64 = ranges.iter().map(|range| range.end - range.start).sum();
        let (less, fewer) = shortest.unwrap_or_default();
        let more = took.saturating_sub(less);
        if size >= step || shortest.is_some() && more >= at_least {
            return Ok(more / u32::try_from(count.saturating_sub(fewer).max(1)).unwrap_or(u32::MAX));
        }
        // The last run should be just long enough.
        let growth = if shortest.is_some() { 1.1 * at_least.as_secs_f64() / more.as_secs_f64() } else { 4.0 };
        size = (size as f64 * growth.clamp(1.25, 16.0)) as u64;
        if shortest.is_none_or(|(shortest, _)| took < shortest) {
            shortest = Some((took, count));
        }
    }
}
