//! The items of a character set, and how they are stored.

use crate::opcode::Category;

/// An item of a character set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(crate) enum SetItem {
    Negate,
    Literal(u32),
    Range(u32, u32),
    Category(Category),
    /// Made only by the optimizer of sets.
    RangeUniIgnore(u32, u32),
}

/// An item in 8 bytes, because sets may have thousands: a tag, the first and the last character.
/// They are the same for a literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(crate) struct PackedSetItem(u64);

const LITERAL: u64 = 0;
const RANGE: u64 = 1;
const NEGATE: u64 = 2;
const CATEGORY: u64 = 3;
const RANGE_UNI_IGNORE: u64 = 4;

impl PackedSetItem {
    /// The number of bits of a character.
    const BITS: u32 = 21;
    const CHARACTER: u64 = (1 << PackedSetItem::BITS) - 1;

    #[inline]
    fn of(tag: u64, first: u32, last: u32) -> PackedSetItem {
        PackedSetItem(
            tag << (2 * PackedSetItem::BITS) | u64::from(first) << PackedSetItem::BITS | u64::from(last),
        )
    }

    #[inline]
    fn tag(self) -> u64 {
        self.0 >> (2 * PackedSetItem::BITS)
    }

    #[inline]
    pub(crate) fn is_literal(self) -> bool {
        self.tag() == LITERAL
    }

    /// Returns the first character of a literal or a range.
    #[inline]
    pub(crate) fn first(self) -> u32 {
        (self.0 >> PackedSetItem::BITS & PackedSetItem::CHARACTER) as u32
    }

    /// Returns the last character of a literal or a range.
    #[inline]
    pub(crate) fn last(self) -> u32 {
        (self.0 & PackedSetItem::CHARACTER) as u32
    }

    #[inline]
    pub(crate) fn get(self) -> SetItem {
        let (first, last) = (self.first(), self.last());
        match self.tag() {
            LITERAL => SetItem::Literal(first),
            RANGE => SetItem::Range(first, last),
            NEGATE => SetItem::Negate,
            CATEGORY => SetItem::Category(Category::ALL[first as usize]),
            _ => SetItem::RangeUniIgnore(first, last),
        }
    }
}

impl From<SetItem> for PackedSetItem {
    #[inline]
    fn from(item: SetItem) -> PackedSetItem {
        match item {
            SetItem::Literal(c) => PackedSetItem::of(LITERAL, c, c),
            SetItem::Range(first, last) => PackedSetItem::of(RANGE, first, last),
            SetItem::Negate => PackedSetItem::of(NEGATE, 0, 0),
            SetItem::Category(category) => PackedSetItem::of(CATEGORY, category as u32, 0),
            SetItem::RangeUniIgnore(first, last) => PackedSetItem::of(RANGE_UNI_IGNORE, first, last),
        }
    }
}
