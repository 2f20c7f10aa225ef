//! Times all engines in turns, over the same patterns.
//!
//! In a round, each engine compiles once every pattern that it and sre-compiler accept; sre-compiler compiles the same
//! patterns before and after it, so that other load on the machine affects both. A pass compiles each pattern once, so
//! that branch predictor and caches are as in a program that compiles many patterns.

use anyhow::{Result, ensure};
use serde::Serialize;
use sre_compiler::Dialect;

use crate::counted::Counts;
use crate::engines::Engine;
use crate::lengths::{Lengths, Timed, by_length};
use crate::stages::{StageTime, Staged};
use crate::{Sample, clock, engines};
use sre_report::statistics::{Spread, median, quantile, sorted};

/// The results of a comparison.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// Number of patterns.
    pub patterns: usize,
    /// Number of their characters.
    pub characters: usize,
    /// The dialect that sre-compiler compiles for.
    pub dialect: String,
    /// Number of rounds.
    pub rounds: usize,
    /// Nanoseconds that reading the clock takes, which are subtracted from the time of each pattern.
    pub clock: f64,
    /// The figures of each engine.
    pub engines: Vec<Figures>,
    /// The stages of sre-compiler.
    pub stages: Vec<StageTime>,
    /// CPython and sre-compiler by the length of the pattern, if CPython takes part.
    pub lengths: Vec<Lengths>,
    /// The patterns with the lowest ratio of CPython's time to that of sre-compiler.
    pub least: Vec<Close>,
}

/// The figures of an engine. Times are in nanoseconds.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Name of the engine.
    pub name: &'static str,
    /// Description of the engine, with its version.
    pub about: String,
    /// Number of patterns that it accepts.
    pub accepts: usize,
    /// Number of their characters.
    pub characters: usize,
    /// Times of the passes over all patterns that it accepts, round by round.
    pub passes: Vec<f64>,
    /// Their spread.
    pub pass: Spread,
    /// Times of single patterns: percentiles 0 to 100.
    pub percentiles: Vec<f64>,
    /// Its pass ÷ that of sre-compiler over the same patterns, round by round.
    pub ratio: Spread,
    /// The ratios of single patterns: percentiles 0 to 100.
    pub ratios: Vec<f64>,
    /// The patterns that take CPython longest, if CPython takes part.
    pub slowest: Option<Slowest>,
    /// Instructions, if counted.
    pub instructions: Option<Counts>,
}

/// The hundredth of the patterns that takes CPython longest.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Slowest {
    /// Number of them that the engine accepts.
    pub patterns: usize,
    /// Sum of its times ÷ sum of those of sre-compiler.
    pub ratio: f64,
    /// The lowest ratio of a single one of them.
    pub least: f64,
}

/// A pattern with the times of CPython and sre-compiler.
#[derive(Debug, Serialize)]
pub struct Close {
    /// The call of `re.compile`, shortened.
    pub pattern: String,
    /// CPython's time.
    pub cpython: f64,
    /// The time of sre-compiler.
    pub sre: f64,
}

impl Figures {
    /// Returns the mean time for a pattern.
    pub fn mean(&self) -> f64 {
        self.pass.median / self.accepts.max(1) as f64
    }
}

/// An engine that takes part, with its times.
struct Entry {
    engine: Box<dyn Engine>,
    accepted: Vec<u32>,
    passes: Vec<f64>,
    sre: Vec<f64>,
    /// For each accepted pattern, its time in each round.
    each: Vec<Vec<f64>>,
}

