//! The pattern as the caller passes it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::source::Source;

/// A pattern: text (a Python `str`) or bytes.
///
/// A Python `str` may contain lone surrogates, which a Rust `str` cannot. Pass such a pattern as
/// [code points](Pattern::from_code_points).
///
/// ```
/// use sre_compiler::Pattern;
/// let text = Pattern::from("[a-z]+");
/// let bytes = Pattern::from(&b"[\x80-\xff]"[..]);
/// let surrogate = Pattern::from_code_points(&[0xd800, 0x2b]).unwrap();
/// assert!(bytes.is_bytes() && !text.is_bytes() && !surrogate.is_bytes());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pattern<'p>(pub(crate) Units<'p>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Units<'p> {
    Utf8(&'p str),
    CodePoints(&'p [u32]),
    Bytes(&'p [u8]),
}

/// Error returned by [`Pattern::from_code_points`] for a number above U+10FFFF.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidCodePoint(
    /// The number.
    pub u32,
);

impl<'p> Pattern<'p> {
    /// Makes a text pattern of code points, which may be surrogates.
    ///
    /// # Errors
    /// If a number is above U+10FFFF.
    pub fn from_code_points(code_points: &'p [u32]) -> Result<Pattern<'p>, InvalidCodePoint> {
        // Without an early exit the loop is vectorised.
        if code_points.iter().fold(true, |valid, &c| valid & (c <= 0x10FFFF)) {
            return Ok(Pattern(Units::CodePoints(code_points)));
        }
        Err(InvalidCodePoint(code_points.iter().copied().find(|&c| c > 0x10FFFF).unwrap_or_default()))
    }

    /// Returns whether this is a `bytes` pattern.
    pub fn is_bytes(self) -> bool {
        matches!(self.0, Units::Bytes(_))
    }

    /// Returns the length in code units: bytes of UTF-8 for a `&str`, otherwise elements of the
    /// slice. Spans count the same units.
    pub fn len(self) -> usize {
        match self.0 {
            Units::Utf8(text) => text.len(),
            Units::CodePoints(text) => text.len(),
            Units::Bytes(bytes) => bytes.len(),
        }
    }

    /// Returns whether the pattern is empty.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Returns the index of the code unit at which a character begins, given how many characters
    /// precede it. For the number of characters it is the [length](Pattern::len). `None` for
    /// more.
    ///
    /// CPython counts positions in characters, spans count code units. They differ for a `&str`
    /// only, for which this takes a step for each character.
    ///
    /// ```
    /// use sre_compiler::Pattern;
    /// let pattern = Pattern::from("née");
    /// assert_eq!(pattern.char_to_unit(2), Some(3));
    /// assert_eq!(pattern.unit_to_char(3), Some(2));
    /// assert_eq!(pattern.unit_to_char(2), None); // inside of é
    /// ```
    pub fn char_to_unit(self, character: usize) -> Option<usize> {
        match self.0 {
            Units::Utf8(text) => {
                let ends = core::iter::once(text.len());
                text.char_indices().map(|(index, _)| index).chain(ends).nth(character)
            }
            _ => (character <= self.len()).then_some(character),
        }
    }

    /// Returns how many characters precede the one that begins at a code unit, or `None` if none
    /// begins there. The inverse of [`char_to_unit`](Pattern::char_to_unit).
    pub fn unit_to_char(self, unit: usize) -> Option<usize> {
        match self.0 {
            Units::Utf8(text) => text.get(..unit).map(|before| before.chars().count()),
            _ => (unit <= self.len()).then_some(unit),
        }
    }

    /// Returns the characters as code points, those of a `bytes` pattern as Latin-1.
    pub fn chars(self) -> impl Iterator<Item = u32> + Clone + 'p {
        self.chars_between(0, self.len())
    }

    /// Returns the characters between two indices that the tokenizer returned.
    pub(crate) fn chars_between(self, start: usize, end: usize) -> impl Iterator<Item = u32> + Clone + 'p {
        let mut at = start;
        core::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let (c, after) = match self.0 {
                Units::Utf8(text) => text.char_at(at),
                Units::CodePoints(text) => text.char_at(at),
                Units::Bytes(bytes) => bytes.char_at(at),
            }?;
            at = after;
            Some(c)
        })
    }

    /// Returns the characters, each with the index of its first code unit.
    pub(crate) fn char_indices(self) -> impl Iterator<Item = (usize, u32)> + Clone + 'p {
        let mut at = 0;
        core::iter::from_fn(move || {
            let start = at;
            let c = self.chars_between(start, self.len()).next()?;
            at = self.char_end(start);
            Some((start, c))
        })
    }

    /// Returns the index after the character that begins at an index, or the length at the end.
    pub(crate) fn char_end(self, at: usize) -> usize {
        match self.0 {
            Units::Utf8(text) => {
                at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
            }
            _ => self.len().min(at + 1),
        }
    }

    /// Returns the index that is a number of characters before another one.
    pub(crate) fn units_before(self, index: usize, chars: usize) -> usize {
        match self.0 {
            Units::Utf8(text) => {
                let before = text.get(..index).unwrap_or(text);
                index - before.chars().rev().take(chars).map(char::len_utf8).sum::<usize>()
            }
            _ => index.saturating_sub(chars),
        }
    }

    /// Returns the number of characters between two indices.
    pub(crate) fn count_between(self, start: usize, end: usize) -> usize {
        match self.0 {
            Units::Utf8(text) => text.get(start..end).map_or(0, |text| text.chars().count()),
            _ => end - start,
        }
    }
}

impl<'p> From<&'p str> for Pattern<'p> {
    fn from(text: &'p str) -> Pattern<'p> {
        Pattern(Units::Utf8(text))
    }
}

impl<'p> From<&'p String> for Pattern<'p> {
    fn from(text: &'p String) -> Pattern<'p> {
        Pattern(Units::Utf8(text))
    }
}

impl<'p> From<&'p Vec<u8>> for Pattern<'p> {
    fn from(bytes: &'p Vec<u8>) -> Pattern<'p> {
        Pattern(Units::Bytes(bytes))
    }
}

/// A text pattern. Its code units are characters.
impl<'p> From<&'p [char]> for Pattern<'p> {
    fn from(text: &'p [char]) -> Pattern<'p> {
        Pattern(Units::CodePoints(bytemuck::cast_slice(text)))
    }
}

/// A text pattern. Its code units are characters.
impl<'p, const N: usize> From<&'p [char; N]> for Pattern<'p> {
    fn from(text: &'p [char; N]) -> Pattern<'p> {
        Pattern::from(&text[..])
    }
}

/// A text pattern. Its code units are characters.
impl<'p> From<&'p Vec<char>> for Pattern<'p> {
    fn from(text: &'p Vec<char>) -> Pattern<'p> {
        Pattern::from(&text[..])
    }
}

impl<'p> From<&'p [u8]> for Pattern<'p> {
    fn from(bytes: &'p [u8]) -> Pattern<'p> {
        Pattern(Units::Bytes(bytes))
    }
}

impl<'p, const N: usize> From<&'p [u8; N]> for Pattern<'p> {
    fn from(bytes: &'p [u8; N]) -> Pattern<'p> {
        Pattern(Units::Bytes(bytes))
    }
}

impl fmt::Display for InvalidCodePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x} is not a code point", self.0)
    }
}

impl core::error::Error for InvalidCodePoint {}
