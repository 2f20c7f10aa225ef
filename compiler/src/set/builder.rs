//! What is noted of a set while it is read.

use alloc::vec::Vec;

use super::bitmap::{Charmap, LAST_OF_ASCII, LAST_OF_BMP};
use super::item::{Member, Packed};
use super::sets::Outline;
use crate::memory::{Budget, Grow, Stop};

/// The characters of a set, and the rest.
#[derive(Debug, Default)]
pub(crate) struct Characters {
    /// Those up to U+FFFF.
    pub bmp: Charmap,
    /// What stands for where each member starts that reaches beyond.
    astral: Charmap,
    /// The members that no bitmap holds, or not all of them, in the order of the pattern.
    pub tail: Vec<Member>,
}

impl Characters {
    /// Empties the set.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.bmp.clear();
        self.astral.clear();
        self.tail.clear();
    }

    /// The bytes of memory that they hold.
    pub(crate) fn bytes(&self) -> usize {
        self.bmp.bytes() + self.astral.bytes() + self.tail.bytes()
    }

    /// Takes the tail from all members anew, for some were repeated.
    pub(crate) fn collect_tail(&mut self, members: &[Packed], budget: &mut Budget) -> Result<(), Stop> {
        self.tail.clear();
        let mut tail = members.iter().map(|member| member.get()).filter(|member| match member {
            Member::Literal(last) | Member::Range(_, last) => *last > LAST_OF_BMP,
            Member::Category(_) => true,
            Member::Negate | Member::RangeUniIgnore(..) => false,
        });
        tail.try_for_each(|member| self.tail.try_push(member, budget))
    }
}

/// What is noted of the members of a set while they are read, besides the [`Characters`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Notes {
    pub outline: Outline,
    /// A bit for each category.
    categories: u32,
    /// The highest start of the members that reach beyond U+FFFF; 0 where there are none.
    astral: u32,
    /// A member may be the same as one before it.
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
        member: Member,
        characters: &mut Characters,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        match member {
            Member::Literal(c) => return self.add_literal(c, characters, budget),
            Member::Range(first, last) => return self.add_range(first, last, characters, budget),
            Member::Category(category) => {
                let bit = 1 << category as u32;
                self.may_repeat |= self.categories & bit != 0;
                self.categories |= bit;
                self.outline.has_tail = true;
                characters.tail.try_push(member, budget)?;
            }
            Member::Negate => self.outline.negated = true,
            Member::RangeUniIgnore(..) => {}
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
            self.outline.has_beyond = true;
        } else {
            self.add_astral(Member::Literal(c), c, characters, budget)?;
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
            characters.bmp.reach(last_of_bmp, budget)?;
            self.may_repeat |= characters.bmp.insert_range(first, last_of_bmp);
            self.outline.has_beyond = true;
        }
        if last > LAST_OF_BMP {
            self.add_astral(Member::Range(first, last), first, characters, budget)
        } else {
            Ok(())
        }
    }

    /// Adds a literal or a range that starts there and reaches beyond U+FFFF.
    #[inline(never)]
    fn add_astral(
        &mut self,
        member: Member,
        first: u32,
        Characters { astral, tail, .. }: &mut Characters,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        // Planes are moved apart: private use begins at the same place in two, and both are often in one set.
        const APART: u32 = (LAST_OF_BMP + 1) / 17;
        let start = (first + (first >> 16) * APART) % (LAST_OF_BMP + 1);
        self.may_repeat |= astral.insert(start, budget)? && first <= self.astral;
        self.astral = self.astral.max(first);
        self.outline.has_tail = true;
        tail.try_push(member, budget)
    }
}
