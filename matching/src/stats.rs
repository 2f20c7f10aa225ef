//! Counting differences, and their causes.

use std::collections::BTreeMap;
use std::time::Duration;

use sre_compiler::Dialect;

use crate::difference::Difference;
use crate::matcher::{Compared, Matcher};
use crate::minimize::minimize;
use crate::plan::Pair;

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Stats {
    /// Number of patterns.
    pub patterns: u64,
    /// Number of patterns that every program refuses.
    pub refused: u64,
    /// Number of patterns that only some programs refuse, so that nothing could be compared.
    pub refused_by_some: u64,
    /// Number of subjects that were compared.
    pub subjects: u64,
    /// Number of outcomes that were not compared, because a time limit passed.
    pub slow: u64,
    /// How often a process was replaced.
    pub replaced: u64,
    /// The differences, by sides and kind.
    pub kinds: BTreeMap<(Pair, String), Kind>,
    /// The causes, once they were determined.
    pub causes: Vec<Cause>,
    /// The number of differences that were minimized and are expected, by reason.
    pub expected: BTreeMap<String, u64>,
    /// The number of differences that were not minimized, of kinds of which all that were are expected.
    pub like_expected: u64,
    /// Duration of the comparison.
    pub elapsed: Duration,
}

/// Differences of the same kind.
#[derive(Debug, Default)]
pub struct Kind {
    /// Number of subjects.
    pub count: u64,
    /// Some of them, with the time when they were found.
    examples: Vec<(Duration, Difference)>,
}

/// Differences that are the same once they are minimized.
#[derive(Clone, Debug)]
pub struct Cause {
    /// What they have in common.
    pub signature: String,
    /// The smallest.
    pub difference: Difference,
    /// When the first one was found.
    pub first: Duration,
    /// Number of subjects that differ in this kind, including other causes of it.
    pub count: u64,
    /// The other sides that show the same difference.
    pub also: Vec<Pair>,
}

/// Number of differences of a kind that are stored: the first ones and the smallest ones.
const EXAMPLES: usize = 24;

impl Stats {
    /// Counts the result for a pattern. `programs` is the number of programs.
    pub fn count(&mut self, compared: Compared, programs: usize, time: Duration) {
        self.patterns += 1;
        match compared.refusing {
            0 => {}
            all if all == programs => self.refused += 1,
            _ => self.refused_by_some += 1,
        }
        self.subjects += compared.subjects as u64;
        self.slow += compared.slow as u64;
        for difference in compared.differences {
            self.add(difference, time);
        }
    }

    fn add(&mut self, difference: Difference, time: Duration) {
        let name = format!("{}: {}", difference.operation, difference.kind);
        let kind = self.kinds.entry((difference.pair, name)).or_default();
        kind.count += 1;
        kind.keep(time, difference);
    }

    /// Adds the counts of another job.
    pub fn merge(&mut self, other: Stats) {
        self.patterns += other.patterns;
        self.refused += other.refused;
        self.refused_by_some += other.refused_by_some;
        self.subjects += other.subjects;
        self.slow += other.slow;
        self.replaced += other.replaced;
        for (name, kind) in other.kinds {
            let sum = self.kinds.entry(name).or_default();
            sum.count += kind.count;
            kind.examples.into_iter().for_each(|(time, difference)| sum.keep(time, difference));
        }
    }

    /// Returns whether nothing differs.
    pub fn is_clean(&self) -> bool {
        self.kinds.is_empty()
    }

    /// Returns the number of subjects that differ, each once for each pair of sides.
    pub fn differences(&self) -> u64 {
        self.kinds.values().map(|kind| kind.count).sum()
    }

    /// Returns the first difference that was found, and when.
    pub fn first(&self) -> Option<(Duration, &Difference)> {
        let all = self.kinds.values().flat_map(|kind| &kind.examples);
        all.min_by_key(|(time, _)| *time).map(|(time, difference)| (*time, difference))
    }

    /// Minimizes examples of each kind, the smallest first, until `at_most` causes of it are known.
    /// With `all`, examples that have all opcodes of a known cause are minimized, too.
    pub fn find_causes(&mut self, matcher: &mut Matcher, at_most: usize, tries: usize, all: bool) {
        self.find_unexpected_causes(matcher, at_most, tries, all, &|_| None);
    }

    /// The same, except for differences that are expected: `reason_of` returns the reason for the
    /// signature of a minimized one. Kinds of which all examples are expected are removed.
    pub fn find_unexpected_causes(
        &mut self,
        matcher: &mut Matcher,
        at_most: usize,
        tries: usize,
        all: bool,
        reason_of: &dyn Fn(&str) -> Option<String>,
    ) {
        let dialect = matcher.plan().dialect;
        for (name, mut kind) in std::mem::take(&mut self.kinds) {
            let mut expected = 0;
            kind.examples.sort_by_key(|(_, difference)| difference.size());
            let mut causes: Vec<Cause> = Vec::new();
            for (time, difference) in &kind.examples {
                let opcodes = difference.opcodes(dialect);
                let known = causes
                    .iter_mut()
                    .find(|cause| !all && cause.difference.opcodes(dialect).is_subset(&opcodes));
                if let Some(cause) = known {
                    cause.first = cause.first.min(*time);
                    continue;
                }
                let minimized =
                    if at_most == 0 { difference.clone() } else { minimize(matcher, difference, tries) };
                if let Some(reason) = reason_of(&minimized.signature(dialect)) {
                    *self.expected.entry(reason).or_default() += 1;
                    expected += 1;
                    continue;
                }
                add_cause(&mut causes, minimized, *time, kind.count, dialect);
                if causes.len() >= at_most.max(1) {
                    break;
                }
            }
            kind.count -= expected;
            if expected > 0 && causes.is_empty() {
                self.like_expected += kind.count;
            } else {
                self.kinds.insert(name, kind);
            }
            causes.into_iter().for_each(|cause| add_sides(&mut self.causes, cause));
        }
    }
}

fn add_cause(causes: &mut Vec<Cause>, difference: Difference, first: Duration, count: u64, dialect: Dialect) {
    let signature = difference.signature(dialect);
    match causes.iter_mut().find(|cause| cause.signature == signature) {
        Some(cause) => {
            cause.first = cause.first.min(first);
            if difference.size() < cause.difference.size() {
                cause.difference = difference;
            }
        }
        None => causes.push(Cause { signature, difference, first, count, also: Vec::new() }),
    }
}

/// Adds a cause, or, if its smallest case is that of a known one, its sides to those of that one.
fn add_sides(causes: &mut Vec<Cause>, cause: Cause) {
    let found = &cause.difference;
    let same = |known: &&mut Cause| {
        let known = &known.difference;
        (&known.case, &known.subject, known.operation, &known.reference, &known.tested)
            == (&found.case, &found.subject, found.operation, &found.reference, &found.tested)
    };
    match causes.iter_mut().find(same) {
        Some(known) => {
            known.also.push(found.pair);
            known.first = known.first.min(cause.first);
        }
        None => causes.push(cause),
    }
}

impl Kind {
    /// Stores a difference if it is among the first or the smallest ones.
    fn keep(&mut self, time: Duration, difference: Difference) {
        self.examples.push((time, difference));
        if self.examples.len() > 2 * EXAMPLES {
            self.examples.sort_by_key(|(time, _)| *time);
            let mut later = self.examples.split_off(EXAMPLES);
            later.sort_by_key(|(_, difference)| difference.size());
            later.truncate(EXAMPLES);
            self.examples.extend(later);
        }
    }
}
