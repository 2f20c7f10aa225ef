//! All sides in turns, over the same patterns.
//!
//! In a round each side compiles once, in order, every pattern that it and we accept, and we do the same before
//! and after it: what the machine does meanwhile hits both. Each pattern comes once a pass, so that the branch
//! predictor and the caches are no warmer than in a program that compiles many patterns.

use anyhow::{Result, ensure};
use serde::Serialize;
use sre_compiler::Dialect;

use crate::counted::Counts;
use crate::lengths::{Lengths, Timed, by_length};
use crate::sides::Side;
use crate::stages::{StageTime, Staged};
use crate::statistics::{Spread, median, quantile, sorted};
use crate::{Sample, clock, sides};

/// What came out of a comparison.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// How many patterns.
    pub patterns: usize,
    /// How many characters they have.
    pub characters: usize,
    /// What our side compiles for.
    pub dialect: String,
    /// How often each side had its turn.
    pub rounds: usize,
    /// What reading the clock costs, in nanoseconds; it is taken off the time of each pattern.
    pub clock: f64,
    /// How the sides fared.
    pub sides: Vec<Figures>,
    /// Where our own time goes.
    pub stages: Vec<StageTime>,
    /// CPython and we by the length of the pattern, if CPython takes part.
    pub lengths: Vec<Lengths>,
    /// Where CPython is least slower than we are.
    pub least: Vec<Close>,
}

/// How a side fared. Times are in nanoseconds.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub about: String,
    /// How many patterns it accepts.
    pub accepts: usize,
    /// How many characters these have.
    pub characters: usize,
    /// A pass over all that it accepts.
    pub pass: Spread,
    /// Per pattern: the hundred percentiles, with the least before them.
    pub percentiles: Vec<f64>,
    /// Its pass ÷ ours over the same patterns.
    pub ratio: Spread,
    /// The same of single patterns: the percentiles.
    pub ratios: Vec<f64>,
    /// The patterns that take CPython longest, if it takes part.
    pub slowest: Option<Slowest>,
    /// Instructions, if they were counted.
    pub instructions: Option<Counts>,
}

/// One hundredth of the patterns: those that take CPython longest.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Slowest {
    /// How many of them the side accepts.
    pub patterns: usize,
    /// Its time for all of them ÷ ours.
    pub ratio: f64,
    /// The same of the single pattern where it is least.
    pub least: f64,
}

/// A pattern with CPython's time and ours.
#[derive(Debug, Serialize)]
pub struct Close {
    /// The pattern, as Python would compile it; shortened.
    pub pattern: String,
    /// CPython's time.
    pub cpython: f64,
    /// Our time.
    pub ours: f64,
}

impl Figures {
    /// The mean time for a pattern.
    pub fn mean(&self) -> f64 {
        self.pass.median / self.accepts.max(1) as f64
    }

    /// The time for a character.
    pub fn per_character(&self) -> f64 {
        self.pass.median / self.characters.max(1) as f64
    }
}

/// A side that takes part, with its times.
struct Entry {
    side: Box<dyn Side>,
    accepted: Vec<u32>,
    passes: Vec<f64>,
    ours: Vec<f64>,
    /// Of each accepted pattern, a time each round.
    each: Vec<Vec<f64>>,
}

/// Compares the sides of these names. `step` is told after each turn.
///
/// # Errors
/// If a side cannot be started, or broke down.
pub fn compare(
    names: &[&str],
    samples: &[Sample],
    dialect: Dialect,
    rounds: usize,
    step: &dyn Fn(&str),
) -> Result<(Comparison, Vec<Vec<u32>>)> {
    let mut ours = sides::ours(dialect);
    ours.load(samples)?;
    let mut entries = Vec::new();
    for name in names {
        step(name);
        if let Some(mut side) = sides::side(name, dialect)? {
            let accepted: Vec<u32> =
                side.load(samples)?.iter().zip(0..).filter(|(takes, _)| **takes).map(|(_, n)| n).collect();
            ensure!(!accepted.is_empty(), "{name} accepts none of the patterns");
            let each = accepted.iter().map(|_| Vec::with_capacity(rounds)).collect();
            entries.push(Entry { side, accepted, passes: Vec::new(), ours: Vec::new(), each });
        }
    }
    let clock = clock::cost();
    let mut staged = Staged::new(samples, dialect);
    for round in 0..rounds {
        for turn in 0..entries.len() {
            let at = (turn + round) % entries.len();
            step(entries[at].side.name());
            entries[at].run(ours.as_mut(), clock)?;
        }
        staged.pass(clock)?;
    }
    let accepted: Vec<Vec<u32>> = entries.iter().map(|entry| entry.accepted.clone()).collect();
    let comparison = evaluate(entries, samples, dialect, rounds, clock);
    Ok((Comparison { stages: staged.finish(), ..comparison }, accepted))
}

