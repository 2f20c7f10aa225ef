//! Characters for a set: its members, those at its borders, and those with another case.

use std::sync::OnceLock;

use sre_compiler::unicode::Version;
use sre_compiler::{Category, SetItem, SetItems};

use crate::characters;
use crate::choices::Choices;

/// Any character but a newline, mostly.
pub(super) fn any(choices: &mut Choices<'_, '_>, is_bytes: bool) -> u32 {
    match choices.below(12) {
        0 => u32::from('\n'),
        1..=3 if !is_bytes => choices.pick(changing()),
        _ => characters::character(choices, is_bytes),
    }
}

/// A character other than `c`, often next to it or in another case.
pub(super) fn other_than(choices: &mut Choices<'_, '_>, c: u32, is_bytes: bool) -> u32 {
    let other = match choices.below(4) {
        0 => c.wrapping_add(1),
        1 => in_another_case(choices, c, is_bytes),
        _ => any(choices, is_bytes),
    };
    if other > 0x10_FFFF { u32::from('a') } else { other }
}

/// A member of a set, or a character at one of its borders.
pub(super) fn of_set(
    choices: &mut Choices<'_, '_>,
    negated: bool,
    items: SetItems<'_>,
    is_bytes: bool,
) -> u32 {
    if negated && !choices.one_in(4) {
        return any(choices, is_bytes);
    }
    let count = items.len();
    let chosen = choices.below(count);
    match items.into_iter().nth(chosen) {
        Some(SetItem::Range(first, last)) => in_range(choices, first, last, is_bytes),
        Some(SetItem::Category(category)) => of_category(choices, category, is_bytes),
        Some(SetItem::Literal(c)) => c,
        _ => any(choices, is_bytes),
    }
}

fn in_range(choices: &mut Choices<'_, '_>, first: u32, last: u32, is_bytes: bool) -> u32 {
    let size = last.saturating_sub(first) as usize;
    match choices.below(8) {
        0 => first,
        1 => last,
        2 => first.saturating_sub(1),
        3 if last < 0x10_FFFF => last + 1,
        4..=5 if !is_bytes => {
            let list = changing();
            let start = list.partition_point(|&c| c < first);
            let end = list.partition_point(|&c| c <= last);
            match end.checked_sub(start) {
                Some(count) if count > 0 => list[start + choices.below(count)],
                _ => first + choices.below(size + 1) as u32,
            }
        }
        _ => first + choices.below(size + 1) as u32,
    }
}

/// A character of a category, or of its complement.
fn of_category(choices: &mut Choices<'_, '_>, category: Category, is_bytes: bool) -> u32 {
    // Whether these belong to the category does not depend on the version.
    let (latin, wide): (&[u32], &[u32]) = match category {
        Category::Digit | Category::NotDigit => {
            (&[0x30, 0x35, 0x39, 0x2f, 0x3a], &[0x661, 0xff11, 0x1d7ce, 0xb2])
        }
        Category::Space | Category::NotSpace => {
            (&[0x20, 0x09, 0x0a, 0x0c, 0x1f, 0x21], &[0xa0, 0x2028, 0x3000, 0x200b])
        }
        _ => (&[0x61, 0x5a, 0x5f, 0x30, 0x2e, 0x40], &[0xe9, 0x3b1, 0x4e00, 0x10400, 0xd7]),
    };
    let is_complement = matches!(category, Category::NotDigit | Category::NotSpace | Category::NotWord);
    let negated = is_complement && !choices.one_in(4);
    match (negated, choices.one_in(3) && !is_bytes) {
        (true, _) => any(choices, is_bytes),
        (false, true) => choices.pick(wide),
        (false, false) => choices.pick(latin),
    }
}

/// A character that is the same if case is ignored, in some version or as `str.upper` sees it.
pub(super) fn in_another_case(choices: &mut Choices<'_, '_>, c: u32, is_bytes: bool) -> u32 {
    if let Some(c) = char::from_u32(c)
        && choices.one_in(2)
    {
        let mut upper = c.to_uppercase();
        let swapped = match upper.next() {
            Some(upper) if upper != c => Some(upper),
            _ => c.to_lowercase().next(),
        };
        if let Some(swapped) = swapped.map(u32::from).filter(|&c| !is_bytes || c < 0x100) {
            return swapped;
        }
    }
    if is_bytes { c ^ 0x20 } else { characters::case_variants(choices, c, is_bytes) }
}

/// The characters whose case is not the same in all versions of Unicode, in order.
fn changing() -> &'static [u32] {
    static CHANGING: OnceLock<Vec<u32>> = OnceLock::new();
    CHANGING.get_or_init(|| {
        let [oldest, newer @ ..] = Version::ALL;
        let differs = |c: u32| {
            newer.iter().any(|version| {
                version.to_lower(c) != oldest.to_lower(c) || version.is_cased(c) != oldest.is_cased(c)
            })
        };
        (0..0x2_0000).filter(|&c| differs(c)).collect()
    })
}
