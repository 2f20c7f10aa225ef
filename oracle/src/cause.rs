//! Causes: what most likely produces a divergence. One bug shows in many signatures, but in few
//! functions of the compiler.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use sre_case::Outcome;
use sre_compiler::Dialect;

use crate::divergence::{Aspect, Divergence, first_difference};
use crate::explain::{self, Function};
use crate::rust_compiler;

/// What most likely produces a divergence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cause {
    /// The port of a function of CPython, which gives another result.
    Function(Function),
    /// sre-compiler gives different results for text as UTF-8 and as code points, or with and
    /// without recording the tree.
    Form,
    /// sre-compiler panics.
    Panic,
}

impl Cause {
    /// Returns the possible causes of a divergence, the most likely first. They are most accurate
    /// for a minimized case whose outcomes have the texts of `re.DEBUG`.
    pub fn candidates(divergence: &Divergence) -> Vec<Cause> {
        let mut divergence = divergence.clone();
        if divergence.aspect == Aspect::Tree && has_marker(&divergence.rust) {
            // The marker hides what else differs.
            remove_texts(&mut divergence.rust);
            match first_difference(divergence.dialects, &divergence.rust, &divergence.cpython) {
                Some(aspect) => divergence.aspect = aspect,
                None => return vec![Cause::Form],
            }
        }
        match explain::candidates(&divergence) {
            functions if functions.is_empty() => vec![Cause::Panic],
            functions => functions.into_iter().map(Cause::Function).collect(),
        }
    }

    /// Returns the cause as text, for the CPython of a dialect: `_optimize_charset in
    /// re/_compiler.py`.
    pub fn text(self, dialect: Dialect) -> String {
        match self {
            Cause::Function(function) => format!("{function} in {}", function.file(dialect)),
            Cause::Form => "sre-compiler itself: its results differ by the form of the text".to_owned(),
            Cause::Panic => "sre-compiler itself: it panics".to_owned(),
        }
    }
}

fn has_marker(outcome: &Outcome) -> bool {
    let tree = outcome.accepted().and_then(|accepted| accepted.tree.as_deref());
    tree.is_some_and(rust_compiler::is_marker)
}

fn remove_texts(outcome: &mut Outcome) {
    if let Outcome::Accepted(accepted) = outcome {
        (accepted.tree, accepted.dis) = (None, None);
    }
}

/// Returns a cause for each item, so that there are few causes: repeatedly chooses the candidate of
/// the most divergences without a cause, and among equals the one that is the most likely for most.
///
/// An item is the number of its divergences with its candidates, the most likely first; an item
/// without candidates has no cause.
pub fn cover<C: Ord>(items: &[(u64, Vec<C>)]) -> Vec<Option<&C>> {
    let mut chosen: Vec<Option<&C>> = vec![None; items.len()];
    loop {
        let mut scores: BTreeMap<&C, (u64, u64)> = BTreeMap::new();
        for ((times, candidates), _) in items.iter().zip(&chosen).filter(|(_, chosen)| chosen.is_none()) {
            for candidate in candidates {
                let (all, first) = scores.entry(candidate).or_default();
                *all += times;
                *first += if candidates.first() == Some(candidate) { *times } else { 0 };
            }
        }
        let best = scores.into_iter().max_by_key(|(candidate, score)| (*score, Reverse(*candidate)));
        let Some((best, _)) = best else { return chosen };
        for ((_, candidates), chosen) in items.iter().zip(&mut chosen) {
            if chosen.is_none() && candidates.contains(best) {
                *chosen = Some(best);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_causes_cover_all_divergences() {
        let items = [
            (5, vec!["info", "width"]),
            (2, vec!["compile", "width"]),
            (9, vec!["set", "charset"]),
            (1, vec!["charset"]),
            (1, vec![]),
        ];
        let causes: Vec<_> = cover(&items).into_iter().map(|cause| cause.copied()).collect();
        assert_eq!(causes, [Some("width"), Some("width"), Some("charset"), Some("charset"), None]);
        assert_eq!(cover(&items[2..3]), [Some(&"set")]);
    }
}
