//! An error before its position and quotation are worked out.

use alloc::vec::Vec;

use super::kind::ErrorKind;
use crate::input::Pattern;
use crate::memory::{Abort, Budget, grow};
use crate::span::Span;

/// The index of an error without a position.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The most characters that a bad range quotes: `\a-\b`.
const LONGEST_RANGE: usize = 5;

/// An error while it is passed up: small, and with indices of code units. Characters are counted
/// only when it becomes an [`Error`](super::Error).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RawError {
    pub kind: ErrorKind,
    /// The index that the position is counted from.
    pub(super) index: u32,
    /// How many characters before that index the error is.
    pub(super) chars_before: u32,
    /// The part of the pattern that the message quotes. For a bad range the beginnings of its two
    /// tokens.
    quote: Span,
    /// The part of the pattern at fault, as far as the rest does not tell it: its start for an
    /// error without an index, its end or 0.
    at_fault: Span,
}

impl RawError {
    /// An error without a position.
    pub(crate) const fn new(kind: ErrorKind) -> RawError {
        RawError::at(kind, NOWHERE)
    }

    /// An error at an index.
    pub(crate) const fn at(kind: ErrorKind, index: u32) -> RawError {
        let none = Span { start: 0, end: 0 };
        RawError { kind, index, chars_before: 0, quote: none, at_fault: none }
    }

    /// Moves the position back by a number of characters.
    pub(crate) fn minus_chars(mut self, chars: u32) -> RawError {
        self.chars_before = chars;
        self
    }

    /// Sets the end of the part of the pattern that is at fault.
    pub(crate) fn until(mut self, end: u32) -> RawError {
        self.at_fault.end = end;
        self
    }

    /// Sets the part of the pattern at fault, for an error that has no position in CPython.
    pub(crate) fn spanning(mut self, start: u32, end: u32) -> RawError {
        self.at_fault = Span { start, end };
        self
    }

    /// Sets the part of the pattern that the message quotes.
    pub(crate) fn with_quote(mut self, start: u32, end: u32) -> RawError {
        self.quote = Span { start, end };
        self
    }

    /// Returns the part of the pattern at fault. It begins where the position is.
    pub(super) fn span(&self, pattern: Pattern<'_>) -> Option<Span> {
        let Span { start, end } = self.at_fault;
        if self.index == NOWHERE {
            return (end != 0).then_some(Span { start, end });
        }
        let start = pattern.units_before(self.index as usize, self.chars_before as usize);
        let end = if end != 0 {
            end as usize
        } else if self.kind != ErrorKind::BadRange && self.quote.end as usize > start {
            self.quote.end as usize
        } else {
            pattern.char_end(start).max(self.index as usize)
        };
        Some(Span { start: start as u32, end: end.max(start) as u32 })
    }

    /// Returns the characters that the message quotes, in at most `max_bytes`.
    pub(super) fn quoted(&self, pattern: Pattern<'_>, max_bytes: usize) -> Result<Vec<u32>, Abort> {
        let (start, end) = (self.quote.start as usize, self.quote.end as usize);
        let is_range = self.kind == ErrorKind::BadRange;
        let length = if is_range { LONGEST_RANGE } else { pattern.count_between(start, end) };
        let mut quoted = Vec::new();
        if length > 0 {
            grow(&mut quoted, length, &mut Budget(max_bytes))?;
        }
        if !is_range {
            quoted.extend(pattern.chars_between(start, end));
            return Ok(quoted);
        }
        for token in [start, end] {
            quoted.extend((!quoted.is_empty()).then_some(u32::from('-')));
            let escaped = pattern.chars_between(token, token + 1).eq([u32::from('\\')]);
            let length = if escaped { 2 } else { 1 };
            quoted.extend(pattern.chars_between(token, pattern.len()).take(length));
        }
        Ok(quoted)
    }
}

impl From<Abort> for RawError {
    fn from(abort: Abort) -> RawError {
        RawError::new(match abort {
            Abort::OutOfMemory => ErrorKind::OutOfMemory,
            Abort::MemoryLimit => ErrorKind::MemoryLimit,
            Abort::CodeLimit => ErrorKind::CodeLimit,
        })
    }
}
