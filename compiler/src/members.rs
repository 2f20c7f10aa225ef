//! Character sets as the parser has them, and what is noted of one while it is read.

use alloc::vec::Vec;
use core::ops::Range;

use crate::charmap::{Charmap, LAST_OF_ASCII, LAST_OF_BMP};
use crate::member::{Member, Packed};
use crate::pool::{Budget, Grow, Stop};

/// CPython: the argument of IN
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Set {
    /// A part of `Sets::members`.
    pub members: Slice,
    pub outline: Outline,
}

/// A part of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Slice {
    pub start: u32,
    pub end: u32,
}

impl Slice {
    #[inline]
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
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
