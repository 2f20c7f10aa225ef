//! Character sets: the shortest way to write one.

use super::case::{ASCII_EXTRA_CASES, Case};
use crate::dialect::Rules;
use crate::memory::{Budget, Stop};
use crate::set::{Characters, LAST_OF_ASCII, PackedSetItem, Runs, SetItem, SetSummary};
use crate::unicode::Version;

/// What the optimizer makes of a set's items.
#[derive(Debug, Default)]
pub(crate) struct CharsetOptimizer {
    /// Those of the set that is being read or written.
    pub characters: Characters,
    pub(super) negate: bool,
    pub(super) runs: Runs,
}

/// How a set is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Just as in the pattern.
    Original,
    /// As one or two runs of characters.
    Runs,
    /// As a bitmap of 256 characters.
    Charset,
    /// As a bitmap of 65,536 characters.
    BigCharset,
    /// It holds every character.
    Any,
    /// It holds no character.
    Never,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Optimized {
    pub form: Form,
    /// Does it hold a character whose case is ignored?
    pub has_cased: bool,
}

/// What the items of a set are found to hold.
struct Found {
    /// A character whose case is ignored.
    pub(super) has_cased: bool,
    /// A character beyond U+FFFF.
    pub(super) beyond_bmp: bool,
}

impl CharsetOptimizer {
    /// The bytes of memory that it holds.
    pub(super) fn bytes(&self) -> usize {
        self.characters.bytes()
    }

    /// Chooses how to write a set that has just been read, whose characters are marked. CPython folds and marks character by
    /// character; what counts is only which are marked in the end.
    ///
    /// CPython: `re/_compiler.py`, `_optimize_charset`
    #[inline(always)]
    pub(super) fn optimize(
        &mut self,
        items: &[PackedSetItem],
        summary: &SetSummary,
        case: Case,
        rules: &Rules,
        budget: &mut Budget,
    ) -> Result<Optimized, Stop> {
        if case == Case::Kept && items.len() - usize::from(summary.negated) == 1 {
            // Nothing is shorter.
            return Ok(Optimized { form: Form::Original, has_cased: false });
        }
        self.negate = summary.negated;
        let has_cased = case != Case::Kept && self.characters.bmp.has_ascii_letters();
        let mut found = Found { has_cased, beyond_bmp: false };
        if let Case::Unicode { version, .. } = case
            && summary.has_beyond
        {
            found.has_cased |= self.fold(version, budget)?;
        }
        if summary.has_rest && !self.fold_rest(case, rules, &mut found) {
            let form = if self.negate { Form::Never } else { Form::Any };
            return Ok(Optimized { form, has_cased: false });
        }
        if case != Case::Kept {
            self.characters.bmp.lower_ascii();
            self.insert_extra_cases(case, budget)?;
        }
        let form = self.choose_form(items.len(), &found);
        Ok(Optimized { form, has_cased: found.has_cased })
    }

    /// Puts the lower case in place of each character beyond ASCII; was any of them cased?
    fn fold(&mut self, version: Version, budget: &mut Budget) -> Result<bool, Stop> {
        let bmp = &mut self.characters.bmp;
        let mut has_cased = false;
        let mut from = LAST_OF_ASCII + 1;
        // What is lower case already stays, so that it does no harm to come by where it was put.
        while let Some((first, last)) = bmp.next_span(from) {
            has_cased =
                has_cased || version.cased(first, last).any(|(first, last)| bmp.contains_any(first, last));
            for run in version.lower_runs(first, last) {
                for c in (run.first..=run.last).step_by(run.step as usize) {
                    if bmp.remove(c) {
                        let lower = c.wrapping_add_signed(run.delta);
                        bmp.insert(lower, budget)?;
                    }
                }
            }
            from = last + 1;
        }
        Ok(has_cased)
    }

    /// Folds what no bitmap holds; false where two categories make every character of it.
    fn fold_rest(&mut self, case: Case, rules: &Rules, found: &mut Found) -> bool {
        for n in 0..self.characters.rest.len() {
            let item = self.characters.rest[n];
            self.characters.rest[n] = match item {
                SetItem::Category(category) => {
                    let complement = SetItem::Category(category.negated());
                    if rules.complementary_categories_folded
                        && self.characters.rest[..n].contains(&complement)
                    {
                        return false;
                    }
                    item
                }
                SetItem::Literal(c) => {
                    let kept = if rules.astral_literals_folded { case.to_lower(c) } else { c };
                    found.beyond_bmp = true;
                    found.has_cased |= match rules.astral_literals_folded {
                        true => case.is_cased(kept),
                        false => case != Case::Kept,
                    };
                    SetItem::Literal(kept)
                }
                SetItem::Range(first, last) => {
                    found.beyond_bmp = true;
                    found.has_cased |= case != Case::Kept;
                    match case {
                        Case::Kept => item,
                        Case::Ascii if rules.astral_literals_folded => item,
                        _ => SetItem::RangeUniIgnore(first, last),
                    }
                }
                other => other,
            };
        }
        true
    }

    fn insert_extra_cases(&mut self, case: Case, budget: &mut Budget) -> Result<(), Stop> {
        let sets = case.extra_case_sets();
        let sets =
            if self.characters.bmp.is_ascii() { &sets[..sets.len().min(ASCII_EXTRA_CASES)] } else { sets };
        for set in sets {
            if set.iter().any(|&c| self.characters.bmp.contains(c)) {
                for &c in *set {
                    self.characters.bmp.insert(c, budget)?;
                }
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn choose_form(&mut self, items: usize, found: &Found) -> Form {
        let Some(runs) = self.characters.bmp.count_few_runs() else {
            let big = found.beyond_bmp || self.characters.bmp.exceeds_latin1();
            return if big { Form::BigCharset } else { Form::Charset };
        };
        let length = usize::from(self.negate) + runs + self.characters.rest.len();
        if !found.has_cased && length >= items {
            return Form::Original;
        }
        self.runs = self.characters.bmp.few_runs().unwrap_or_default();
        Form::Runs
    }
}
