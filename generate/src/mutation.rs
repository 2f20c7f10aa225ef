//! Mutations of a pattern's pieces: characters, escapes, sets, groups.

use arbitrary::Unstructured;
use sre_case::{Case, Text};

use super::characters::{above, below, case_variants, character};
use super::choices::Choices;
use super::pieces::{is, number_at, piece_at, place_from, starts_with_at};
use super::{flags, grammar, random_tokens};

/// Mutates a case: removes, duplicates or moves pieces, puts them into groups, adds quantifiers,
/// replaces them by others of their kind, by new ones or by pieces of `others`, widens ranges,
/// changes numbers, and replaces characters by case variants. Sometimes changes the flags or the
/// kind instead.
///
/// # Errors
/// Never; the return type follows the conventions of `arbitrary`.
pub fn mutate(case: &Case, others: &[Case], u: &mut Unstructured<'_>) -> arbitrary::Result<Case> {
    Ok(mutated(case, others, &mut Choices(u)))
}

/// Limit of the length of a pattern, unless it is already longer.
const LONGEST: usize = 4096;

pub(super) fn mutated(case: &Case, others: &[Case], choices: &mut Choices<'_, '_>) -> Case {
    let mut is_bytes = case.is_bytes();
    let mut flags = case.flags;
    let mut text: Vec<u32> = case.pattern().chars().collect();
    for _ in 0..choices.pick(&[1, 1, 1, 2, 3]) {
        match choices.below(32) {
            29 => flags = flags::toggled(choices, flags),
            30 => flags = flags::any(choices, is_bytes),
            31 => {
                is_bytes = !is_bytes;
                flags = flags::any(choices, is_bytes);
            }
            _ => change(&mut text, is_bytes, others, choices),
        }
    }
    text.truncate(LONGEST.max(case.len()));
    let text = match is_bytes {
        true => Text::Bytes(text.iter().map(|&c| c as u8).collect()),
        false => Text::Str(text),
    };
    Case { text, flags }
}

const WRAPS: &[&str] = &["(", "(?:", "(?i:", "(?=", "(?!", "(?<=", "(?>", "(?P<m>", "(?x:", "(?s-i:", "["];

const REPEATS: &[&str] =
    &["*", "+", "?", "*?", "+?", "??", "{2}", "{0,3}", "{,2}", "{2,}", "{1,2}?", "*+", "++", "|"];

/// Parts that can replace each other; the longest first among those with a common prefix.
const EXCHANGES: [&[&str]; 4] = [
    &["(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?-i:", "(?s:", "(?a:", "(?u:", "(?L:", "("],
    &["*?", "+?", "??", "*+", "++", "?+", "}?", "}+", "*", "+", "?", "}"],
    &["\\d", "\\D", "\\s", "\\S", "\\w", "\\W", "\\b", "\\B", "\\A", "\\Z"],
    &["^", "$", ".", "|", "\\b", "[^", "["],
];

