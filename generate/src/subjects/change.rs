//! Changes of a text that matches: it then matches elsewhere, or just fails.

use super::{Pattern, members};
use crate::characters;
use crate::choices::Choices;

pub(super) fn change(text: &mut Vec<u32>, pattern: &Pattern<'_>, choices: &mut Choices<'_, '_>) {
    let is_bytes = pattern.is_bytes;
    // A third stays as it is.
    let count = match choices.below(6) {
        0..=1 => 0,
        2..=4 => 1,
        _ => choices.within(2, 4),
    };
    for _ in 0..count {
        let at = choices.below(text.len().max(1));
        match choices.below(10) {
            0 if !text.is_empty() => {
                text.remove(at);
            }
            1 => text.insert(at, characters::character(choices, is_bytes)),
            2 if !text.is_empty() => text[at] = members::other_than(choices, text[at], is_bytes),
            3 if !text.is_empty() => text[at] = members::in_another_case(choices, text[at], is_bytes),
            4 => text.truncate(at),
            5 => {
                text.drain(..at);
            }
            // Twice, for searches that go on after a match.
            6 => text.extend_from_within(..),
            // Overlaps with itself, as the prefix of a search may.
            8 if !text.is_empty() => text.insert(at, text[at]),
            7 => text.insert(0, characters::character(choices, is_bytes)),
            _ => widen(text, is_bytes, choices),
        }
    }
    for c in text.iter_mut() {
        *c = if is_bytes { *c & 0xFF } else { (*c).min(0x10_FFFF) };
    }
}

/// Adds a character that makes CPython store the text in another width.
fn widen(text: &mut Vec<u32>, is_bytes: bool, choices: &mut Choices<'_, '_>) {
    let wide = if is_bytes { 0xE9 } else { choices.pick(&[0xE9, 0x4E00, 0x1_F600]) };
    if choices.one_in(2) {
        text.push(wide);
    } else {
        text.insert(0, wide);
    }
}
