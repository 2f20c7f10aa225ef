//! Character sets as the parser has them, and what is noted of one while it is read.

use alloc::vec::Vec;
use core::ops::Range;

use crate::charmap::{Characters, LAST_OF_ASCII, LAST_OF_BMP};
use crate::opcode::Category;
use crate::pool::{Budget, Grow, Stop};

/// A member of a character set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(crate) enum Member {
    Negate,
    Literal(u32),
    Range(u32, u32),
    Category(Category),
    /// Only the optimizer of sets makes it.
    RangeUniIgnore(u32, u32),
}

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
    pub members: Vec<Member>,
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
    pub(crate) fn members_of(&self, number: u32) -> &[Member] {
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
    /// No member before that one is of these.
    pub tail: u32,
}

/// What is noted of the members of a set while they are read, besides the [`Characters`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Notes {
    outline: Outline,
    /// How many there are, repeated ones among them.
    members: u32,
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
                self.note_tail();
            }
            Member::Negate => self.outline.negated = true,
            Member::RangeUniIgnore(..) => {}
        }
        self.members += 1;
        Ok(())
    }

    /// What members there are, without those that are repeated.
    #[inline]
    pub(crate) fn outline(&self) -> Outline {
        let tail = if self.may_repeat { 0 } else { self.outline.tail };
        Outline { tail, ..self.outline }
    }

    /// The member that is added is one of the tail.
    #[inline]
    fn note_tail(&mut self) {
        if !self.outline.has_tail {
            self.outline.tail = self.members;
        }
        self.outline.has_tail = true;
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
            characters.bmp.reach(c, budget)?;
            self.may_repeat |= characters.bmp.insert(c);
            self.outline.has_beyond = true;
        } else {
            self.add_astral(c, characters, budget)?;
        }
        self.members += 1;
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
        self.members += 1;
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
            let last = last.min(LAST_OF_BMP);
            characters.bmp.reach(last, budget)?;
            self.may_repeat |= characters.bmp.insert_range(first, last);
            self.outline.has_beyond = true;
        }
        if last > LAST_OF_BMP { self.add_astral(first, characters, budget) } else { Ok(()) }
    }

    /// Adds a literal or a range that starts there and reaches beyond U+FFFF.
    #[inline(never)]
    fn add_astral(
        &mut self,
        first: u32,
        Characters { astral, .. }: &mut Characters,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        // Planes are moved apart: private use begins at the same place in two, and both are often in one set.
        const APART: u32 = (LAST_OF_BMP + 1) / 17;
        let start = (first + (first >> 16) * APART) % (LAST_OF_BMP + 1);
        astral.reach(start, budget)?;
        self.may_repeat |= astral.insert(start) && first <= self.astral;
        self.astral = self.astral.max(first);
        self.note_tail();
        Ok(())
    }
}
