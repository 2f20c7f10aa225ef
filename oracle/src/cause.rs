//! Causes: what most likely produces a divergence. One bug shows in many signatures, but in few
//! functions of the compiler.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

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
    /// The tested interpreter crashes, or gives no answer.
    Interpreter,
}

/// The possible causes of a divergence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidates<C> {
    /// What produces the difference, the most likely first.
    pub direct: Vec<C>,
    /// What the difference may follow from.
    pub indirect: Vec<C>,
}

impl<C> Candidates<C> {
    /// Returns the same candidates in another form.
    pub fn map<D>(self, mut form: impl FnMut(C) -> D) -> Candidates<D> {
        let Candidates { direct, indirect } = self;
        Candidates {
            direct: direct.into_iter().map(&mut form).collect(),
            indirect: indirect.into_iter().map(&mut form).collect(),
        }
    }
}

impl Cause {
    /// Returns the possible causes of a divergence. They are most accurate for a minimized case
    /// whose outcomes have the texts of `re.DEBUG`.
    pub fn candidates(divergence: &Divergence) -> Candidates<Cause> {
        let mut divergence = divergence.clone();
        let mut indirect = Vec::new();
        if rust_compiler::differs_by_form(&divergence.rust) {
            indirect.push(Cause::Form);
            if divergence.aspect == Aspect::Tree {
                // The marker hides what else differs.
                remove_texts(&mut divergence.rust);
                match first_difference(divergence.dialects, &divergence.rust, &divergence.cpython) {
                    Some(aspect) => divergence.aspect = aspect,
                    None => return Candidates { direct: indirect, indirect: Vec::new() },
                }
            }
        }
        let (direct, callers) = explain::candidates(&divergence);
        indirect.extend(callers.into_iter().map(Cause::Function));
        let direct = match direct {
            functions if functions.is_empty() && divergence.aspect == Aspect::NoAnswer => {
                vec![Cause::Interpreter]
            }
            functions if functions.is_empty() => vec![Cause::Panic],
            functions => functions.into_iter().map(Cause::Function).collect(),
        };
        Candidates { direct, indirect }
    }

    /// Returns the cause as text, for the CPython of a dialect: `_optimize_charset in
    /// re/_compiler.py`.
    pub fn text(self, dialect: Dialect) -> String {
        match self {
            Cause::Function(function) => format!("{function} in {}", function.file(dialect)),
            Cause::Form => "sre-compiler itself: its results differ by the form of the text".to_owned(),
            Cause::Panic => "sre-compiler itself: it panics".to_owned(),
            Cause::Interpreter => "the tested interpreter: it crashes or gives no answer".to_owned(),
        }
    }
}

fn remove_texts(outcome: &mut Outcome) {
    if let Outcome::Accepted(accepted) = outcome {
        (accepted.tree, accepted.dis) = (None, None);
    }
}

/// The number of functions in which one bug may show. Where there are more and they have a possible
/// cause in common, that one is the cause.
const MOST: usize = 3;

/// Returns a cause for each item, so that there are few causes: repeatedly chooses the direct candidate
/// of the most divergences without a cause, and among equals the one that is the most likely for
/// most. More than three causes are then replaced by a candidate that they have in common, be it an
/// indirect one.
///
/// An item is the number of its divergences with its candidates; an item without candidates has no
/// cause.
pub fn cover<C: Ord>(items: &[(u64, Candidates<C>)]) -> Vec<Option<&C>> {
    let mut chosen: Vec<Option<&C>> = vec![None; items.len()];
    loop {
        let mut scores: BTreeMap<&C, (u64, u64)> = BTreeMap::new();
        for ((times, Candidates { direct, .. }), _) in
            items.iter().zip(&chosen).filter(|(_, chosen)| chosen.is_none())
        {
            for candidate in direct {
                let (all, first) = scores.entry(candidate).or_default();
                *all += times;
                *first += if direct.first() == Some(candidate) { *times } else { 0 };
            }
        }
        let best = scores.into_iter().max_by_key(|(candidate, score)| (*score, Reverse(*candidate)));
        let Some((best, _)) = best else { break };
        for ((_, candidates), chosen) in items.iter().zip(&mut chosen) {
            if chosen.is_none() && candidates.direct.contains(best) {
                *chosen = Some(best);
            }
        }
    }
    while merge(items, &mut chosen) {}
    chosen
}

/// Replaces causes by the candidate that most of them have in common, if these are more than
/// [`MOST`]. Returns whether it did.
fn merge<'i, C: Ord>(items: &'i [(u64, Candidates<C>)], chosen: &mut [Option<&'i C>]) -> bool {
    // The candidates that most divergences of a cause have.
    let mut shares: BTreeMap<&C, (u64, BTreeMap<&C, u64>)> = BTreeMap::new();
    for ((times, Candidates { direct, indirect }), cause) in items.iter().zip(chosen.iter()) {
        let Some(cause) = cause else { continue };
        let (all, of_candidates) = shares.entry(cause).or_default();
        *all += times;
        let candidates: BTreeSet<&C> = direct.iter().chain(indirect).collect();
        candidates.into_iter().for_each(|c| *of_candidates.entry(c).or_default() += times);
    }
    let common = shares.into_iter().map(|(cause, (all, of_candidates))| {
        let of_most = of_candidates.into_iter().filter(move |(_, times)| times * 2 > all);
        (cause, of_most.map(|(candidate, _)| candidate).collect::<Vec<&C>>())
    });
    let mut causes: BTreeMap<&C, Vec<&C>> = BTreeMap::new();
    for (cause, candidates) in common {
        candidates.into_iter().for_each(|candidate| causes.entry(candidate).or_default().push(cause));
    }
    let best = causes.into_iter().max_by_key(|(candidate, causes)| (causes.len(), Reverse(*candidate)));
    let Some((best, merged)) = best.filter(|(_, causes)| causes.len() > MOST) else { return false };
    for cause in chosen.iter_mut().filter(|cause| cause.is_some_and(|cause| merged.contains(&cause))) {
        *cause = Some(best);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(
        times: u64,
        direct: &[&'static str],
        indirect: &[&'static str],
    ) -> (u64, Candidates<&'static str>) {
        (times, Candidates { direct: direct.to_vec(), indirect: indirect.to_vec() })
    }

    #[test]
    fn few_causes_cover_all_divergences() {
        let items = [
            item(5, &["info", "width"], &[]),
            item(2, &["compile", "width"], &[]),
            item(9, &["set", "charset"], &[]),
            item(1, &["charset"], &[]),
            item(1, &[], &[]),
        ];
        let causes: Vec<_> = cover(&items).into_iter().map(|cause| cause.copied()).collect();
        assert_eq!(causes, [Some("width"), Some("width"), Some("charset"), Some("charset"), None]);
        assert_eq!(cover(&items[2..3]), [Some(&"set")]);
    }

    #[test]
    fn more_than_three_causes_are_replaced_by_one_that_they_have_in_common() {
        let items = [
            item(9, &["parse"], &["_parse"]),
            item(1, &["escape"], &["_parse"]),
            item(2, &["flags"], &["form", "_parse"]),
            item(3, &["_parse"], &[]),
            item(7, &["compile"], &["form"]),
        ];
        let causes =
            |items| -> Vec<_> { cover(items).into_iter().map(|cause| cause.copied().unwrap()).collect() };
        assert_eq!(causes(&items), ["_parse", "_parse", "_parse", "_parse", "compile"]);
        // Two bugs, or one that shows in few functions.
        assert_eq!(causes(&items[..3]), ["parse", "escape", "flags"]);
    }
}
