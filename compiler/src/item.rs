//! What the parser keeps of each item of the open subpatterns.
//!
//! CPython keeps the items, and asks three things of them at the end of a subpattern: whether one
//! can be repeated, whether all alternatives begin with the same item, and whether they make up a
//! set. One word per item answers all three. When a group is closed, one word for the group
//! replaces those of its items. A non-capturing group leaves its items to the subpattern around it.

use crate::opcode::{At, Category};
use crate::set::Sets;
use crate::width::Width;

/// An item in one word: a tag and a value. A literal is its character, so runs of literals are
/// copied unchanged.
///
/// Two items can have the same word without being equal, so this is not `PartialEq`; see
/// [`same_item`](PackedItem::same_item).
#[derive(Clone, Copy, Debug)]
pub(crate) struct PackedItem(u32);

/// An item that holds no subpattern.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Atom {
    Literal(u32),
    NotLiteral(u32),
    Any,
    At(At),
    /// A reference to a group.
    GroupRef(u32),
    Failure,
    /// IN with a single category, not negated.
    Category(Category),
    /// Any other IN, with the number of its set.
    In(u32),
}

/// The bits of the value: more than a pattern has characters, groups or sets.
const VALUE_BITS: u32 = 28;
const VALUE: u32 = (1 << VALUE_BITS) - 1;

const LITERAL: u32 = 0;
const ANY: u32 = 1;
const NOT_LITERAL: u32 = 2;
const CATEGORY: u32 = 3;
const IN: u32 = 4;
/// The last tag of the items that match one character. CPython: `_UNIT_CODES`
const LAST_UNIT: u32 = IN;
const UNIT_GROUP: u32 = 5;
const AT: u32 = 6;
const GROUPREF: u32 = 7;
const FAILURE: u32 = 8;
const OTHER: u32 = 9;

impl PackedItem {
    pub(crate) const ANY: PackedItem = PackedItem::of(ANY, 0);
    pub(crate) const FAILURE: PackedItem = PackedItem::of(FAILURE, 0);
    /// A group with flags whose only item matches one character.
    pub(crate) const UNIT_GROUP: PackedItem = PackedItem::of(UNIT_GROUP, 0);
    /// Any other item that holds a subpattern.
    pub(crate) const OTHER: PackedItem = PackedItem::of(OTHER, 0);

    /// A negative look-behind of one character. It may be fused with the character before it.
    pub(crate) const FLAT_LOOKBEHIND: PackedItem = PackedItem::of(OTHER, 1);

    const fn of(tag: u32, value: u32) -> PackedItem {
        PackedItem(tag << VALUE_BITS | value)
    }

    #[inline]
    pub(crate) fn literal(c: u32) -> PackedItem {
        PackedItem(c)
    }

    #[inline]
    pub(crate) fn not_literal(c: u32) -> PackedItem {
        PackedItem::of(NOT_LITERAL, c)
    }

    #[inline]
    pub(crate) fn at(at: At) -> PackedItem {
        PackedItem::of(AT, at as u32)
    }

    #[inline]
    pub(crate) fn group_ref(group: u32) -> PackedItem {
        PackedItem::of(GROUPREF, group)
    }

    #[inline]
    pub(crate) fn category(category: Category) -> PackedItem {
        PackedItem::of(CATEGORY, category as u32)
    }

    #[inline]
    pub(crate) fn set(number: u32) -> PackedItem {
        PackedItem::of(IN, number)
    }

    #[inline]
    fn tag(self) -> u32 {
        self.0 >> VALUE_BITS
    }

    /// Returns whether a repeat of the item is one of a single character.
    ///
    /// CPython: `re/_compiler.py`, `_simple`
    #[inline]
    pub(crate) fn is_simple(self) -> bool {
        self.tag() <= LAST_UNIT || self.tag() == UNIT_GROUP
    }

    /// Returns the character of a literal.
    #[inline]
    pub(crate) fn as_literal(self) -> Option<u32> {
        (self.tag() == LITERAL).then_some(self.0)
    }

    /// Returns the number of a set.
    #[inline]
    pub(crate) fn as_set(self) -> Option<u32> {
        (self.tag() == IN).then_some(self.0 & VALUE)
    }

