//! The literals of a pattern, one after the other.
//!
//! Most runs of them are short, and where one ends cannot be foreseen. So they are copied in whole pieces, and what was
//! too much is cut off: that takes less time than to ask for each whether it is the last.

use alloc::vec::Vec;

use crate::pool::{Budget, Grow, Stop};
use crate::tree::Slice;

/// How many literals are copied at once.
pub(crate) const PIECE: usize = 4;

#[derive(Debug, Default)]
pub(crate) struct Literals {
    list: Vec<u32>,
}

impl Literals {
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    /// The bytes of memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.list.bytes()
    }

    /// Where the next literal will stand.
    #[inline]
    pub(crate) fn end(&self) -> u32 {
        self.list.len() as u32
    }

    #[inline]
    pub(crate) fn part(&self, part: Slice) -> &[u32] {
        &self.list[part.range()]
    }

    /// Adds a literal.
    #[inline]
    pub(crate) fn add(&mut self, c: u32, budget: &mut Budget) -> Result<(), Stop> {
        self.list.try_push(c, budget)
    }

    /// Adds the first units of some.
    #[inline(always)]
    pub(crate) fn add_run<U: Copy + Into<u32>>(
        &mut self,
        units: &[U],
        length: usize,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        let end = self.list.len() + length;
        if units.len() < length + PIECE || self.list.capacity() < end + PIECE {
            return self.add_exactly(&units[..length], budget);
        }
        for piece in units.as_chunks::<PIECE>().0 {
            self.list.extend_from_slice(&piece.map(Into::into));
            if self.list.len() >= end {
                break;
            }
        }
        self.list.truncate(end);
        Ok(())
    }

    #[inline(never)]
    fn add_exactly<U: Copy + Into<u32>>(&mut self, units: &[U], budget: &mut Budget) -> Result<(), Stop> {
        self.list.try_fill(units.iter().map(|&unit| unit.into()), budget)
    }
}
