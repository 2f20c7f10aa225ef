//! The sets of a pattern, as the parser keeps them.

use alloc::vec::Vec;

use super::item::PackedSetItem;
use crate::memory::{Abort, Budget, TryVecExt};
use crate::span::IndexRange;
use crate::stack::{Height, Stack};

/// A finished set. CPython: the argument of IN
#[derive(Clone, Copy, Debug)]
pub(crate) struct Set {
    /// A part of `Sets::items`.
    pub items: IndexRange,
    /// Whether the first item is [`SetItem::Negate`](super::SetItem::Negate).
    pub negated: bool,
}

/// The sets of a pattern. Their memory is reused from one pattern to the next.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    /// The items of all finished sets, followed by those of the current one.
    pub items: Stack<PackedSetItem>,
    list: Vec<Set>,
}

impl Sets {
    /// Removes all sets and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.items.clear();
        self.list.clear();
    }

    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.items.bytes() + self.list.bytes()
    }

    /// Adds the set of the items above `start`, and returns its number.
    #[inline]
    pub(crate) fn add(
        &mut self,
        start: Height<PackedSetItem>,
        negated: bool,
        budget: &mut Budget,
    ) -> Result<u32, Abort> {
        let end = self.items.height();
        let items = IndexRange { start: start.index() as u32, end: end.index() as u32 };
        let number = self.list.len() as u32;
        self.list.try_push(Set { items, negated }, budget)?;
        Ok(number)
    }

    #[inline]
    pub(crate) fn get(&self, number: u32) -> Set {
        self.list[number as usize]
    }

    #[inline]
    pub(crate) fn items_of(&self, number: u32) -> &[PackedSetItem] {
        &self.items.as_slice()[self.get(number).items.range()]
    }
}