    /// Returns whether it is [`FLAT_LOOKBEHIND`](PackedItem::FLAT_LOOKBEHIND).
    #[inline]
    pub(crate) fn is_flat_lookbehind(self) -> bool {
        self.0 == PackedItem::FLAT_LOOKBEHIND.0
    }

    #[inline]
    pub(crate) fn is_literal_or_category(self) -> bool {
        matches!(self.tag(), LITERAL | CATEGORY)
    }

    /// Returns the group that is referred to.
    #[inline]
    pub(crate) fn as_group_ref(self) -> Option<u32> {
        (self.tag() == GROUPREF).then_some(self.0 & VALUE)
    }

    /// Returns whether the item holds no subpattern.
    #[inline]
    fn is_atom(self) -> bool {
        self.tag() <= LAST_UNIT || matches!(self.tag(), AT | GROUPREF | FAILURE)
    }

    /// Returns whether CPython considers two items equal. It compares items that hold a subpattern
    /// by identity, and different items are never identical.
    #[inline]
    pub(crate) fn same_item(self, other: PackedItem, sets: &Sets) -> bool {
        match (self.as_set(), other.as_set()) {
            (Some(one), Some(another)) => sets.items_of(one) == sets.items_of(another),
            _ => self.0 == other.0 && self.is_atom(),
        }
    }

    /// Returns whether two items are unequal for certain. Sets may be unequal even if it returns
    /// false.
    #[inline(always)]
    pub(crate) fn surely_differs(self, other: PackedItem) -> bool {
        self.0 != other.0 && self.as_set().is_none()
    }

    /// Returns the width of an item that neither holds a subpattern nor refers to a group.
    #[inline]
    pub(crate) fn width(self) -> Width {
        if self.tag() <= LAST_UNIT { Width::ONE } else { Width::NONE }
    }

    /// Returns the item, or `None` if it holds a subpattern.
    #[inline]
    pub(crate) fn atom(self) -> Option<Atom> {
        let value = self.0 & VALUE;
        Some(match self.tag() {
            LITERAL => Atom::Literal(value),
            ANY => Atom::Any,
            NOT_LITERAL => Atom::NotLiteral(value),
            CATEGORY => Atom::Category(Category::ALL[value as usize]),
            IN => Atom::In(value),
            AT => Atom::At(At::ALL[value as usize]),
            GROUPREF => Atom::GroupRef(value),
            FAILURE => Atom::Failure,
            _ => return None,
        })
    }
}

/// CPython: ASSERT and ASSERT_NOT, with their direction
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AssertKind {
    Ahead,
    NotAhead,
    Behind,
    NotBehind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RepeatKind {
    Greedy,
    Lazy,
    Possessive,
}

impl AssertKind {
    pub(crate) fn is_negative(self) -> bool {
        matches!(self, AssertKind::NotAhead | AssertKind::NotBehind)
    }

    pub(crate) fn is_behind(self) -> bool {
        matches!(self, AssertKind::Behind | AssertKind::NotBehind)
    }
}

impl RepeatKind {
    /// Returns CPython's name of the operator in the tree.
    pub(crate) fn name(self) -> &'static str {
        match self {
            RepeatKind::Greedy => "MAX_REPEAT",
            RepeatKind::Lazy => "MIN_REPEAT",
            RepeatKind::Possessive => "POSSESSIVE_REPEAT",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Budget;
    use crate::set::SetItem;

    #[test]
    fn same_item_compares_as_cpython_does() {
        let mut budget = Budget(usize::MAX);
        let mut sets = Sets::default();
        let mut set = |last| {
            let start = sets.items.height();
            sets.items.try_push(SetItem::Range(0x61, last).into(), &mut budget).expect("memory");
            PackedItem::set(sets.add(start, false, &mut budget).expect("memory"))
        };
        let (one, equal, other) = (set(0x7a), set(0x7a), set(0x79));
        assert!(one.same_item(equal, &sets), "sets are compared by their items");
        assert!(!one.same_item(other, &sets));
        assert!(PackedItem::literal(0x61).same_item(PackedItem::literal(0x61), &sets));
        assert!(!PackedItem::literal(0x61).same_item(PackedItem::not_literal(0x61), &sets));
        for group in [PackedItem::OTHER, PackedItem::UNIT_GROUP] {
            assert!(!group.same_item(group, &sets), "groups are compared by identity");
        }
    }
}
