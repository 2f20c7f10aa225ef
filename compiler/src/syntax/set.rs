//! Character sets: `[…]`.

use hashbrown::HashTable;

use super::Parser;
use super::names::hash;
use crate::error::{ErrorKind, Raise};
use crate::input::Source;
use crate::pool::{Budget, Grow, Stop, make_room_in_table};
use crate::tokenizer::{Class, Token};
use crate::tree::{Item, Member, Slice, Tree};
use crate::warning::WarningKind;

/// Finds members that are repeated; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct Unique {
    table: HashTable<Member>,
}

/// Up to so many members that are not ASCII literals are compared one by one.
const FEW: usize = 16;

impl Unique {
    pub(super) fn bytes(&self) -> usize {
        self.table.allocation_size()
    }

    /// Keeps the first of equal members from `start` on.
    ///
    /// CPython: `re/_parser.py`, `_uniq`
    pub(super) fn remove_repeated(
        &mut self,
        tree: &mut Tree,
        start: u32,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        let members = &mut tree.members;
        let start = start as usize;
        if members.len() - start <= 1 {
            return Ok(());
        }
        let others = members[start..].iter().filter(|member| ascii_bit(member).is_none()).count();
        if others > FEW {
            self.table.clear();
            make_room_in_table(&mut self.table, others, hash, budget)?;
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
    /// At a `[`, which is at `start`.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    pub(super) fn parse_set(&mut self, start: u32) -> Result<(), Stop> {
        self.tokens.advance()?;
        if self.tokens.next == Token::of('[') {
            self.warn(self.tokens.tell(), WarningKind::NestedSet)?;
        }
        let first = self.tree.members.len() as u32;
        let negate = self.tokens.matches('^')?;
        if negate {
            self.tree.members.try_push(Member::Negate, self.budget)?;
        }
        let base = self.tree.members.len() as u32;
        while self.parse_member(start, base)? {}
        self.state.unique.remove_repeated(self.tree, base, self.budget)?;
        if let [Member::Literal(c)] = self.tree.members[base as usize..] {
            self.tree.members.truncate(first as usize);
            return match negate {
                true => self.append(Item::NotLiteral(c), start),
                false => self.append_literal(c, start),
            };
        }
        let end = self.tree.members.len() as u32;
        self.append(Item::In(Slice { start: first, end }), start)
    }

    /// Reads a member, or a range, or the end of the set.
    fn parse_member(&mut self, set_start: u32, base: u32) -> Result<bool, Stop> {
        let start = self.tokens.tell();
        let this = self.set_token(set_start)?;
        let low = match this.char_of(Class::PLAIN_IN_SET) {
            Some(c) => Member::Literal(c),
            None => match this.escaped() {
                Some(c) => self.parse_class_escape(start, c)?,
                None => {
                    let is_first = self.tree.members.len() == base as usize;
                    if this == Token::of(']') && !is_first {
                        return Ok(false);
                    }
                    if !is_first && self.tokens.next == this {
                        self.warn_doubled(this, start)?;
                    }
                    Member::Literal(this.char().unwrap_or_default())
                }
            },
        };
        if !self.tokens.matches('-')? {
            self.tree.members.try_push(low, self.budget)?;
            return Ok(true);
        }
        let that_start = self.tokens.tell();
        let that = self.set_token(set_start)?;
        if that == Token::of(']') {
            self.tree.members.try_extend(&[low, Member::Literal(u32::from('-'))], self.budget)?;
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
                self.tree.members.try_push(Member::Range(low, high), self.budget)?;
                Ok(true)
            }
            _ => {
                let raise = Raise::at(ErrorKind::BadRange, self.tokens.tell());
                Err(self.raise(raise.back(this.len() + 1 + that.len()).quoting(start, that_start)))
            }
        }
    }

    /// The next token within a set.
    #[inline]
    fn set_token(&mut self, set_start: u32) -> Result<Token, Stop> {
        match self.tokens.get()? {
            Token::END => Err(self.raise(Raise::at(ErrorKind::UnterminatedSet, set_start))),
            token => Ok(token),
        }
    }

    /// Warns of two characters in a row that may become an operator on sets.
    fn warn_doubled(&mut self, this: Token, start: u32) -> Result<(), Stop> {
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