/// Compares the engines of these names. `step` is called with the name of the engine before each turn.
///
/// # Errors
/// If an engine cannot be started, or fails.
pub fn compare(
    names: &[&str],
    samples: &[Sample],
    dialect: Dialect,
    rounds: usize,
    step: &dyn Fn(&str),
) -> Result<(Comparison, Vec<Vec<u32>>)> {
    let mut sre = engines::reused(dialect);
    sre.load(samples)?;
    let mut entries = Vec::new();
    for name in names {
        step(name);
        if let Some(mut engine) = engines::engine(name, dialect)? {
            let accepted: Vec<u32> =
                engine.load(samples)?.iter().zip(0..).filter(|(takes, _)| **takes).map(|(_, n)| n).collect();
            ensure!(!accepted.is_empty(), "{name} accepts none of the patterns");
            let each = accepted.iter().map(|_| Vec::with_capacity(rounds)).collect();
            entries.push(Entry { engine, accepted, passes: Vec::new(), sre: Vec::new(), each });
        }
    }
    let clock = clock::cost();
    let mut staged = Staged::new(samples, dialect);
    for round in 0..rounds {
        for turn in 0..entries.len() {
            let at = (turn + round) % entries.len();
            step(entries[at].engine.name());
            entries[at].run(sre.as_mut(), clock)?;
        }
        staged.pass(clock)?;
    }
    let accepted: Vec<Vec<u32>> = entries.iter().map(|entry| entry.accepted.clone()).collect();
    let comparison = evaluate(entries, samples, dialect, rounds, clock);
    Ok((Comparison { stages: staged.finish(), ..comparison }, accepted))
}

impl Entry {
    fn run(&mut self, sre: &mut dyn Engine, clock: f64) -> Result<()> {
        let before = sre.pass(&self.accepted)?;
        self.passes.push(self.engine.pass(&self.accepted)? as f64);
        let after = sre.pass(&self.accepted)?;
        for (times, time) in self.each.iter_mut().zip(self.engine.each(&self.accepted)?) {
            times.push((time as f64 - clock).max(1.0));
        }
        let last = sre.pass(&self.accepted)?;
        self.sre.push(median([before, after, last].map(|time| time as f64)));
        Ok(())
    }

    /// Returns the median time of each pattern that is accepted, by its number.
    fn medians(&self, patterns: usize) -> Vec<Option<f64>> {
        let mut medians = vec![None; patterns];
        for (n, times) in self.accepted.iter().zip(&self.each) {
            medians[*n as usize] = Some(median(times.iter().copied()));
        }
        medians
    }
}

fn evaluate(
    entries: Vec<Entry>,
    samples: &[Sample],
    dialect: Dialect,
    rounds: usize,
    clock: f64,
) -> Comparison {
    let medians: Vec<Vec<Option<f64>>> = entries.iter().map(|entry| entry.medians(samples.len())).collect();
    let sre = &medians[0];
    let cpython =
        entries.iter().position(|entry| entry.engine.name() == engines::CPYTHON).map(|at| &medians[at]);
    let slowest = cpython.map(|times| slowest_hundredth(times));
    let figures = entries.iter().zip(&medians).map(|(entry, times)| {
        let of = |n: &u32| samples[*n as usize].case.len();
        let ratio = |n: u32| Some(times[n as usize]? / sre[n as usize]?);
        Figures {
            name: entry.engine.name(),
            about: entry.engine.about(),
            accepts: entry.accepted.len(),
            characters: entry.accepted.iter().map(of).sum(),
            passes: entry.passes.clone(),
            pass: Spread::of(entry.passes.iter().copied()),
            percentiles: percentiles(times.iter().flatten().copied()),
            ratio: Spread::of(entry.passes.iter().zip(&entry.sre).map(|(engine, sre)| engine / sre)),
            ratios: percentiles(entry.accepted.iter().filter_map(|&n| ratio(n))),
            slowest: slowest.as_ref().map(|which| slowest_of(which, times, sre)),
            instructions: None,
        }
    });
    Comparison {
        patterns: samples.len(),
        characters: samples.iter().map(|sample| sample.case.len()).sum(),
        dialect: dialect.to_string(),
        rounds,
        clock,
        engines: figures.collect(),
        stages: Vec::new(),
        lengths: cpython.map(|times| by_length(timed(times, sre, samples))).unwrap_or_default(),
        least: cpython.map(|times| closest(times, sre, samples)).unwrap_or_default(),
    }
}

