//! Compares CPython with sre-compiler by the length of the pattern. Short patterns show the fixed cost of a call.

use serde::Serialize;

use sre_report::statistics::median;

/// The patterns of a range of lengths, from a power of two to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lengths {
    /// Characters of the shortest pattern.
    pub least: usize,
    /// Characters of the longest pattern.
    pub most: usize,
    /// Number of patterns that both accept.
    pub patterns: usize,
    /// CPython's median time, in nanoseconds.
    pub cpython: f64,
    /// Median time of sre-compiler, in nanoseconds.
    pub sre: f64,
    /// CPython's time ÷ that of sre-compiler: the median of single patterns.
    pub median: f64,
    /// The ratio of the sums over all these patterns.
    pub together: f64,
}

/// Patterns of up to [`SHORTEST`] characters are one class, those of more than [`LONGEST`] another.
const SHORTEST: usize = 4;
const LONGEST: usize = 1024;

/// A pattern's length, CPython's time, and that of sre-compiler.
pub(crate) type Timed = (usize, f64, f64);

/// Groups patterns by length class, the shortest first; empty classes are omitted.
pub(crate) fn by_length(mut timed: Vec<Timed>) -> Vec<Lengths> {
    timed.sort_by_key(|(length, ..)| *length);
    timed.chunk_by(|(one, ..), (other, ..)| class(*one) == class(*other)).map(lengths).collect()
}

fn class(length: usize) -> usize {
    length.clamp(SHORTEST, LONGEST + 1).next_power_of_two()
}

fn lengths(timed: &[Timed]) -> Lengths {
    let (cpython, sre) = (timed.iter().map(|(_, time, _)| *time), timed.iter().map(|(.., time)| *time));
    Lengths {
        least: timed.first().map_or(0, |(length, ..)| *length),
        most: timed.last().map_or(0, |(length, ..)| *length),
        patterns: timed.len(),
        median: median(timed.iter().map(|(_, cpython, sre)| cpython / sre)),
        together: cpython.clone().sum::<f64>() / sre.clone().sum::<f64>(),
        cpython: median(cpython),
        sre: median(sre),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_end_at_powers_of_two() {
        let timed =
            vec![(9, 300.0, 1.0), (0, 50.0, 1.0), (4, 100.0, 2.0), (16, 100.0, 3.0), (5000, 7.0, 7.0)];
        let classes = by_length(timed);
        let ends: Vec<_> = classes.iter().map(|class| (class.least, class.most, class.patterns)).collect();
        assert_eq!(ends, [(0, 4, 2), (9, 16, 2), (5000, 5000, 1)]);
        assert_eq!((classes[1].together, classes[2].median), (100.0, 1.0));
        assert!((classes[1].median - (300.0 + 100.0 / 3.0) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn patterns_above_the_longest_limit_are_one_class() {
        assert_eq!(by_length(vec![(1025, 1.0, 1.0), (65_000, 1.0, 1.0)]).len(), 1);
        assert_eq!(by_length(vec![(1024, 1.0, 1.0), (1025, 1.0, 1.0)]).len(), 2);
    }
}
