//! The items of sets.

use core::fmt;

use crate::opcode::Category;
use crate::set::{PackedSetItem, SetItem as Item};

/// An item of a set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum SetItem {
    /// A character: its code point, or the byte of a `bytes` pattern. CPython: LITERAL
    Literal(u32),
    /// The characters from the first to the last, both included. CPython: RANGE
    Range(u32, u32),
    /// A category, such as `\d`. CPython: CATEGORY
    Category(Category),
}

/// The items of a set in order. An iterator.
#[derive(Clone, PartialEq, Eq)]
pub struct SetItems<'t> {
    category: Option<Category>,
    items: &'t [PackedSetItem],
}

impl<'t> SetItems<'t> {
    pub(super) fn of_category(category: Category) -> SetItems<'t> {
        SetItems { category: Some(category), items: &[] }
    }

    /// Returns whether a set is negated, and its items.
    pub(super) fn of_set(items: &'t [PackedSetItem]) -> (bool, SetItems<'t>) {
        match items {
            [first, items @ ..] if first.get() == Item::Negate => (true, SetItems { category: None, items }),
            items => (false, SetItems { category: None, items }),
        }
    }
}

impl Iterator for SetItems<'_> {
    type Item = SetItem;

    fn next(&mut self) -> Option<SetItem> {
        if let Some(category) = self.category.take() {
            return Some(SetItem::Category(category));
        }
        let (first, rest) = self.items.split_first()?;
        self.items = rest;
        Some(match first.get() {
            Item::Category(category) => SetItem::Category(category),
            Item::Range(first, last) => SetItem::Range(first, last),
            // The parser makes no other items: `^` was split off.
            Item::Literal(c) | Item::RangeUniIgnore(c, _) => SetItem::Literal(c),
            Item::Negate => SetItem::Literal(u32::from('^')),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let length = usize::from(self.category.is_some()) + self.items.len();
        (length, Some(length))
    }
}

impl ExactSizeIterator for SetItems<'_> {}

impl fmt::Debug for SetItems<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
