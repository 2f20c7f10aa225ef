//! Minimizing a case by delta debugging on the structure of its pattern.
//!
//! A predicate decides whether a smaller case still has the property of interest, so that
//! [`minimize`] serves for divergences, panics and leaks alike.

mod edits;
mod scan;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use edits::edits;
use sre_case::{Case, Text};
use sre_compiler::Flags;
use sre_support::fnv::fnv1a;

use crate::cause::Cause;
use crate::causes::Causes;
use crate::comparator::Comparator;
use crate::divergence::{Divergence, Verdict};
use crate::stats::Stats;

/// The default limit of calls of the predicate.
pub const TRIES: usize = 3000;

/// The result of minimizing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Minimized {
    /// The smallest case that was found.
    pub case: Case,
    /// Number of calls of the predicate.
    pub tries: usize,
    /// Whether no edit is left to try; otherwise the limit of calls was reached.
    pub complete: bool,
}

/// Minimizes a case. The predicate holds for the case and for the result.
///
/// Removes, the largest first, parts of a sequence, groups with or without their contents,
/// alternatives, members of sets, quantifiers and runs of characters; then replaces characters by
/// `a`, removes flags, and turns bytes into str. Each step makes the case smaller in this order, so
/// that the search ends. No case is tried twice.
pub fn minimize(case: &Case, tries: usize, holds: &mut dyn FnMut(&Case) -> bool) -> Minimized {
    let mut search = Search { best: case.clone(), tries: 0, limit: tries, tried: HashSet::new(), holds };
    search.tried.insert(hash(case));
    loop {
        let before = search.best.clone();
        search.text();
        search.flags_and_kind();
        if search.best == before || search.is_over() {
            return Minimized { complete: !search.is_over(), case: search.best, tries: search.tries };
        }
    }
}

/// Minimizes a divergence: the result has the same signature, from the same interpreter.
pub fn minimize_divergence(
    comparator: &mut Comparator,
    divergence: &Divergence,
    tries: usize,
) -> (Divergence, Minimized) {
    let mut smallest = divergence.clone();
    let minimized = minimize(&divergence.case, tries, &mut |case| match comparator.verdict(case) {
        Verdict::Divergent(found) if found.signature == divergence.signature => {
            smallest = *found;
            true
        }
        _ => false,
    });
    if smallest.case != divergence.case {
        smallest.found_as = Some(divergence.case.clone());
    }
    (smallest, minimized)
}

/// Determines the causes of the unknown divergences of a comparison, and minimizes the smallest
/// divergence of up to `at_most` causes, the most frequent first.
///
/// Causes are determined with the texts of `re.DEBUG`, for which `comparator` is asked.
pub fn minimize_causes(comparator: &mut Comparator, stats: &mut Stats, at_most: usize, tries: usize) {
    for (signature, (_, divergence)) in &stats.unknown {
        let full = comparator.full_divergence(&divergence.case);
        let candidates = Cause::candidates(full.as_deref().unwrap_or(divergence));
        stats.causes.insert(signature.clone(), candidates);
    }
    for group in Causes::new(stats).groups().iter().take(at_most) {
        let minimized = minimize_divergence(comparator, &group.smallest, tries).0;
        if let Some((_, divergence)) = stats.unknown.get_mut(&minimized.signature) {
            **divergence = minimized;
        }
    }
}

struct Search<'h> {
    best: Case,
    tries: usize,
    limit: usize,
    /// The hashes of the cases that were tried.
    tried: HashSet<u64>,
    holds: &'h mut dyn FnMut(&Case) -> bool,
}

impl Search<'_> {
    fn is_over(&self) -> bool {
        self.tries >= self.limit
    }

    fn is_better(&mut self, case: Case) -> bool {
        if self.is_over() || !self.tried.insert(hash(&case)) {
            return false;
        }
        self.tries += 1;
        let holds = (self.holds)(&case);
        if holds {
            self.best = case;
        }
        holds
    }

    /// Tries the edits once, the largest first. After a success it continues with the edits that
    /// follow, since those that failed mostly fail again; the next round tries them.
    fn text(&mut self) {
        let mut next = None;
        while !self.is_over() {
            let text: Vec<u32> = self.best.pattern().chars().collect();
            let mut edits = edits(&text);
            edits.retain(|edit| Some(edit.rank()) >= next);
            let better = edits.iter().find(|edit| self.is_better(with_text(&self.best, edit.apply(&text))));
            match better {
                Some(edit) => next = Some(edit.rank()),
                None => break,
            }
        }
    }

    fn flags_and_kind(&mut self) {
        let none = Case { flags: Flags::empty(), text: self.best.text.clone() };
        if self.best.flags == Flags::empty() || !self.is_better(none) {
            for bit in (0..63).map(|bit| Flags::from_bits(1 << bit)) {
                if self.best.flags.intersects(bit) {
                    self.is_better(Case {
                        flags: self.best.flags.without(bit),
                        text: self.best.text.clone(),
                    });
                }
            }
        }
        if self.best.is_bytes() {
            let text = Text::Str(self.best.pattern().chars().collect());
            self.is_better(Case { flags: self.best.flags, text });
        }
    }
}

/// Returns a case with another text, of the same kind.
fn with_text(case: &Case, text: Vec<u32>) -> Case {
    let text = match &case.text {
        Text::Str(_) => Text::Str(text),
        // Edits insert only ASCII.
        Text::Bytes(_) => Text::Bytes(text.into_iter().map(|c| c as u8).collect()),
    };
    Case { text, flags: case.flags }
}

fn hash(case: &Case) -> u64 {
    fnv1a(case.encode())
}
