//! The sets of a pattern, as the parser has them.

use alloc::vec::Vec;

use super::item::Packed;
use crate::memory::{Budget, Grow, Stop};
use crate::span::Slice;

/// CPython: the argument of IN
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Set {
    /// A part of `Sets::members`.
    pub members: Slice,
    pub outline: Outline,
}
/// What members a set has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outline {
    /// Does it begin with [`Member::Negate`]?
    pub negated: bool,
    /// Has it characters between ASCII and U+FFFF?
    pub has_beyond: bool,
    /// Has it a member that no bitmap holds, or not all of it: a category, or one that reaches beyond U+FFFF?
    pub has_tail: bool,
}
/// The sets of a pattern; their memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    /// Those of each set, and of the one that is being read.
    pub members: Vec<Packed>,
    list: Vec<Set>,
}

impl Sets {
    /// Forgets all sets and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.members.clear();
        self.list.clear();
    }

    /// The bytes of memory that they hold.
    pub(crate) fn bytes(&self) -> usize {
        self.members.bytes() + self.list.bytes()
    }

    /// Adds the set of the members from `start` on, and gives its number.
    #[inline]
    pub(crate) fn add(&mut self, start: u32, outline: Outline, budget: &mut Budget) -> Result<u32, Stop> {
        let members = Slice { start, end: self.members.len() as u32 };
        let number = self.list.len() as u32;
        self.list.try_push(Set { members, outline }, budget)?;
        Ok(number)
    }

    #[inline]
    pub(crate) fn get(&self, number: u32) -> Set {
        self.list[number as usize]
    }

    #[inline]
    pub(crate) fn members_of(&self, number: u32) -> &[Packed] {
        &self.members[self.get(number).members.range()]
    }
}
