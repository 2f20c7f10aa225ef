//! Escapes: a backslash and what follows it.

use super::context::Parser;
use super::stop::ParseStop;
use crate::diagnostics::{ErrorKind, RawError};
use crate::input::Source;
use crate::input::Token;
use crate::opcode::{At, Category};
use crate::set::SetItem;
#[cfg(feature = "names")]
use crate::unicode::Named;

/// The largest octal escape.
const MAX_OCTAL: u32 = 0o377;

impl<S: Source> Parser<'_, S> {
    /// Parses an escape outside of a set, which is the next token, at `start`.
    ///
    /// CPython: `re/_parser.py`, `_escape`
    pub(super) fn parse_escape(&mut self, start: u32) -> Result<(), ParseStop> {
        if let Some(category) = self.tokens.escaped_unit().and_then(Category::from_letter) {
            self.tokens.go(start as usize + 2);
            return self.append_category(category, start);
        }
        let Some(c) = self.tokens.escape() else {
            return Err(self.raise(RawError::at(ErrorKind::BadEscapeAtEnd, start)));
        };
        let ascii = u8::try_from(c).unwrap_or(0x7f);
        let at = match ascii {
            b'A' => At::BeginningString,
            b'b' => At::Boundary,
            b'B' => At::NonBoundary,
            b'Z' => At::EndString,
            b'z' if self.rules.lower_z_escape => At::EndString,
            b'0' => {
                let (value, _) = self.tokens.digits(2, 8);
                return self.append_literal(value, start);
            }
            b'1'..=b'9' => return self.parse_numeric_escape(start, c - u32::from('0')),
            _ => {
                let c = self.parse_character_escape(start, c)?;
                return self.append_literal(c, start);
            }
        };
        self.append_at(at, start)
    }

    /// Parses an escape inside a set, at `start`. Its backslash and the character `c` have been
    /// read.
    ///
    /// CPython: `re/_parser.py`, `_class_escape`
    pub(super) fn parse_class_escape(&mut self, start: u32, c: u32) -> Result<SetItem, ParseStop> {
        let ascii = u8::try_from(c).unwrap_or(0x7f);
        Ok(match ascii {
            b'b' => SetItem::Literal(0x08),
            b'0'..=b'7' => {
                let (rest, count) = self.tokens.digits(2, 8);
                let value = ((c - u32::from('0')) << (3 * count)) | rest;
                SetItem::Literal(self.check_octal(start, value)?)
            }
            b'8' | b'9' => return Err(self.bad_escape(start)),
            _ => match Category::from_letter(ascii) {
                Some(category) => SetItem::Category(category),
                None => SetItem::Literal(self.parse_character_escape(start, c)?),
            },
        })
    }

    /// Parses an escape for one character, which means the same inside and outside of a set.
    fn parse_character_escape(&mut self, start: u32, c: u32) -> Result<u32, ParseStop> {
        let ascii = u8::try_from(c).unwrap_or(0x7f);
        Ok(match ascii {
            b'a' => 0x07,
            b'f' => 0x0c,
            b'n' => 0x0a,
            b'r' => 0x0d,
            b't' => 0x09,
            b'v' => 0x0b,
            b'x' => self.parse_hexadecimal(start, 2)?,
            b'u' if S::TEXT => self.parse_hexadecimal(start, 4)?,
            b'U' if S::TEXT => match self.parse_hexadecimal(start, 8)? {
                0x8000_0000.. if !self.rules.escape_beyond_int_bad => {
                    return Err(self.raise(
                        RawError::new(ErrorKind::EscapeBeyondInt).spanning(start, self.tokens.tell()),
                    ));
                }
                0x11_0000.. => return Err(self.bad_escape(start)),
                c => c,
            },
            b'N' if S::TEXT => self.parse_named(start)?,
            b'p' | b'P' if S::TEXT && self.rules.properties => {
                let end = self.tokens.tell();
                return Err(self.refuse_preview("properties (\\p) are", start, end));
            }
            _ if ascii.is_ascii_alphabetic() => return Err(self.bad_escape(start)),
            _ => c,
        })
    }

    fn bad_escape(&mut self, start: u32) -> ParseStop {
        self.refuse_escape(ErrorKind::BadEscape, start)
    }

    /// Raises an error about the escape that extends from `start` to the next token.
    fn refuse_escape(&mut self, kind: ErrorKind, start: u32) -> ParseStop {
        let raise = RawError::at(kind, start).with_quote(start, self.tokens.tell());
        self.raise(raise)
    }

    fn parse_hexadecimal(&mut self, start: u32, length: u32) -> Result<u32, ParseStop> {
        let (value, count) = self.tokens.digits(length, 16);
        if count < length {
            return Err(self.refuse_escape(ErrorKind::IncompleteEscape, start));
        }
        Ok(value)
    }

    fn check_octal(&mut self, start: u32, value: u32) -> Result<u32, ParseStop> {
        if value > MAX_OCTAL {
            return Err(self.refuse_escape(ErrorKind::OctalEscapeTooLarge, start));
        }
        Ok(value)
    }

    /// Parses the rest of `\N{…}`.
    fn parse_named(&mut self, start: u32) -> Result<u32, ParseStop> {
        if !self.tokens.matches('{') {
            return Err(self.raise(RawError::at(ErrorKind::MissingBraceOfName, self.tokens.tell())));
        }
        let (from, to) = self.name_until('}', ErrorKind::MissingCharacterName)?;
        if self.text(from, to).any(|c| (0xD800..0xE000).contains(&c)) {
            // `lookup` raises a ValueError for surrogates, which CPython reports as the bad escape
            // `\N`.
            let raise = RawError::at(ErrorKind::BadEscape, self.tokens.tell());
            return Err(self.raise(raise.minus_chars(2).with_quote(start, start + 2)));
        }
        self.resolve_name(start, from, to)
    }

    #[cfg(not(feature = "names"))]
    fn resolve_name(&mut self, start: u32, _: u32, _: u32) -> Result<u32, ParseStop> {
        let error = RawError::at(ErrorKind::NamesNotIncluded, start);
        Err(self.raise(error.until(self.tokens.tell())))
    }

    /// Returns the character with the name from `from` to `to`. The escape begins at `start`.
    #[cfg(feature = "names")]
    fn resolve_name(&mut self, start: u32, from: u32, to: u32) -> Result<u32, ParseStop> {
        match self.lookup_name(from, to) {
            Some(Named::Character(c)) => Ok(c),
            Some(Named::Sequence(length)) if !self.rules.named_sequence_undefined => Err(self.raise(
                RawError::new(ErrorKind::NamedSequence { length }).spanning(start, self.tokens.tell()),
            )),
            _ => {
                let raise = RawError::at(ErrorKind::UndefinedCharacterName, start);
                Err(self.raise(raise.with_quote(from, to).until(self.tokens.tell())))
            }
        }
    }

    /// Parses the rest of `\1`, `\12` or `\123`: a reference to a group, or an octal escape.
    fn parse_numeric_escape(&mut self, start: u32, first: u32) -> Result<(), ParseStop> {
        let mut group = first;
        if self.tokens.peek().is_digit() {
            let second = self.tokens.get();
            let third = self.tokens.peek();
            if first < 8 && second.is_octal_digit() && third.is_octal_digit() {
                self.tokens.skip();
                let value = first << 6 | digit(second) << 3 | digit(third);
                let c = self.check_octal(start, value)?;
                return self.append_literal(c, start);
            }
            group = first * 10 + digit(second);
        }
        if group >= self.state.groups() {
            let raise = RawError::at(ErrorKind::InvalidGroupReference, start + 1);
            return Err(self.raise(raise.with_quote(start + 1, self.tokens.tell())));
        }
        if !self.state.is_closed(group) {
            return Err(self.raise(RawError::at(ErrorKind::OpenGroup, start).until(self.tokens.tell())));
        }
        self.check_lookbehind_group(group)?;
        self.append_group_ref(group, start)
    }
}

fn digit(token: Token) -> u32 {
    u32::from(token.ascii() - b'0')
}
