//! The characters of the current set, collected item by item while the parser reads it.

use alloc::vec::Vec;

use super::bitmap::{BmpBitmap, LAST_OF_ASCII, LAST_OF_BMP};
use super::item::{PackedSetItem, SetItem};
use super::unique::Unique;
use crate::memory::{Abort, Budget, TryVecExt};
use crate::stack::{Height, Stack};

/// The current set: from its start until its code is emitted. Its memory is reused from one set to
/// the next.
#[derive(Debug, Default)]
pub(crate) struct SetBuilder {
    /// The characters up to U+FFFF.
    pub bmp: BmpBitmap,
    /// The items that the bitmap cannot hold, or not entirely, in the order of the pattern:
    /// categories, and items that extend beyond U+FFFF.
    pub rest: Vec<SetItem>,
    /// Whether the set is negated.
    pub negated: bool,
    /// Whether the set has characters between ASCII and U+FFFF.
    pub exceeds_ascii: bool,
    /// Whether an item may be equal to an earlier one. Never false if one is.
    pub may_repeat: bool,
    /// A bit for each category of the set.
    categories: u32,
    /// For each item that extends beyond U+FFFF a bit derived from its first character.
    astral: BmpBitmap,
    /// The greatest first character of such an item, 0 if there are none.
    greatest_astral: u32,
    unique: Unique,
}

impl SetBuilder {
    /// Begins a set.
    #[inline]
    pub(crate) fn begin(&mut self) {
        self.bmp.clear();
        self.astral.clear();
        self.rest.clear();
        self.negated = false;
        self.exceeds_ascii = false;
        self.may_repeat = false;
        self.categories = 0;
        self.greatest_astral = 0;
    }

    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.bmp.bytes() + self.astral.bytes() + self.rest.bytes() + self.unique.bytes()
    }

    #[inline(always)]
    pub(crate) fn add(&mut self, item: SetItem, budget: &mut Budget) -> Result<(), Abort> {
        match item {
            SetItem::Literal(c) => return self.add_literal(c, budget),
            SetItem::Range(first, last) => return self.add_range(first, last, budget),
            SetItem::Category(category) => {
                let bit = 1 << category as u32;
                self.may_repeat |= self.categories & bit != 0;
                self.categories |= bit;
                self.rest.try_push(item, budget)?;
            }
            SetItem::Negate => self.negated = true,
            SetItem::RangeUniIgnore(..) => {}
        }
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn add_literal(&mut self, c: u32, budget: &mut Budget) -> Result<(), Abort> {
        if c <= LAST_OF_ASCII {
            self.may_repeat |= self.bmp.insert_ascii(c);
        } else if c <= LAST_OF_BMP {
            self.may_repeat |= self.bmp.insert(c, budget)?;
            self.exceeds_ascii = true;
        } else {
            self.add_astral(SetItem::Literal(c), c, budget)?;
        }
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn add_range(&mut self, first: u32, last: u32, budget: &mut Budget) -> Result<(), Abort> {
        if last <= LAST_OF_ASCII {
            self.may_repeat |= self.bmp.insert_ascii_range(first, last);
            Ok(())
        } else {
            self.add_far_range(first, last, budget)
        }
    }

    /// Adds a range that extends beyond ASCII.
    #[inline(always)]
    fn add_far_range(&mut self, first: u32, last: u32, budget: &mut Budget) -> Result<(), Abort> {
        if first <= LAST_OF_BMP {
            let last_of_bmp = last.min(LAST_OF_BMP);
            self.bmp.reserve(last_of_bmp, budget)?;
            self.may_repeat |= self.bmp.insert_range(first, last_of_bmp);
            self.exceeds_ascii = true;
        }
        if last > LAST_OF_BMP { self.add_astral(SetItem::Range(first, last), first, budget) } else { Ok(()) }
    }

    /// Adds a literal or a range that begins with `first` and extends beyond U+FFFF.
    #[inline(never)]
    fn add_astral(&mut self, item: SetItem, first: u32, budget: &mut Budget) -> Result<(), Abort> {
        // Each of the 17 planes is mapped into the bitmap at another offset, because the two
        // private-use planes often contribute the same characters to one set. Items that collide
        // all the same only cost a search for repeated items, unless their first characters ascend.
        const OFFSET: u32 = (LAST_OF_BMP + 1) / 17;
        let bit = (first + (first >> 16) * OFFSET) % (LAST_OF_BMP + 1);
        self.may_repeat |= self.astral.insert(bit, budget)? && first <= self.greatest_astral;
        self.greatest_astral = self.greatest_astral.max(first);
        self.rest.try_push(item, budget)
    }

    /// Keeps the first of equal items above `start`, which are those of this set.
    #[cold]
    #[inline(never)]
    pub(crate) fn remove_repeated(
        &mut self,
        items: &mut Stack<PackedSetItem>,
        start: Height<PackedSetItem>,
        budget: &mut Budget,
    ) -> Result<(), Abort> {
        self.unique.remove_repeated(items.as_vec(), start.index(), budget)?;
        self.collect_rest(items.above(start), budget)
    }

    /// Collects `rest` once more from all items, because some were removed.
    fn collect_rest(&mut self, items: &[PackedSetItem], budget: &mut Budget) -> Result<(), Abort> {
        self.rest.clear();
        let mut rest = items.iter().map(|item| item.get()).filter(|item| match item {
            SetItem::Literal(last) | SetItem::Range(_, last) => *last > LAST_OF_BMP,
            SetItem::Category(_) => true,
            SetItem::Negate | SetItem::RangeUniIgnore(..) => false,
        });
        rest.try_for_each(|item| self.rest.try_push(item, budget))
    }
}
