//! Names and numbers of groups.

use super::context::Parser;
use super::name_index::hash_name;
use super::number::Integer;
use super::stop::ParseStop;
use crate::diagnostics::{ErrorKind, RawError, WarningKind, write_latin1_ascii, write_str_repr};
use crate::dialect::GroupNames as Accepted;
use crate::input::{Source, Token};
use crate::memory::{TryVecExt, ensure_spare_in_table};
use crate::span::Span;
#[cfg(feature = "names")]
use crate::unicode::Named;

impl<S: Source> Parser<'_, S> {
    /// Skips to after the terminator. Returns the start and the end of the name before it.
    ///
    /// CPython: `Tokenizer.getuntil`
    pub(super) fn name_until(
        &mut self,
        terminator: char,
        missing: ErrorKind,
    ) -> Result<(u32, u32), ParseStop> {
        let start = self.tokens.tell();
        loop {
            let end = self.tokens.tell();
            let this = self.tokens.get();
            if this == Token::END || this == Token::of(terminator) {
                let kind = if end == start {
                    missing
                } else if this == Token::END {
                    ErrorKind::UnterminatedName { terminator }
                } else {
                    return Ok((start, end));
                };
                return Err(self.raise(RawError::at(kind, start).until(self.tokens.tell())));
            }
        }
    }

    /// CPython: `Tokenizer.checkgroupname`
    pub(super) fn check_group_name(&mut self, start: u32, end: u32) -> Result<(), ParseStop> {
        let odd_bytes = !S::TEXT && !self.is_ascii(start, end);
        if !self.is_identifier(start, end) || (odd_bytes && self.rules.group_names == Accepted::Strict) {
            return Err(self.raise(RawError::at(ErrorKind::BadGroupName, start).with_quote(start, end)));
        }
        if odd_bytes && self.rules.group_names == Accepted::Warned {
            self.warn_group_name(start, end)?;
        }
        Ok(())
    }

    fn warn_group_name(&mut self, start: u32, end: u32) -> Result<(), ParseStop> {
        let text = self.pattern.chars_between(start as usize, end as usize);
        let unicode = self.rules.unicode;
        let kind = WarningKind::BadGroupName { name: "" };
        self.warn_quoting(Span { start, end }, kind, |out| {
            if S::TEXT { write_str_repr(out, text, unicode) } else { write_latin1_ascii(out, text) }
        })
    }

    /// CPython: `str.isidentifier`
    fn is_identifier(&self, start: u32, end: u32) -> bool {
        let unicode = self.rules.unicode;
        let mut name = self.text(start, end);
        name.next().is_some_and(|c| unicode.is_id_start(c)) && name.all(|c| unicode.is_id_continue(c))
    }

    fn is_ascii(&self, start: u32, end: u32) -> bool {
        self.text(start, end).all(|c| c < 0x80)
    }

    /// Returns the group with the name between two indices.
    pub(super) fn find_group(&mut self, start: u32, end: u32) -> Result<u32, ParseStop> {
        let unknown = RawError::at(ErrorKind::UnknownGroupName, start).with_quote(start, end);
        let key = hash_name(self.text(start, end));
        self.group_named(key, start, end).ok_or_else(|| self.raise(unknown))
    }

    /// Returns the group with the name between two indices, whose hash is `key`.
    fn group_named(&self, key: u64, start: u32, end: u32) -> Option<u32> {
        let matches = |&(other, definition): &(u64, u32)| {
            let name = self.names.get(definition as usize).unwrap_or_default().0;
            other == key && name.chars().map(u32::from).eq(self.text(start, end))
        };
        let &(_, definition) = self.state.name_index.table.find(key, matches)?;
        Some(self.names.get(definition as usize)?.1)
    }

    /// Returns the number of a new group.
    ///
    /// CPython: `State.opengroup`
    #[inline(always)]
    pub(super) fn number_group(&mut self) -> Result<u32, ParseStop> {
        let group = self.state.groups();
        self.state.group_widths.try_push(None, &mut self.emitter.budget)?;
        if self.state.groups() > self.rules.max_groups {
            return Err(self.raise(RawError::at(ErrorKind::TooManyGroups, self.tokens.tell())));
        }
        Ok(group)
    }

    /// Names a new group with the text between two indices.
    ///
    /// CPython: `State.opengroup`
    pub(super) fn name_group(&mut self, group: u32, start: u32, end: u32) -> Result<(), ParseStop> {
        let key = hash_name(self.text(start, end));
        if let Some(was) = self.group_named(key, start, end) {
            let kind = ErrorKind::RedefinedGroupName { group, was };
            return Err(self.raise(RawError::at(kind, start).with_quote(start, end)));
        }
        let definition = self.names.len() as u32;
        let text = self.pattern.chars_between(start as usize, end as usize);
        self.names.try_push(text.filter_map(char::from_u32), group, &mut self.emitter.budget)?;
        let table = &mut self.state.name_index.table;
        ensure_spare_in_table(table, 1, |&(key, _)| key, &mut self.emitter.budget)?;
        table.insert_unique(key, (key, definition), |&(key, _)| key);
        Ok(())
    }

    /// Parses the condition after `(?(`, and returns its group.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    pub(super) fn parse_condition(&mut self) -> Result<u32, ParseStop> {
        let (start, end) = self.name_until(')', ErrorKind::MissingGroupName)?;
        let is_decimal = self.text(start, end).all(|c| matches!(c, 0x30..=0x39));
        let lenient = self.rules.group_names != Accepted::Strict;
        let is_name = if lenient { self.is_identifier(start, end) } else { !is_decimal };
        if is_name {
            self.check_group_name(start, end)?;
            return self.find_group(start, end);
        }
        let digits = (end - start) as usize;
        if is_decimal && self.too_many_digits(digits) && !lenient {
            return Err(self.raise(RawError::new(ErrorKind::IntegerTooLong { digits }).spanning(start, end)));
        }
        let quoting = |kind| RawError::at(kind, start).with_quote(start, end);
        let group = match self.python_int(start, end) {
            Integer::Invalid => return Err(self.raise(quoting(ErrorKind::BadGroupName))),
            Integer::Value(0) => {
                return Err(self.raise(RawError::at(ErrorKind::BadGroupNumber, start).until(end)));
            }
            Integer::Value(group) if group >= self.rules.max_groups => {
                return Err(self.raise(quoting(ErrorKind::InvalidGroupReference)));
            }
            Integer::Value(group) => group,
        };
        if group >= self.state.groups() {
            self.state.conditional_refs.try_push((group, Span { start, end }), &mut self.emitter.budget)?;
        }
        if !is_decimal && self.rules.group_names == Accepted::Warned {
            self.warn_group_name(start, end)?;
        }
        Ok(group)
    }

    /// CPython: `State.checklookbehindgroup`
    pub(super) fn check_lookbehind_group(&mut self, group: u32) -> Result<(), ParseStop> {
        let Some(groups_before) = self.state.lookbehind_groups else { return Ok(()) };
        let at = self.tokens.tell();
        if !self.state.is_closed(group) {
            return Err(self.raise(RawError::at(ErrorKind::OpenGroup, at)));
        }
        if group >= groups_before {
            return Err(self.raise(RawError::at(ErrorKind::LookbehindGroup, at)));
        }
        Ok(())
    }

    /// Checks at the end of the pattern that each group exists that a conditional refers to.
    pub(super) fn check_conditional_refs(&mut self) -> Result<(), ParseStop> {
        if !self.rules.undefined_conditional_refused {
            return Ok(());
        }
        let groups = self.state.groups();
        match self.state.conditional_refs.iter().find(|(group, _)| *group >= groups) {
            Some(&(_, Span { start, end })) => {
                Err(self.raise(RawError::at(ErrorKind::InvalidGroupReference, start).with_quote(start, end)))
            }
            None => Ok(()),
        }
    }

    /// Returns the character or the sequence with the name between two indices.
    #[cfg(feature = "names")]
    pub(super) fn lookup_name(&self, start: u32, end: u32) -> Option<Named> {
        let mut name = [0; LONGEST_NAME];
        let mut length = 0;
        for c in self.text(start, end) {
            *name.get_mut(length)? = c;
            length += 1;
        }
        self.rules.unicode.lookup_name(&name[..length], self.rules.algorithmic_names)
    }
}

/// No name is longer.
#[cfg(feature = "names")]
const LONGEST_NAME: usize = 256;