impl Entry {
    fn run(&mut self, ours: &mut dyn Side, clock: f64) -> Result<()> {
        let before = ours.pass(&self.accepted)?;
        self.passes.push(self.side.pass(&self.accepted)? as f64);
        let after = ours.pass(&self.accepted)?;
        for (times, time) in self.each.iter_mut().zip(self.side.each(&self.accepted)?) {
            times.push((time as f64 - clock).max(1.0));
        }
        let last = ours.pass(&self.accepted)?;
        self.ours.push(median([before, after, last].map(|time| time as f64)));
        Ok(())
    }

    /// The median time of each pattern, by its number.
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
    let ours = &medians[0];
    let cpython = entries.iter().position(|entry| entry.side.name() == sides::CPYTHON).map(|at| &medians[at]);
    let slowest = cpython.map(|times| slowest_hundredth(times));
    let figures = entries.iter().zip(&medians).map(|(entry, times)| {
        let of = |n: &u32| samples[*n as usize].case.len();
        let ratio = |n: u32| Some(times[n as usize]? / ours[n as usize]?);
        Figures {
            name: entry.side.name(),
            about: entry.side.about(),
            accepts: entry.accepted.len(),
            characters: entry.accepted.iter().map(of).sum(),
            pass: Spread::of(entry.passes.iter().copied()),
            percentiles: percentiles(times.iter().flatten().copied()),
            ratio: Spread::of(entry.passes.iter().zip(&entry.ours).map(|(side, ours)| side / ours)),
            ratios: percentiles(entry.accepted.iter().filter_map(|&n| ratio(n))),
            slowest: slowest.as_ref().map(|which| slowest_of(which, times, ours)),
            instructions: None,
        }
    });
    Comparison {
        patterns: samples.len(),
        characters: samples.iter().map(|sample| sample.case.len()).sum(),
        dialect: dialect.to_string(),
        rounds,
        clock,
        sides: figures.collect(),
        stages: Vec::new(),
        lengths: cpython.map(|times| by_length(timed(times, ours, samples))).unwrap_or_default(),
        least: cpython.map(|times| closest(times, ours, samples)).unwrap_or_default(),
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

fn slowest_of(which: &[usize], times: &[Option<f64>], ours: &[Option<f64>]) -> Slowest {
    let pairs: Vec<(f64, f64)> = which.iter().filter_map(|&n| Some((times[n]?, ours[n]?))).collect();
    let (side, us) = pairs.iter().fold((0.0, 0.0), |(a, b), (side, us)| (a + side, b + us));
    let least = pairs.iter().map(|(side, us)| side / us).fold(f64::INFINITY, f64::min);
    Slowest { patterns: pairs.len(), ratio: if us > 0.0 { side / us } else { 0.0 }, least }
}

/// The patterns that both have a time for, with both.
fn both(times: &[Option<f64>], ours: &[Option<f64>]) -> impl Iterator<Item = (usize, f64, f64)> {
    (0..times.len()).filter_map(|n| Some((n, times[n]?, ours[n]?)))
}

fn timed(times: &[Option<f64>], ours: &[Option<f64>], samples: &[Sample]) -> Vec<Timed> {
    both(times, ours).map(|(n, time, our)| (samples[n].case.len(), time, our)).collect()
}

/// The ten patterns where CPython is least slower.
fn closest(times: &[Option<f64>], ours: &[Option<f64>], samples: &[Sample]) -> Vec<Close> {
    let mut pairs: Vec<_> = both(times, ours).collect();
    pairs.sort_by(|(_, a, b), (_, c, d)| (a / b).total_cmp(&(c / d)));
    let close = |(n, cpython, ours): (usize, f64, f64)| {
        let pattern: String = format!("{:?}", samples[n].case);
        let shown: String = pattern.chars().take(100).collect();
        let pattern = if shown.len() < pattern.len() { shown + "…" } else { shown };
        Close { pattern, cpython, ours }
    };
    pairs.into_iter().take(10).map(close).collect()
}

#[cfg(test)]
mod tests {
    use sre_case::Case;
    use sre_compiler::Flags;

    use super::*;

    #[test]
    fn each_side_counts_for_what_it_accepts() {
        let patterns = ["a+", "(?=a)b", "[a-z]", "(?P<x>a)(?P=x)"];
        let samples: Vec<Sample> =
            patterns.map(|pattern| Case::str(pattern, Flags::empty()).into()).into_iter().collect();
        let (comparison, _) =
            compare(&["ours", "regex-ast", "floor"], &samples, Dialect::default(), 3, &|_| ()).unwrap();
        let accepts: Vec<usize> = comparison.sides.iter().map(|side| side.accepts).collect();
        assert_eq!(accepts, [4, 2, 4]);
        assert!(comparison.sides.iter().all(|side| side.pass.median > 0.0 && side.percentiles.len() == 101));
    }

    #[test]
    fn the_slowest_are_a_hundredth_of_those_that_have_a_time() {
        let mut times: Vec<Option<f64>> = (0..200).map(|n| Some(f64::from(n))).collect();
        times[199] = None;
        assert_eq!(slowest_hundredth(&times), [198, 197]);
        let slowest = slowest_of(&[198, 197], &times, &vec![Some(2.0); 200]);
        assert_eq!((slowest.patterns, slowest.ratio, slowest.least), (2, 98.75, 98.5));
    }
}
