//! Errors as data: kind, position, and the quoted part of the pattern. `message.rs` has CPython's
//! text.

use alloc::vec::Vec;

use super::kind::{ErrorKind, Exception};
use super::raw_error::{NOWHERE, RawError};
use crate::dialect::Rules;
use crate::input::Pattern;

/// The reason why a pattern was rejected.
///
/// `Display` writes what `str(exception)` returns in Python. [`message`](Error::message) is that
/// text without the position.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    pub(crate) kind: ErrorKind,
    /// The characters of the pattern that the message quotes.
    pub(crate) quoted: Vec<u32>,
    pub(crate) place: Option<Place>,
    pub(crate) is_bytes: bool,
    pub(crate) rules: &'static Rules,
}

/// A position in the pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub pos: usize,
    pub lineno: usize,
    pub colno: usize,
    /// Whether the pattern has several lines. Only then does the text include line and column.
    pub multiline: bool,
}

impl Error {
    /// Returns what is wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the class of the exception that CPython raises.
    pub fn exception(&self) -> Exception {
        self.kind.exception()
    }

    /// Returns the position in characters from the start of the pattern, or `None` where CPython's
    /// exception has no position.
    pub fn pos(&self) -> Option<usize> {
        self.place.map(|place| place.pos)
    }

    /// Returns the line of [`pos`](Error::pos), counted from 1.
    pub fn lineno(&self) -> Option<usize> {
        self.place.map(|place| place.lineno)
    }

    /// Returns the column of [`pos`](Error::pos), counted from 1.
    pub fn colno(&self) -> Option<usize> {
        self.place.map(|place| place.colno)
    }

    /// Returns CPython's text without the position, as code points, because it may quote a lone
    /// surrogate.
    pub fn message(&self) -> Vec<u32> {
        let mut text = Vec::new();
        self.write_message(&mut |c| text.push(c));
        text
    }

    /// Works out the position and the quotation of an error. The quotation may take `max_bytes`.
    pub(crate) fn new(
        error: RawError,
        pattern: Pattern<'_>,
        rules: &'static Rules,
        max_bytes: usize,
    ) -> Error {
        let (error, quoted) = match error.quoted(pattern, max_bytes) {
            Ok(quoted) => (error, quoted),
            Err(abort) => (abort.into(), Vec::new()),
        };
        let place = (error.index != NOWHERE).then(|| {
            let pos = pattern.count_between(0, error.index as usize) - error.chars_before as usize;
            Place::new(pattern, pos)
        });
        Error { kind: error.kind, quoted, place, is_bytes: pattern.is_bytes(), rules }
    }
}

impl Place {
    /// CPython: `re/_constants.py`, `PatternError.__init__`
    fn new(pattern: Pattern<'_>, pos: usize) -> Place {
        let newline = u32::from('\n');
        let (mut lineno, mut line_start, mut multiline) = (1, 0, false);
        for (index, _) in pattern.chars().enumerate().filter(|&(_, c)| c == newline) {
            multiline = true;
            if index >= pos {
                break;
            }
            lineno += 1;
            line_start = index + 1;
        }
        Place { pos, lineno, colno: pos - line_start + 1, multiline }
    }
}
