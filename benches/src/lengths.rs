//! CPython beside us, by the length of the pattern: what each pattern costs whatever is in it shows in the short ones.

use serde::Serialize;

use crate::statistics::median;

/// The patterns of some lengths, each of which at most doubles.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Lengths {
    /// The fewest characters.
    pub least: usize,
    /// The most.
    pub most: usize,
    /// How many patterns both accept.
    pub patterns: usize,
    /// CPython's median time, in nanoseconds.
    pub cpython: f64,
    /// Ours.
    pub ours: f64,
    /// CPython's time ÷ ours, at the median pattern.
    pub median: f64,
    /// The same of all these patterns together.
    pub together: f64,
}

/// Up to so many characters are one class, and all that are longer than that.
const SHORTEST: usize = 4;
const LONGEST: usize = 1024;

/// A pattern's length, CPython's time and ours.
pub(crate) type Timed = (usize, f64, f64);

/// The classes that have patterns, the shortest first.
pub(crate) fn by_length(mut timed: Vec<Timed>) -> Vec<Lengths> {
    timed.sort_by_key(|(length, ..)| *length);
    timed.chunk_by(|(one, ..), (other, ..)| class(*one) == class(*other)).map(lengths).collect()
}

fn class(length: usize) -> usize {
    length.clamp(SHORTEST, LONGEST + 1).next_power_of_two()
}

fn lengths(timed: &[Timed]) -> Lengths {
    let (cpython, ours) = (timed.iter().map(|(_, time, _)| *time), timed.iter().map(|(.., time)| *time));
    Lengths {
        least: timed.first().map_or(0, |(length, ..)| *length),
        most: timed.last().map_or(0, |(length, ..)| *length),
        patterns: timed.len(),
        median: median(timed.iter().map(|(_, cpython, ours)| cpython / ours)),
        together: cpython.clone().sum::<f64>() / ours.clone().sum::<f64>(),
        cpython: median(cpython),
        ours: median(ours),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_up_to_a_power_of_two_are_one_class() {
        let timed =
            vec![(9, 300.0, 1.0), (0, 50.0, 1.0), (4, 100.0, 2.0), (16, 100.0, 3.0), (5000, 7.0, 7.0)];
        let classes = by_length(timed);
        let ends: Vec<_> = classes.iter().map(|class| (class.least, class.most, class.patterns)).collect();
        assert_eq!(ends, [(0, 4, 2), (9, 16, 2), (5000, 5000, 1)]);
        assert_eq!((classes[1].together, classes[2].median), (100.0, 1.0));
        assert!((classes[1].median - (300.0 + 100.0 / 3.0) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn the_longest_are_together() {
        assert_eq!(by_length(vec![(1025, 1.0, 1.0), (65_000, 1.0, 1.0)]).len(), 1);
        assert_eq!(by_length(vec![(1024, 1.0, 1.0), (1025, 1.0, 1.0)]).len(), 2);
    }
}