fn percentiles(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let sorted = sorted(figures);
    (0..=100).map(|percent| quantile(&sorted, f64::from(percent) / 100.0)).collect()
}

fn slowest_hundredth(times: &[Option<f64>]) -> Vec<usize> {
    let mut order: Vec<(f64, usize)> =
        times.iter().enumerate().filter_map(|(n, time)| Some(((*time)?, n))).collect();
    order.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let count = order.len().div_ceil(100);
    order.into_iter().take(count).map(|(_, n)| n).collect()
}

fn slowest_of(which: &[usize], times: &[Option<f64>], sre: &[Option<f64>]) -> Slowest {
    let pairs: Vec<(f64, f64)> = which.iter().filter_map(|&n| Some((times[n]?, sre[n]?))).collect();
    let (engine, sre) = pairs.iter().fold((0.0, 0.0), |(a, b), (engine, sre)| (a + engine, b + sre));
    let least = pairs.iter().map(|(engine, sre)| engine / sre).fold(f64::INFINITY, f64::min);
    Slowest { patterns: pairs.len(), ratio: if sre > 0.0 { engine / sre } else { 0.0 }, least }
}

/// Returns the patterns that have both times, with these.
fn both(times: &[Option<f64>], sre: &[Option<f64>]) -> impl Iterator<Item = (usize, f64, f64)> {
    (0..times.len()).filter_map(|n| Some((n, times[n]?, sre[n]?)))
}

fn timed(times: &[Option<f64>], sre: &[Option<f64>], samples: &[Sample]) -> Vec<Timed> {
    both(times, sre).map(|(n, time, sre)| (samples[n].case.len(), time, sre)).collect()
}

/// Returns the ten patterns with the lowest ratio.
fn closest(times: &[Option<f64>], sre: &[Option<f64>], samples: &[Sample]) -> Vec<Close> {
    let mut pairs: Vec<_> = both(times, sre).collect();
    pairs.sort_by(|(_, a, b), (_, c, d)| (a / b).total_cmp(&(c / d)));
    let close = |(n, cpython, sre): (usize, f64, f64)| {
        let pattern: String = format!("{:?}", samples[n].case);
        let shown: String = pattern.chars().take(100).collect();
        let pattern = if shown.len() < pattern.len() { shown + "…" } else { shown };
        Close { pattern, cpython, sre }
    };
    pairs.into_iter().take(10).map(close).collect()
}

#[cfg(test)]
mod tests {
    use sre_case::Case;
    use sre_compiler::Flags;

    use super::*;

    #[test]
    fn figures_cover_only_the_patterns_that_the_engine_accepts() {
        let patterns = ["a+", "(?=a)b", "[a-z]", "(?P<x>a)(?P=x)"];
        let samples: Vec<Sample> =
            patterns.map(|pattern| Case::str(pattern, Flags::empty()).into()).into_iter().collect();
        let (comparison, _) =
            compare(&["sre", "regex-ast", "floor"], &samples, Dialect::default(), 3, &|_| ()).unwrap();
        let accepts: Vec<usize> = comparison.engines.iter().map(|engine| engine.accepts).collect();
        assert_eq!(accepts, [4, 2, 4]);
        assert!(
            comparison
                .engines
                .iter()
                .all(|engine| engine.pass.median > 0.0 && engine.percentiles.len() == 101)
        );
    }

    #[test]
    fn the_slowest_hundredth_is_taken_of_the_patterns_with_a_time() {
        let mut times: Vec<Option<f64>> = (0..200).map(|n| Some(f64::from(n))).collect();
        times[199] = None;
        assert_eq!(slowest_hundredth(&times), [198, 197]);
        let slowest = slowest_of(&[198, 197], &times, &vec![Some(2.0); 200]);
        assert_eq!((slowest.patterns, slowest.ratio, slowest.least), (2, 98.75, 98.5));
    }
}
