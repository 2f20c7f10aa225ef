//! Errors as data: kind, position, and the quoted part of the pattern. `message.rs` has CPython's
//! text.

use alloc::vec::Vec;
use core::ops::Range;

use super::kind::{ErrorKind, Exception};
use super::raw_error::{NOWHERE, RawError};
use crate::dialect::Rules;
use crate::input::Pattern;
use crate::span::Span;

/// The reason why a pattern was rejected.
///
/// `Display` writes what `str(exception)` returns in Python. [`message`](Error::message) is that
/// text without the position.
///
/// Two errors are equal if the exceptions are. The [span](Error::span) is not compared, because its
/// unit depends on how the pattern was passed.
#[derive(Clone)]
pub struct Error {
    pub(crate) kind: ErrorKind,
    /// The characters of the pattern that the message quotes.
    pub(crate) quoted: Vec<u32>,
    pub(crate) place: Option<Place>,
    pub(crate) span: Option<Span>,
    pub(crate) is_bytes: bool,
    pub(crate) rules: &'static Rules,
}

impl PartialEq for Error {
    fn eq(&self, other: &Error) -> bool {
        let Error { kind, quoted, place, span: _, is_bytes, rules } = self;
        (*kind, quoted, *place, *is_bytes, *rules)
            == (other.kind, &other.quoted, other.place, other.is_bytes, other.rules)
    }
}

impl Eq for Error {}

/// CPython's text of an error without the position; see [`Error::text`].
#[derive(Clone, Copy)]
pub struct ErrorText<'e>(pub(super) &'e Error);

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

    /// Returns the part of the pattern at fault, in code units of the pattern as it was passed:
    /// bytes of UTF-8 for `&str`, otherwise indices. It is empty at the end of the pattern.
    ///
    /// It begins at [`pos`](Error::pos), if there is one; but for some errors CPython's position is
    /// that after the part at fault. Some errors have a span, but no position in CPython: those of
    /// code generation (`(?<=a*)`) and of numbers. Errors of the flags have neither, nor has
    /// running out of memory.
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.map(Span::range)
    }

    /// Returns the characters of the pattern that the message quotes, as code points; empty if it
    /// quotes none. For a bad range they are those of its two ends, with a hyphen between them.
    pub fn quoted(&self) -> &[u32] {
        &self.quoted
    }

    /// Returns CPython's text without the position. `Display` writes it; a lone surrogate is
    /// replaced by U+FFFD.
    ///
    /// ```
    /// use sre_compiler::{Dialect, Flags, compile};
    /// let error = compile(r"a\q", Flags::empty(), Dialect::LATEST).unwrap_err();
    /// assert_eq!(error.to_string(), r"bad escape \q at position 1");
    /// assert_eq!(error.text().to_string(), r"bad escape \q");
    /// assert_eq!((error.pos(), error.span()), (Some(1), Some(1..3)));
    /// ```
    pub fn text(&self) -> ErrorText<'_> {
        ErrorText(self)
    }

    /// Returns CPython's text without the position, as code points, because it may quote a lone
    /// surrogate. See [`text`](Error::text) for text that is only shown.
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
        let span = error.span(pattern);
        let place = (error.index != NOWHERE).then(|| {
            let pos = pattern.count_between(0, error.index as usize) - error.chars_before as usize;
            Place::new(pattern, pos)
        });
        Error { kind: error.kind, quoted, place, span, is_bytes: pattern.is_bytes(), rules }
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
