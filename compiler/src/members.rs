//! Character sets as the tree has them, and what is noted of one while it is read.

use crate::opcode::Category;
use crate::tree::Slice;

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

impl Member {
    /// The first and the last character of a literal or a range that ends there or before. There is no branch between
    /// these two: which comes next cannot be foreseen.
    #[inline]
    pub(crate) fn span_up_to(self, to: u32) -> Option<(u32, u32)> {
        let (Member::Literal(first) | Member::Range(first, _)) = self else { return None };
        let last = if let Member::Range(_, last) = self { last } else { first };
        (last <= to).then_some((first, last))
    }
}

/// CPython: the argument of IN
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Set {
    /// A part of `Tree::members`.
    pub members: Slice,
    pub outline: Outline,
}

/// What a set holds, but for what is beyond ASCII.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outline {
    /// Does it begin with [`Member::Negate`]?
    pub negated: bool,
    /// Has it a member that is no part of `ascii`: a category, or one that reaches beyond?
    pub has_others: bool,
    /// The characters of the members that are ASCII.
    pub ascii: Ascii,
}

/// A bit for each character of ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Ascii(pub [u64; 2]);

impl Ascii {
    /// Was it in the set already?
    #[inline]
    fn insert(&mut self, c: u32) -> bool {
        let word = &mut self.0[c as usize / 64 % 2];
        let bit = 1 << (c % 64);
        let was_there = *word & bit != 0;
        *word |= bit;
        was_there
    }

    #[inline]
    fn insert_range(&mut self, first: u32, last: u32) {
        let from_first = u64::MAX << (first % 64);
        let to_last = u64::MAX >> (63 - last % 64);
        let (start, end) = (first as usize / 64 % 2, last as usize / 64 % 2);
        if start == end {
            self.0[start] |= from_first & to_last;
        } else {
            self.0[0] |= from_first;
            self.0[1] |= to_last;
        }
    }

    #[inline]
    pub(crate) fn has_letters(self) -> bool {
        const LETTERS: u64 = 0x07ff_fffe_07ff_fffe;
        self.0[1] & LETTERS != 0
    }
}

/// What is noted of the members of a set while they are read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Notes {
    negated: bool,
    /// The literals that are ASCII.
    literals: Ascii,
    /// The ranges that are: what they start with, and all that they hold.
    starts: Ascii,
    ranges: Ascii,
    /// A bit for each category.
    categories: u32,
    /// There are members beyond ASCII.
    pub beyond: bool,
    /// A member may be the same as one before it, those beyond ASCII apart.
    pub may_repeat: bool,
}

impl Notes {
    #[inline]
    pub(crate) fn add(&mut self, member: Member) {
        match member {
            Member::Literal(c) if c < 0x80 => self.may_repeat |= self.literals.insert(c),
            Member::Range(first, last) if last < 0x80 => {
                self.may_repeat |= self.starts.insert(first);
                self.ranges.insert_range(first, last);
            }
            Member::Category(category) => {
                let bit = 1 << category as u32;
                self.may_repeat |= self.categories & bit != 0;
                self.categories |= bit;
            }
            Member::Negate => self.negated = true,
            _ => self.beyond = true,
        }
    }

    #[inline]
    pub(crate) fn outline(&self) -> Outline {
        let ([l, h], [low, high]) = (self.literals.0, self.ranges.0);
        Outline {
            negated: self.negated,
            has_others: self.beyond || self.categories != 0,
            ascii: Ascii([l | low, h | high]),
        }
    }
}
