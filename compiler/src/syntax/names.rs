//! Names and numbers of groups.

use core::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::repeat::MAX_DIGITS;
use super::{Parser, State};
use crate::dialect::GroupNames as Accepted;
use crate::error::{ErrorKind, Raise, Span};
use crate::input::Source;
use crate::pool::{Grow, Stop, make_room_in_table};
use crate::repr::{write_latin1_ascii, write_str_repr};
use crate::tokenizer::Token;
use crate::unicode::{self, Named};
use crate::warning::WarningKind;

/// Finds the definition of a name; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct NameIndex {
    /// Hash of a name, and which definition it is.
    table: HashTable<(u64, u32)>,
}

impl NameIndex {
    pub(super) fn clear(&mut self) {
        if !self.table.is_empty() {
            self.table.clear();
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.table.allocation_size()
    }
}

pub(super) fn hash<T: Hash>(value: &T) -> u64 {
    FixedState::default().hash_one(value)
}

/// The same for a name read from the pattern and one read from the table.
fn hash_name(name: impl Iterator<Item = u32>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    name.for_each(|c| hasher.write_u32(c));
    hasher.finish()
}

/// What Python's `int` makes of a text.
enum Integer {
    /// Saturated.
    Value(u32),
    Invalid,
}

impl State {
    /// CPython: `State.checkgroup`
    pub(super) fn is_closed(&self, group: u32) -> bool {
        matches!(self.group_widths.get(group as usize), Some(Some(_)))
    }
}

impl<S: Source> Parser<'_, S> {
    /// Skips to after the terminator; gives where the name before it starts and ends.
    ///
    /// CPython: `Tokenizer.getuntil`
    pub(super) fn name_until(&mut self, terminator: char, missing: ErrorKind) -> Result<(u32, u32), Stop> {
        let start = self.tokens.tell();
        loop {
            let end = self.tokens.tell();
            let this = self.tokens.get();
            if this == Token::END || this == Token::of(terminator) {
                let kind = match this == Token::END {
                    _ if end == start => missing,
                    true => ErrorKind::UnterminatedName { terminator },
                    false => return Ok((start, end)),
                };
                return Err(self.raise(Raise::at(kind, start)));
            }
        }
    }

    /// CPython: `Tokenizer.checkgroupname`
    pub(super) fn check_group_name(&mut self, start: u32, end: u32) -> Result<(), Stop> {
        let odd_bytes = !S::TEXT && !self.is_ascii(start, end);
        if !self.is_identifier(start, end) || (odd_bytes && self.rules.group_names == Accepted::Strict) {
            return Err(self.raise(Raise::at(ErrorKind::BadGroupName, start).quoting(start, end)));
        }
        if odd_bytes && self.rules.group_names == Accepted::Warned {
            self.warn_group_name(start, end)?;
        }
        Ok(())
    }

