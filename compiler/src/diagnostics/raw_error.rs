//! An error on its way up.

use alloc::vec::Vec;

use super::kind::ErrorKind;
use crate::input::Pattern;
use crate::memory::{Budget, Stop, grow};
use crate::span::Span;

pub(super) const NOWHERE: u32 = u32::MAX;

/// The characters of `\a-\b`.
const LONGEST_RANGE: usize = 5;
/// An error on its way up: small, and without the pattern, whose positions are only counted at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RawError {
    pub kind: ErrorKind,
    /// The code unit that the position is counted at.
    pub(super) index: u32,
    /// How many characters before it the error is.
    pub(super) back: u32,
    /// What the message quotes. For a bad range the start of each of its two tokens.
    argument: Span,
}

impl RawError {
    /// An error without position.
    pub(crate) fn new(kind: ErrorKind) -> RawError {
        RawError { kind, index: NOWHERE, back: 0, argument: Span::default() }
    }

    /// An error at a code unit.
    pub(crate) fn at(kind: ErrorKind, index: u32) -> RawError {
        RawError { kind, index, back: 0, argument: Span::default() }
    }

    /// The position is that many characters further left.
    pub(crate) fn minus_chars(mut self, characters: u32) -> RawError {
        self.back = characters;
        self
    }

    /// The part of the pattern that the message quotes.
    pub(super) fn quoted(&self, pattern: Pattern<'_>, max_bytes: usize) -> Result<Vec<u32>, Stop> {
        let (start, end) = (self.argument.start as usize, self.argument.end as usize);
        let is_range = self.kind == ErrorKind::BadRange;
        let length = if is_range { LONGEST_RANGE } else { pattern.count_between(start, end) };
        let mut argument = Vec::new();
        if length > 0 {
            grow(&mut argument, length, &mut Budget(max_bytes))?;
        }
        if !is_range {
            argument.extend(pattern.chars_between(start, end));
            return Ok(argument);
        }
        for token in [start, end] {
            argument.extend((!argument.is_empty()).then_some(u32::from('-')));
            let escaped = pattern.chars_between(token, token + 1).eq([u32::from('\\')]);
            let length = if escaped { 2 } else { 1 };
            argument.extend(pattern.chars_between(token, pattern.len()).take(length));
        }
        Ok(argument)
    }

    /// The message quotes this part of the pattern.
    pub(crate) fn with_quote(mut self, start: u32, end: u32) -> RawError {
        self.argument = Span { start, end };
        self
    }
}

/// For what stops by itself; what was raised has to be asked for.
impl From<Stop> for RawError {
    fn from(stop: Stop) -> RawError {
        RawError::new(match stop {
            Stop::MemoryLimit => ErrorKind::MemoryLimit,
            Stop::CodeLimit => ErrorKind::CodeLimit,
            Stop::OutOfMemory | Stop::Raised | Stop::FlagsChanged => ErrorKind::OutOfMemory,
        })
    }
}
