//! What is noted of a set while it is read.

use alloc::vec::Vec;

use super::bitmap::{BmpBitmap, LAST_OF_ASCII, LAST_OF_BMP};
use super::item::{PackedSetItem, SetItem};
use super::sets::SetSummary;
use crate::memory::{Budget, Stop, TryVecExt};

/// The characters of a set, and the rest.
#[derive(Debug, Default)]
pub(crate) struct Characters {
    /// Those up to U+FFFF.
    pub bmp: BmpBitmap,
    /// What stands for where each item starts that reaches beyond.
    astral: BmpBitmap,
    /// The items that no bitmap holds, or not all of them, in the order of the pattern.
    pub rest: Vec<SetItem>,
}

impl Characters {
    /// Empties the set.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.bmp.clear();
        self.astral.clear();
        self.rest.clear();
    }

    /// The bytes of memory that they hold.
    pub(crate) fn bytes(&self) -> usize {
        self.bmp.bytes() + self.astral.bytes() + self.rest.bytes()
    }

    /// Takes the rest from all items anew, for some were repeated.
    pub(crate) fn collect_rest(&mut self, items: &[PackedSetItem], budget: &mut Budget) -> Result<(), Stop> {
        self.rest.clear();
        let mut rest = items.iter().map(|item| item.get()).filter(|item| match item {
            SetItem::Literal(last) | SetItem::Range(_, last) => *last > LAST_OF_BMP,
            SetItem::Category(_) => true,
            SetItem::Negate | SetItem::RangeUniIgnore(..) => false,
        });
        rest.try_for_each(|item| self.rest.try_push(item, budget))
    }
}

/// What is noted of the items of a set while they are read, besides the [`Characters`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Notes {
    pub summary: SetSummary,
    /// A bit for each category.
    categories: u32,
    /// The highest start of the items that reserve beyond U+FFFF; 0 where there are none.
    astral: u32,
    /// A item may be the same as one before it.
    pub may_repeat: bool,
}

impl Notes {
    /// Of a set that begins, and has the characters to itself until it is written.
    #[inline]
    pub(crate) fn begin(characters: &mut Characters) -> Notes {
        characters.clear();
        Notes::default()
    }

    #[inline(always)]
    pub(crate) fn add(
        &mut self,
        item: SetItem,
        characters: &mut Characters,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        match item {
            SetItem::Literal(c) => return self.add_literal(c, characters, budget),
            SetItem::Range(first, last) => return self.add_range(first, last, characters, budget),
            SetItem::Category(category) => {
                let bit = 1 << category as u32;
                self.may_repeat |= self.categories & bit != 0;
                self.categories |= bit;
                self.summary.has_rest = true;
                characters.rest.try_push(item, budget)?;
            }
            SetItem::Negate => self.summary.negated = true,
            SetItem::RangeUniIgnore(..) => {}
        }
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn add_literal(
        &mut self,
        c: u32,
        characters: &mut Characters,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        if c <= LAST_OF_ASCII {
            self.may_repeat |= characters.bmp.insert_ascii(c);
        } else if c <= LAST_OF_BMP {
            self.may_repeat |= characters.bmp.insert(c, budget)?;
            self.summary.has_beyond = true;
        } else {
            self.add_astral(SetItem::Literal(c), c, characters, budget)?;
        }
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn add_range(
        &mut self,
        first: u32,
        last: u32,
        characters: &mut Characters,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        if last <= LAST_OF_ASCII {
            self.may_repeat |= characters.bmp.insert_ascii_range(first, last);
        } else {
            self.add_far_range(first, last, characters, budget)?;
        }
        Ok(())
    }

    /// Adds a range that is not all of ASCII.
    #[inline(always)]
    fn add_far_range(
        &mut self,
        first: u32,
        last: u32,
        characters: &mut Characters,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        if first <= LAST_OF_BMP {
            let last_of_bmp = last.min(LAST_OF_BMP);
            characters.bmp.reserve(last_of_bmp, budget)?;
            self.may_repeat |= characters.bmp.insert_range(first, last_of_bmp);
            self.summary.has_beyond = true;
        }
        if last > LAST_OF_BMP {
            self.add_astral(SetItem::Range(first, last), first, characters, budget)
        } else {
            Ok(())
        }
    }

    /// Adds a literal or a range that starts there and reaches beyond U+FFFF.
    #[inline(never)]
    fn add_astral(
        &mut self,
        item: SetItem,
        first: u32,
        Characters { astral, rest, .. }: &mut Characters,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        // Planes are moved apart: private use begins at the same place in two, and both are often in one set.
        const APART: u32 = (LAST_OF_BMP + 1) / 17;
        let start = (first + (first >> 16) * APART) % (LAST_OF_BMP + 1);
        self.may_repeat |= astral.insert(start, budget)? && first <= self.astral;
        self.astral = self.astral.max(first);
        self.summary.has_rest = true;
        rest.try_push(item, budget)
    }
}