    fn warn_group_name(&mut self, start: u32, end: u32) -> Result<(), Stop> {
        let text = self.pattern.chars_between(start as usize, end as usize);
        let unicode = self.rules.unicode;
        let kind = WarningKind::BadGroupName { name: "" };
        self.warn_quoting(start, kind, |out| match S::TEXT {
            true => write_str_repr(out, text, unicode),
            false => write_latin1_ascii(out, text),
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

    /// The group of that name.
    pub(super) fn find_group(&mut self, start: u32, end: u32) -> Result<u32, Stop> {
        let unknown = Raise::at(ErrorKind::UnknownGroupName, start).quoting(start, end);
        let key = hash_name(self.text(start, end));
        self.group_named(key, start, end).ok_or_else(|| self.raise(unknown))
    }

    /// The group whose name stands between two indices, and has that hash.
    fn group_named(&self, key: u64, start: u32, end: u32) -> Option<u32> {
        let is_it = |&(other, definition): &(u64, u32)| {
            let name = self.names.get(definition as usize).unwrap_or_default().0;
            other == key && name.chars().map(u32::from).eq(self.text(start, end))
        };
        let &(_, definition) = self.state.name_index.table.find(key, is_it)?;
        Some(self.names.get(definition as usize)?.1)
    }

    /// Numbers a new group.
    ///
    /// CPython: `State.opengroup`
    #[inline(always)]
    pub(super) fn number_group(&mut self) -> Result<u32, Stop> {
        let group = self.state.groups();
        self.state.group_widths.try_push(None, &mut self.code.budget)?;
        if self.state.groups() > self.rules.max_groups {
            return Err(self.raise(Raise::at(ErrorKind::TooManyGroups, self.tokens.tell())));
        }
        Ok(group)
    }

    /// Gives a new group the name between two indices.
    ///
    /// CPython: `State.opengroup`
    pub(super) fn name_group(&mut self, group: u32, start: u32, end: u32) -> Result<(), Stop> {
        let key = hash_name(self.text(start, end));
        if let Some(was) = self.group_named(key, start, end) {
            let kind = ErrorKind::RedefinedGroupName { group, was };
            return Err(self.raise(Raise::at(kind, start).quoting(start, end)));
        }
        let definition = self.names.len() as u32;
        let text = self.pattern.chars_between(start as usize, end as usize);
        self.names.push(text.filter_map(char::from_u32), group, &mut self.code.budget)?;
        let table = &mut self.state.name_index.table;
        make_room_in_table(table, 1, |&(key, _)| key, &mut self.code.budget)?;
        table.insert_unique(key, (key, definition), |&(key, _)| key);
        Ok(())
    }

    /// The group that a conditional asks for, after `(?(`.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    pub(super) fn parse_condition(&mut self) -> Result<u32, Stop> {
        let (start, end) = self.name_until(')', ErrorKind::MissingGroupName)?;
        let is_decimal = self.text(start, end).all(|c| matches!(c, 0x30..=0x39));
        let lenient = self.rules.group_names != Accepted::Strict;
        let is_name = if lenient { self.is_identifier(start, end) } else { !is_decimal };
        if is_name {
            self.check_group_name(start, end)?;
            return self.find_group(start, end);
        }
        let digits = (end - start) as usize;
        if is_decimal && digits > MAX_DIGITS && !lenient {
            return Err(self.raise(Raise::plain(ErrorKind::IntegerTooLong { digits })));
        }
        let quoting = |kind| Raise::at(kind, start).quoting(start, end);
        let group = match self.python_int(start, end) {
            Integer::Invalid => return Err(self.raise(quoting(ErrorKind::BadGroupName))),
            Integer::Value(0) => return Err(self.raise(Raise::at(ErrorKind::BadGroupNumber, start))),
            Integer::Value(group) if group >= self.rules.max_groups => {
                return Err(self.raise(quoting(ErrorKind::InvalidGroupReference)));
            }
            Integer::Value(group) => group,
        };
        if group >= self.state.groups() {
            self.state.conditional_refs.try_push((group, Span { start, end }), &mut self.code.budget)?;
        }
        if !is_decimal && self.rules.group_names == Accepted::Warned {
            self.warn_group_name(start, end)?;
        }
        Ok(group)
    }

    /// What `int` makes of a part of the pattern: white space around it, a sign, any decimal digits, single
    /// underscores between them.
    fn python_int(&self, start: u32, end: u32) -> Integer {
        // Of ASCII fewer characters count as white space than `str.isspace` has.
        let is_space = |c: u32| match c {
            0..0x80 => matches!(c, 0x20 | 0x09..=0x0d),
            _ => unicode::is_space(c),
        };
        let mut rest = self.text(start, end).skip_while(|&c| is_space(c)).peekable();
        let negative = rest.next_if(|&c| c == 0x2b || c == 0x2d) == Some(0x2d);
        let (mut value, mut digits, mut after_digit) = (0u32, 0, false);
        while let Some(c) = rest.next_if(|&c| !is_space(c)) {
            match self.rules.unicode.decimal(c) {
                Some(digit) => {
                    value = value.saturating_mul(10).saturating_add(u32::from(digit));
                    digits += 1;
                    after_digit = true;
                }
                None if c == u32::from('_') && after_digit => after_digit = false,
                None => return Integer::Invalid,
            }
        }
        let valid = after_digit && rest.all(is_space) && digits <= MAX_DIGITS && !(negative && value > 0);
        if valid { Integer::Value(value) } else { Integer::Invalid }
    }

    /// CPython: `State.checklookbehindgroup`
    pub(super) fn check_lookbehind_group(&mut self, group: u32) -> Result<(), Stop> {
        let Some(groups_before) = self.state.lookbehind_groups else { return Ok(()) };
        let at = self.tokens.tell();
        if !self.state.is_closed(group) {
            return Err(self.raise(Raise::at(ErrorKind::OpenGroup, at)));
        }
        if group >= groups_before {
            return Err(self.raise(Raise::at(ErrorKind::LookbehindGroup, at)));
        }
        Ok(())
    }

    /// Every group that a conditional asks for must exist at the end.
    pub(super) fn check_conditional_refs(&mut self) -> Result<(), Stop> {
        if !self.rules.undefined_conditional_refused {
            return Ok(());
        }
        let groups = self.state.groups();
        match self.state.conditional_refs.iter().find(|(group, _)| *group >= groups) {
            Some(&(_, Span { start, end })) => {
                Err(self.raise(Raise::at(ErrorKind::InvalidGroupReference, start).quoting(start, end)))
            }
            None => Ok(()),
        }
    }

    /// The character or sequence of that name.
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

/// Longer names are undefined, all of them.
const LONGEST_NAME: usize = 256;
