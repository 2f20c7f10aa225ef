//! The sets of a pattern, as the parser has them.

use alloc::vec::Vec;

use super::item::PackedSetItem;
use crate::memory::{Budget, Stop, TryVecExt};
use crate::span::IndexRange;

/// CPython: the argument of IN
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Set {
    /// A part of `Sets::items`.
    pub items: IndexRange,
    pub summary: SetSummary,
}
/// What items a set has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SetSummary {
    /// Does it begin with [`SetItem::Negate`]?
    pub negated: bool,
    /// Has it characters between ASCII and U+FFFF?
    pub has_beyond: bool,
    /// Has it a item that no bitmap holds, or not all of it: a category, or one that reaches beyond U+FFFF?
    pub has_rest: bool,
}
/// The sets of a pattern; their memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    /// Those of each set, and of the one that is being read.
    pub items: Vec<PackedSetItem>,
    list: Vec<Set>,
}

impl Sets {
    /// Forgets all sets and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.list.clear();
    }

    /// The bytes of memory that they hold.
    pub(crate) fn bytes(&self) -> usize {
        self.items.bytes() + self.list.bytes()
    }

    /// Adds the set of the items from `start` on, and gives its number.
    #[inline]
    pub(crate) fn add(&mut self, start: u32, summary: SetSummary, budget: &mut Budget) -> Result<u32, Stop> {
        let items = IndexRange { start, end: self.items.len() as u32 };
        let number = self.list.len() as u32;
        self.list.try_push(Set { items, summary }, budget)?;
        Ok(number)
    }

    #[inline]
    pub(crate) fn get(&self, number: u32) -> Set {
        self.list[number as usize]
    }

    #[inline]
    pub(crate) fn items_of(&self, number: u32) -> &[PackedSetItem] {
        &self.items[self.get(number).items.range()]
    }
}
