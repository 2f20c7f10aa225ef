//! Character sets: `[…]`.

use alloc::vec::Vec;

use hashbrown::HashTable;

use super::Parser;
use super::names::hash;
use crate::error::{ErrorKind, Raise};
use crate::input::Source;
use crate::pool::Grow;
use crate::tokenizer::Token;
use crate::tree::{Item, Member, add};
use crate::warning::WarningKind;

/// Finds members that are repeated; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct Unique {
    table: HashTable<Member>,
}

/// Up to so many members that are not ASCII are compared one by one.
const FEW: usize = 16;

impl Unique {
    /// Keeps the first of equal members from `start` on.
    ///
    /// CPython: `re/_parser.py`, `_uniq`
    pub(super) fn remove_repeated(&mut self, members: &mut Vec<Member>, start: u32) -> Result<(), Raise> {
        let start = start as usize;
        let others = members[start..].iter().filter(|member| ascii_bit(member).is_none()).count();
        if others > FEW {
            self.table.clear();
            let out_of_memory = |_| Raise::plain(ErrorKind::OutOfMemory);
            self.table.try_reserve(others, hash).map_err(out_of_memory)?;
        }
        let mut ascii = 0u128;
        let mut kept = start;
        for at in start..members.len() {
            let member = members[at];
            let is_new = match ascii_bit(&member) {
                Some(bit) => {
                    let is_new = ascii & bit == 0;
                    ascii |= bit;
                    is_new
                }
                None if others > FEW => self.insert(member),
                None => !members[start..kept].contains(&member),
            };
            if is_new {
                members[kept] = member;
                kept += 1;
            }
        }
        members.truncate(kept);
        Ok(())
    }

    /// Is it the first of its kind? There is room for it.
    fn insert(&mut self, member: Member) -> bool {
        let key = hash(&member);
        let is_new = self.table.find(key, |&other| other == member).is_none();
        if is_new {
            self.table.insert_unique(key, member, hash);
        }
        is_new
    }
}

/// A bit for each literal of ASCII, which most members are.
fn ascii_bit(member: &Member) -> Option<u128> {
    match *member {
        Member::Literal(c) if c < 128 => Some(1 << c),
        _ => None,
    }
}

impl<S: Source> Parser<'_, S> {
    /// After a `[`, which is at `start`.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    pub(super) fn parse_set(&mut self, start: u32) -> Result<Item, Raise> {
        if self.tokens.next == Token::of('[') {
            self.warn(self.tokens.tell(), WarningKind::NestedSet)?;
        }
        let first = self.tree.members.len() as u32;
        let negate = self.tokens.matches('^')?;
        if negate {
            self.tree.members.try_push(Member::Negate)?;
        }
        let base = self.tree.members.len() as u32;
        while self.parse_member(start, base)? {}
        self.state.unique.remove_repeated(&mut self.tree.members, base)?;
        if let [Member::Literal(c)] = self.tree.members[base as usize..] {
            self.tree.members.truncate(first as usize);
            return Ok(if negate { Item::NotLiteral(c) } else { Item::Literal(c) });
        }
        let end = self.tree.members.len() as u32;
        Ok(Item::In(add(&mut self.tree.sets, (first, end))?))
    }

    /// Reads a member, or a range, or the end of the set.
    fn parse_member(&mut self, set_start: u32, base: u32) -> Result<bool, Raise> {
        let is_first = self.tree.members.len() == base as usize;
        let start = self.tokens.tell();
        let this = self.set_token(set_start)?;
        if this == Token::of(']') && !is_first {
            return Ok(false);
        }
        let low = match this.escaped() {
            Some(c) => self.parse_class_escape(start, c)?,
            None => {
                if !is_first && self.tokens.next == this {
                    self.warn_doubled(this, start)?;
                }
                Member::Literal(this.char().unwrap_or_default())
            }
        };
        if !self.tokens.matches('-')? {
            self.tree.members.try_push(low)?;
            return Ok(true);
        }
        let that_start = self.tokens.tell();
        let that = self.set_token(set_start)?;
        if that == Token::of(']') {
            self.tree.members.try_push(low)?;
            self.tree.members.try_push(Member::Literal(u32::from('-')))?;
            return Ok(false);
        }
        let high = match that.escaped() {
            Some(c) => self.parse_class_escape(that_start, c)?,
            None => {
                if that == Token::of('-') {
                    self.warn(that_start - 1, WarningKind::SetDifference)?;
                }
                Member::Literal(that.char().unwrap_or_default())
            }
        };
        match (low, high) {
            (Member::Literal(low), Member::Literal(high)) if low <= high => {
                self.tree.members.try_push(Member::Range(low, high))?;
                Ok(true)
            }
            _ => {
                let raise = Raise::at(ErrorKind::BadRange, self.tokens.tell());
                Err(raise.back(this.len() + 1 + that.len()).quoting(start, that_start))
            }
        }
    }

    /// The next token within a set.
    fn set_token(&mut self, set_start: u32) -> Result<Token, Raise> {
        match self.tokens.get()? {
            Token::END => Err(Raise::at(ErrorKind::UnterminatedSet, set_start)),
            token => Ok(token),
        }
    }

    /// Warns of two characters in a row that may become an operator on sets.
    fn warn_doubled(&mut self, this: Token, start: u32) -> Result<(), Raise> {
        let kind = match this.ascii() {
            b'-' => WarningKind::SetDifference,
            b'&' => WarningKind::SetIntersection,
            b'~' => WarningKind::SetSymmetricDifference,
            b'|' => WarningKind::SetUnion,
            _ => return Ok(()),
        };
        self.warn(start, kind)
    }
}
