//! The pieces of a pattern, as far as small changes need them. Any text has some; no mistake
//! matters.

use std::ops::Range;

/// The piece that starts at a place, or in its midst: an escape, a set, a group with its content,
/// or a character.
pub(super) fn piece_at(text: &[u32], at: usize) -> Range<usize> {
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

/// The first place from `at` on, and then from the start, of which something is true.
pub(super) fn place_from(text: &[u32], at: usize, is_it: impl Fn(usize) -> bool) -> Option<usize> {
    (at..text.len()).chain(0..at.min(text.len())).find(|&place| is_it(place))
}

/// Is it an ASCII character?
pub(super) fn is(text: &[u32], at: usize, c: char) -> bool {
    text.get(at) == Some(&u32::from(c))
}

/// Does the text go on with these words?
pub(super) fn starts_with_at(text: &[u32], at: usize, words: &str) -> bool {
    text.len() >= at && text[at..].iter().copied().take(words.len()).eq(words.chars().map(u32::from))
}

/// The decimal number that begins there, if it fits.
pub(super) fn number_at(text: &[u32], at: usize) -> Option<(Range<usize>, u64)> {
    let is_digit = |c: &u32| (0x30..0x3a).contains(c);
    let digits: Vec<u32> = text.get(at..)?.iter().copied().take_while(is_digit).collect();
    let value = digits
        .iter()
        .try_fold(0u64, |value, &digit| value.checked_mul(10)?.checked_add(u64::from(digit - 0x30)))?;
    (!digits.is_empty()).then_some((at..at + digits.len(), value))
}
