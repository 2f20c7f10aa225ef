//! The items of the current alternative, and what becomes of them when it ends.

use super::Parser;
use crate::error::Span;
use crate::input::Source;
use crate::pool::{Grow, Stop};
use crate::tree::{Item, Items, Sequence, Slice};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Adds an item of that width to the current alternative; it reaches from `start` to the next token.
    #[inline(always)]
    pub(super) fn append(&mut self, item: Item, width: Width, start: u32) -> Result<(), Stop> {
        self.append_from(item, width, Span { start, end: self.tokens.tell() })
    }

    #[inline(always)]
    pub(super) fn append_from(&mut self, item: Item, width: Width, span: Span) -> Result<(), Stop> {
        self.last = Some(self.tree.append(item, span, self.budget)?);
        self.frame.width = self.frame.width.plus(self.last_width);
        self.last_width = width;
        Ok(())
    }

    /// The same for an item that is the next token.
    #[inline]
    pub(super) fn append_next(&mut self, item: Item, width: Width, start: u32) -> Result<(), Stop> {
        self.tokens.skip()?;
        self.append(item, width, start)
    }

    /// The width of an item of the tree.
    pub(super) fn item_width(&self, item: Item) -> Width {
        self.tree.item_width(item, &self.state.group_widths)
    }

    /// Adds a reference to a group, which is closed.
    pub(super) fn append_reference(&mut self, group: u32, start: u32) -> Result<(), Stop> {
        let reference = Item::GroupRef(group);
        self.append(reference, self.item_width(reference), start)
    }

    #[inline(never)]
    pub(super) fn append_literal(&mut self, c: u32, start: u32) -> Result<(), Stop> {
        let first = self.tree.literals.end();
        self.tree.literals.add(c, self.budget)?;
        let one = Slice { start: first, end: first + 1 };
        self.append_literals(one, start)
    }

    /// Adds literals to the current alternative; those that go on where the last ones end become one item with them,
    /// unless each is to know its place.
    #[inline(always)]
    pub(super) fn append_literals(&mut self, part: Slice, start: u32) -> Result<(), Stop> {
        if !self.tree.record_spans
            && let Some(last) = self.last
            && let Some(literals) = self.tree.last_literals(last)
            && literals.end == part.start
        {
            literals.end = part.end;
            self.last_width = Width::exactly(literals.len());
            return Ok(());
        }
        self.append(Item::Literals(part), Width::exactly(part.len()), start)
    }

    /// Makes a subpattern of the current alternative.
    #[inline]
    pub(super) fn finish(&mut self) -> Sequence {
        let (items, width) = self.take_items();
        Sequence { items, width: width.capped(self.rules.width_cap) }
    }

    /// Ends the current alternative.
    #[inline]
    pub(super) fn end_alternative(&mut self) -> Result<(), Stop> {
        let (items, width) = self.take_items();
        self.frame.alternatives_width = self.frame.alternatives_width.or(width);
        self.state.alternatives.try_push(items, self.budget)
    }

    /// Ends the current alternative, and gives its items and their width, not capped.
    #[inline(always)]
    fn take_items(&mut self) -> (Items, Width) {
        let items = self.tree.items_from(self.frame.first);
        let width = self.frame.width.plus(self.last_width);
        self.frame.first = self.tree.next_node();
        self.frame.width = Width::NONE;
        self.last = None;
        self.last_width = Width::NONE;
        (items, width)
    }
}