fn change(text: &mut Vec<u32>, is_bytes: bool, others: &[Case], choices: &mut Choices<'_, '_>) {
    let at = choices.below(text.len() + 1);
    let piece = piece_at(text, at);
    match choices.below(22) {
        0..=1 => drop(text.drain(piece)),
        2 => {
            let copy = text[piece.clone()].to_vec();
            insert(text, piece.end, copy);
        }
        3 => {
            let copy: Vec<u32> = text.drain(piece).collect();
            let to = choices.below(text.len() + 1);
            let to = piece_at(text, to).start;
            insert(text, to, copy);
        }
        4..=5 => {
            let opening = choices.pick(WRAPS);
            let closing = if opening == "[" { "]" } else { ")" };
            insert_word(text, piece.end, closing);
            insert_word(text, piece.start, opening);
        }
        6..=7 => insert_word(text, piece.end, choices.pick(REPEATS)),
        8 => drop(text.splice(piece, [character(choices, is_bytes)])),
        9 => insert(text, piece.start, [character(choices, is_bytes)]),
        10 => insert_word(text, piece.start, random_tokens::token(choices)),
        11 if at < text.len() => drop(text.remove(at)),
        12 if at < text.len() => {
            // An adjacent character, or the other case.
            let c = match choices.below(3) {
                0 => text[at] ^ 0x20,
                1 => text[at] + 1,
                _ => text[at].saturating_sub(1),
            };
            text[at] = c.min(if is_bytes { 0xff } else { 0x10ffff });
        }
        13 if at < text.len() => text[at] = case_variants(choices, text[at], is_bytes),
        14 => exchange(text, at, choices),
        15 => widen(text, at, is_bytes, choices),
        16 => count(text, at, choices),
        17..=18 if !others.is_empty() => {
            let other: Vec<u32> = others[choices.below(others.len())].pattern().chars().collect();
            let from = choices.below(other.len() + 1);
            let new = other[piece_at(&other, from)].to_vec();
            replace_or_insert(text, piece, new, choices);
        }
        _ => {
            let new = match grammar::fragment(choices, is_bytes) {
                Text::Str(new) => new,
                Text::Bytes(new) => new.iter().map(|&b| u32::from(b)).collect(),
            };
            replace_or_insert(text, piece, new, choices);
        }
    }
}

fn insert(text: &mut Vec<u32>, at: usize, new: impl IntoIterator<Item = u32>) {
    text.splice(at..at, new);
}

fn insert_word(text: &mut Vec<u32>, at: usize, word: &str) {
    insert(text, at, word.chars().map(u32::from));
}

fn replace_or_insert(
    text: &mut Vec<u32>,
    piece: std::ops::Range<usize>,
    new: Vec<u32>,
    choices: &mut Choices<'_, '_>,
) {
    let place = if choices.one_in(2) { piece } else { piece.start..piece.start };
    text.splice(place, new);
}

/// Replaces the next group, quantifier, category or position by another one.
fn exchange(text: &mut Vec<u32>, at: usize, choices: &mut Choices<'_, '_>) {
    let words = EXCHANGES[choices.below(EXCHANGES.len())];
    let word_at = |place: usize| {
        let is_escaped = place > 0 && is(text, place - 1, '\\');
        let found = words.iter().find(|word| !is_escaped && starts_with_at(text, place, word))?;
        // The parenthesis of `(?P<` is not a plain group.
        (*found != "(" || !is(text, place + 1, '?')).then_some(found.len())
    };
    let Some(place) = place_from(text, at, |place| word_at(place).is_some()) else { return };
    let length = word_at(place).unwrap_or_default();
    text.splice(place..place + length, choices.pick(words).chars().map(u32::from));
}

/// Widens the next range of a set, or whatever looks like one.
fn widen(text: &mut [u32], at: usize, is_bytes: bool, choices: &mut Choices<'_, '_>) {
    let is_range = |place: usize| place > 0 && is(text, place, '-') && place + 1 < text.len();
    let Some(place) = place_from(text, at, is_range) else { return };
    let end = if choices.one_in(2) { place - 1 } else { place + 1 };
    // Escapes are not changed.
    if is(text, end, '\\') || end > 1 && is(text, end - 1, '\\') {
        return;
    }
    text[end] = match end < place {
        true => below(choices, text[end]),
        false => above(choices, text[end], is_bytes),
    };
}

/// Numbers at the limits of rules and of code words.
const BORDERS: &[u64] = &[0, 1, 2, 99, 100, 255, 256, 65534, 65535, 65536, 4294967294, 4294967295];

/// Changes the next number: a count, a reference, the digits of an escape.
fn count(text: &mut Vec<u32>, at: usize, choices: &mut Choices<'_, '_>) {
    let Some(place) = place_from(text, at, |place| number_at(text, place).is_some()) else { return };
    let Some((digits, value)) = number_at(text, place) else { return };
    let value = match choices.below(8) {
        0..=2 => value.saturating_add(1),
        3..=5 => value.saturating_sub(1),
        6 => value.saturating_mul(2),
        _ => choices.pick(BORDERS),
    };
    text.splice(digits, value.to_string().chars().map(u32::from));
}
