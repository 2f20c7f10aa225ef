//! Small changes to a pattern, on the level of its pieces: characters, escapes, sets, groups.

use std::ops::Range;

use arbitrary::Unstructured;

use super::characters::character;
use super::dice::Dice;
use super::{flags, grammar, soup};
use crate::case::{Case, Text};

/// Changes a case's pattern a little: pieces are taken away, doubled, moved, put into groups, repeated, or replaced by
/// new ones; sometimes the flags or the kind change instead.
///
/// # Errors
/// Never, at present; it is for `arbitrary`'s conventions.
pub fn mutate(case: &Case, u: &mut Unstructured<'_>) -> arbitrary::Result<Case> {
    Ok(mutated(case, &mut Dice(u)))
}

/// How long a pattern may grow, unless it is longer already.
const LONGEST: usize = 4096;

pub(super) fn mutated(case: &Case, dice: &mut Dice<'_, '_>) -> Case {
    let mut is_bytes = case.is_bytes();
    let mut flags = case.flags;
    let mut text = match &case.text {
        Text::Str(text) => text.clone(),
        Text::Bytes(bytes) => bytes.iter().map(|&b| u32::from(b)).collect(),
    };
    for _ in 0..dice.pick(&[1, 1, 1, 2, 3]) {
        match dice.below(32) {
            30 => flags = flags::any(dice, is_bytes),
            31 => {
                is_bytes = !is_bytes;
                flags = flags::any(dice, is_bytes);
            }
            _ => change(&mut text, is_bytes, dice),
        }
    }
    text.truncate(LONGEST.max(case.len()));
    let text = match is_bytes {
        true => Text::Bytes(text.iter().map(|&c| c as u8).collect()),
        false => Text::Str(text),
    };
    Case { text, flags }
}

fn change(text: &mut Vec<u32>, is_bytes: bool, dice: &mut Dice<'_, '_>) {
    let at = dice.below(text.len() + 1);
    let piece = piece_at(text, at);
    match dice.below(16) {
        0..=1 => drop(text.drain(piece)),
        2 => {
            let copy = text[piece.clone()].to_vec();
            insert(text, piece.end, copy);
        }
        3 => {
            let copy: Vec<u32> = text.drain(piece).collect();
            let to = dice.below(text.len() + 1);
            let to = piece_at(text, to).start;
            insert(text, to, copy);
        }
        4..=5 => {
            let opening = dice
                .pick(&["(", "(?:", "(?i:", "(?=", "(?!", "(?<=", "(?>", "(?P<m>", "(?x:", "(?s-i:", "["]);
            let closing = if opening == "[" { "]" } else { ")" };
            insert(text, piece.end, closing.chars().map(u32::from));
            insert(text, piece.start, opening.chars().map(u32::from));
        }
        6..=7 => {
            let repeat = dice
                .pick(&["*", "+", "?", "*?", "+?", "??", "{2}", "{0,3}", "{,2}", "{2,}", "*+", "++", "|"]);
            insert(text, piece.end, repeat.chars().map(u32::from));
        }
        8..=9 => {
            let c = character(dice, is_bytes);
            text.splice(piece, [c]);
        }
        10 => {
            let c = character(dice, is_bytes);
            insert(text, piece.start, [c]);
        }
        11 => insert(text, piece.start, soup::token(dice).chars().map(u32::from)),
        12 if at < text.len() => drop(text.remove(at)),
        13 if at < text.len() => {
            // A neighbour of the character, or the same in the other case.
            let c = match dice.below(3) {
                0 => text[at] ^ 0x20,
                1 => text[at] + 1,
                _ => text[at].saturating_sub(1),
            };
            text[at] = c.min(if is_bytes { 0xff } else { 0x10ffff });
        }
        _ => {
            let new = match grammar::fragment(dice, is_bytes) {
                Text::Str(new) => new,
                Text::Bytes(new) => new.iter().map(|&b| u32::from(b)).collect(),
            };
            let place = if dice.one_in(2) { piece } else { piece.start..piece.start };
            text.splice(place, new);
        }
    }
}

fn insert(text: &mut Vec<u32>, at: usize, new: impl IntoIterator<Item = u32>) {
    text.splice(at..at, new);
}

/// The piece that starts at a place, or in its midst: an escape, a set, a group with its content, or a character.
fn piece_at(text: &[u32], at: usize) -> Range<usize> {
    let start = if at > 0 && text[at - 1] == u32::from('\\') { at - 1 } else { at };
    start..piece_end(text, start).min(text.len())
}

fn piece_end(text: &[u32], start: usize) -> usize {
    let (mut at, mut open) = (start, 0usize);
    let mut set = None;
    while let Some(&c) = text.get(at) {
        let length = if c == u32::from('\\') { 2 } else { 1 };
        match u8::try_from(c) {
            // Directly after its `[`, perhaps with a `^`, a `]` is a member.
            Ok(b']') if set.is_some_and(|set| at > set + 1) => set = None,
            Ok(b'[') if set.is_none() => set = Some(at),
            Ok(b'(') if set.is_none() => open += 1,
            Ok(b')') if set.is_none() => open = open.saturating_sub(1),
            _ => {}
        }
        at += length;
        if open == 0 && set.is_none() {
            return at;
        }
    }
    // It has no end: the first character only.
    start + 1
}
