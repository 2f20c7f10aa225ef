//! A rough division of a pattern into pieces, for mutations. Any text is accepted, and a wrong
//! division does no harm.

use std::ops::Range;

/// Returns the piece that starts at a position: an escape, a set, a group with its contents, or a
/// character. A position within an escape belongs to the escape.
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
            // A `]` directly after `[` or `[^` is a member.
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
    // The piece has no end, so that it is only its first character.
    start + 1
}

/// Returns the first position for which a predicate holds, from `at` on and then from the start.
pub(super) fn place_from(text: &[u32], at: usize, is_it: impl Fn(usize) -> bool) -> Option<usize> {
    (at..text.len()).chain(0..at.min(text.len())).find(|&place| is_it(place))
}

/// Returns whether a certain character is at a position.
pub(super) fn is(text: &[u32], at: usize, c: char) -> bool {
    text.get(at) == Some(&u32::from(c))
}

/// Returns whether these words are at a position.
pub(super) fn starts_with_at(text: &[u32], at: usize, words: &str) -> bool {
    text.len() >= at && text[at..].iter().copied().take(words.len()).eq(words.chars().map(u32::from))
}

/// Returns the decimal number that begins at a position, unless it overflows.
pub(super) fn number_at(text: &[u32], at: usize) -> Option<(Range<usize>, u64)> {
    let is_digit = |c: &u32| (0x30..0x3a).contains(c);
    let digits: Vec<u32> = text.get(at..)?.iter().copied().take_while(is_digit).collect();
    let value = digits
        .iter()
        .try_fold(0u64, |value, &digit| value.checked_mul(10)?.checked_add(u64::from(digit - 0x30)))?;
    (!digits.is_empty()).then_some((at..at + digits.len(), value))
}
