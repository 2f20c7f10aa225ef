//! A member of a character set, and the form in which it is kept.

use crate::opcode::Category;

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

/// A member as it is kept, in 8 bytes: sets may have thousands. What it is, and its characters; a literal has the same
/// first and last one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(crate) struct Packed(u64);

const LITERAL: u64 = 0;
const RANGE: u64 = 1;
const NEGATE: u64 = 2;
const CATEGORY: u64 = 3;
const RANGE_UNI_IGNORE: u64 = 4;

impl Packed {
    /// How many bits a character has.
    const BITS: u32 = 21;
    const CHARACTER: u64 = (1 << Packed::BITS) - 1;

    #[inline]
    fn of(tag: u64, first: u32, last: u32) -> Packed {
        Packed(tag << (2 * Packed::BITS) | u64::from(first) << Packed::BITS | u64::from(last))
    }

    #[inline]
    fn tag(self) -> u64 {
        self.0 >> (2 * Packed::BITS)
    }

    #[inline]
    pub(crate) fn is_literal(self) -> bool {
        self.tag() == LITERAL
    }

    /// The first character of a literal or a range.
    #[inline]
    pub(crate) fn first(self) -> u32 {
        (self.0 >> Packed::BITS & Packed::CHARACTER) as u32
    }

    /// The last character of a literal or a range.
    #[inline]
    pub(crate) fn last(self) -> u32 {
        (self.0 & Packed::CHARACTER) as u32
    }

    #[inline]
    pub(crate) fn get(self) -> Member {
        let (first, last) = (self.first(), self.last());
        match self.tag() {
            LITERAL => Member::Literal(first),
            RANGE => Member::Range(first, last),
            NEGATE => Member::Negate,
            CATEGORY => Member::Category(Category::ALL[first as usize]),
            _ => Member::RangeUniIgnore(first, last),
        }
    }
}

impl From<Member> for Packed {
    #[inline]
    fn from(member: Member) -> Packed {
        match member {
            Member::Literal(c) => Packed::of(LITERAL, c, c),
            Member::Range(first, last) => Packed::of(RANGE, first, last),
            Member::Negate => Packed::of(NEGATE, 0, 0),
            Member::Category(category) => Packed::of(CATEGORY, category as u32, 0),
            Member::RangeUniIgnore(first, last) => Packed::of(RANGE_UNI_IGNORE, first, last),
        }
    }
}
