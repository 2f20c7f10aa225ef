//! What is kept of each item of the open subpatterns.
//!
//! CPython keeps the items themselves, and decides by them: whether one may be repeated, whether all alternatives start
//! with the same, whether they make up a set. For that a word an item is enough. Those of a group that is closed are
//! forgotten, but for one that stands for the group; those of a group that takes no part itself become its parent's.

use crate::opcode::{At, Category};
use crate::width::Width;

/// What an item is. A literal is its character, so that a run of them is copied as it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct PackedItem(u32);

/// What a [`PackedItem`] tells of an item that holds no subpattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Atom {
    Literal(u32),
    NotLiteral(u32),
    Any,
    At(At),
    /// A closed group.
    GroupRef(u32),
    Failure,
    /// IN of one category, not negated.
    Category(Category),
    /// Another IN; a number of `Sets`.
    In(u32),
}

/// How many bits are left for characters, groups and sets: more than a pattern can have of any.
const VALUE_BITS: u32 = 28;
const VALUE: u32 = (1 << VALUE_BITS) - 1;

const LITERAL: u32 = 0;
const ANY: u32 = 1;
const NOT_LITERAL: u32 = 2;
const CATEGORY: u32 = 3;
const IN: u32 = 4;
/// The last one of those that match one character, whatever they are: CPython's `_UNIT_CODES`.
const LAST_UNIT: u32 = IN;
const UNIT_GROUP: u32 = 5;
const AT: u32 = 6;
const GROUPREF: u32 = 7;
const FAILURE: u32 = 8;
const REPEAT: u32 = 9;
const OTHER: u32 = 10;

impl PackedItem {
    pub(crate) const ANY: PackedItem = PackedItem::of(ANY, 0);
    pub(crate) const FAILURE: PackedItem = PackedItem::of(FAILURE, 0);
    /// A group with flags of its own that holds but one item, which matches one character.
    pub(crate) const UNIT_GROUP: PackedItem = PackedItem::of(UNIT_GROUP, 0);
    pub(crate) const REPEAT: PackedItem = PackedItem::of(REPEAT, 0);
    /// What holds a subpattern, otherwise. No two are the same: CPython compares these by identity.
    pub(crate) const OTHER: PackedItem = PackedItem::of(OTHER, 0);

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

    /// Is it an anchor, which cannot be repeated?
    #[inline]
    pub(crate) fn is_at(self) -> bool {
        self.tag() == AT
    }

    #[inline]
    pub(crate) fn is_repeat(self) -> bool {
        self.tag() == REPEAT
    }

    /// Is it repeated as one that matches one character?
    ///
    /// CPython: `re/_compiler.py`, `_simple`
    #[inline]
    pub(crate) fn is_simple(self) -> bool {
        self.tag() <= LAST_UNIT || self.tag() == UNIT_GROUP
    }

    /// The character, if it is a literal.
    #[inline]
    pub(crate) fn as_literal(self) -> Option<u32> {
        (self.tag() == LITERAL).then_some(self.0)
    }

    /// The number of the set, if it is one.
    #[inline]
    pub(crate) fn as_set(self) -> Option<u32> {
        (self.tag() == IN).then_some(self.0 & VALUE)
    }

    #[inline]
    pub(crate) fn is_literal_or_category(self) -> bool {
        matches!(self.tag(), LITERAL | CATEGORY)
    }

    /// The number of the group that it refers to, if it does.
    #[inline]
    pub(crate) fn as_group_ref(self) -> Option<u32> {
        (self.tag() == GROUPREF).then_some(self.0 & VALUE)
    }

    /// Does it hold no subpattern?
    #[inline]
    pub(crate) fn is_atom(self) -> bool {
        self.tag() <= LAST_UNIT || matches!(self.tag(), AT | GROUPREF | FAILURE)
    }

    /// How wide it is, if it holds no subpattern and refers to no group.
    #[inline]
    pub(crate) fn width(self) -> Width {
        if self.tag() <= LAST_UNIT { Width::ONE } else { Width::NONE }
    }

    /// None for what holds a subpattern.
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

/// CPython: ASSERT and ASSERT_NOT, and the direction
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
    /// CPython's name of the parser's operator.
    pub(crate) fn name(self) -> &'static str {
        match self {
            RepeatKind::Greedy => "MAX_REPEAT",
            RepeatKind::Lazy => "MIN_REPEAT",
            RepeatKind::Possessive => "POSSESSIVE_REPEAT",
        }
    }
}
