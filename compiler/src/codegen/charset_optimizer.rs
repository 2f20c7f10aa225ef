//! Choosing the shortest form of a character set.
//!
//! CPython folds case and marks characters one at a time. The chosen form depends only on which
//! characters are marked in the end, so here ranges are marked word by word while the set is read,
//! and case is folded by runs of the lower-case table.

use super::case::{ASCII_EXTRA_CASES, Case};
use crate::dialect::Rules;
use crate::memory::{Abort, Budget};
use crate::set::{LAST_OF_ASCII, Runs, SetBuilder, SetItem};
use crate::unicode::Version;

/// How a set is emitted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// The items of the pattern, unchanged.
    Original,
    /// At most two runs of characters.
    Runs(Runs),
    /// A bitmap of 256 characters.
    Charset,
    /// A bitmap of 65,536 characters.
    BigCharset,
    /// Every character matches; the set is dropped.
    Any,
    /// No character matches; the set is dropped.
    Never,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Optimized {
    pub form: Form,
    /// Whether the set has a character whose case is ignored. CPython: `hascased`
    pub has_cased: bool,
}

/// What folding found in a set.
struct Found {
    /// A character whose case is ignored.
    has_cased: bool,
    /// A character beyond U+FFFF.
    beyond_bmp: bool,
}

/// Chooses the form of a set of `length` items, and folds the case of the characters in `set`.
///
/// CPython: `re/_compiler.py`, `_optimize_charset`
#[inline(always)]
pub(super) fn optimize(
    set: &mut SetBuilder,
    length: usize,
    case: Case,
    rules: &Rules,
    budget: &mut Budget,
) -> Result<Optimized, Abort> {
    if case == Case::Kept && length - usize::from(set.negated) == 1 {
        // No form is shorter than a single item.
        return Ok(Optimized { form: Form::Original, has_cased: false });
    }
    let has_cased = case != Case::Kept && set.bmp.has_ascii_letters();
    let mut found = Found { has_cased, beyond_bmp: false };
    if let Case::Unicode { version, .. } = case
        && set.exceeds_ascii
    {
        found.has_cased |= fold_beyond_ascii(set, version, budget)?;
    }
    if !set.rest.is_empty() && !fold_rest(set, case, rules, &mut found) {
        let form = if set.negated { Form::Never } else { Form::Any };
        return Ok(Optimized { form, has_cased: false });
    }
    if case != Case::Kept {
        set.bmp.lower_ascii();
        insert_extra_cases(set, case, budget)?;
    }
    let form = choose_form(set, length, &found);
    Ok(Optimized { form, has_cased: found.has_cased })
}

/// Replaces each character between ASCII and U+FFFF by its lower case. Returns whether any of them
/// is cased.
fn fold_beyond_ascii(set: &mut SetBuilder, version: Version, budget: &mut Budget) -> Result<bool, Abort> {
    let bmp = &mut set.bmp;
    let mut has_cased = false;
    let mut from = LAST_OF_ASCII + 1;
    // Lower-case characters map to themselves, so it is harmless to visit one that was inserted.
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

/// Folds the items that the bitmap does not hold. Returns false if two of them are complementary
/// categories, which together match every character.
fn fold_rest(set: &mut SetBuilder, case: Case, rules: &Rules, found: &mut Found) -> bool {
    for n in 0..set.rest.len() {
        let item = set.rest[n];
        set.rest[n] = match item {
            SetItem::Category(category) => {
                let complement = SetItem::Category(category.negated());
                if rules.complementary_categories_folded && set.rest[..n].contains(&complement) {
                    return false;
                }
                item
            }
            SetItem::Literal(c) => {
                let folded = if rules.astral_literals_folded { case.to_lower(c) } else { c };
                found.beyond_bmp = true;
                found.has_cased |=
                    if rules.astral_literals_folded { case.is_cased(folded) } else { case != Case::Kept };
                SetItem::Literal(folded)
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

/// Inserts the characters that match a character of the set although their lower case differs.
fn insert_extra_cases(set: &mut SetBuilder, case: Case, budget: &mut Budget) -> Result<(), Abort> {
    let sets = case.extra_case_sets();
    // Only the first ones have a character of ASCII.
    let sets = if set.bmp.is_ascii() { &sets[..sets.len().min(ASCII_EXTRA_CASES)] } else { sets };
    for extra in sets {
        if extra.iter().any(|&c| set.bmp.contains(c)) {
            for &c in *extra {
                set.bmp.insert(c, budget)?;
            }
        }
    }
    Ok(())
}

#[inline(always)]
fn choose_form(set: &SetBuilder, length: usize, found: &Found) -> Form {
    let Some(runs) = set.bmp.count_few_runs() else {
        let big = found.beyond_bmp || set.bmp.exceeds_latin1();
        return if big { Form::BigCharset } else { Form::Charset };
    };
    let optimized_length = usize::from(set.negated) + runs + set.rest.len();
    if !found.has_cased && optimized_length >= length {
        return Form::Original;
    }
    Form::Runs(set.bmp.few_runs().unwrap_or_default())
}
