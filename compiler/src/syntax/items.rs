//! The items of the current alternative, and what becomes of them when it ends.

use super::Parser;
use crate::error::Span;
use crate::input::Source;
use crate::lower::{Alternative, Here};
use crate::pool::{Grow, Stop};
use crate::tree::{Item, Items, Sequence, Slice};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Adds an item of that width to the current alternative; it reaches from `start` to the next token, and its code is
    /// written next.
    #[inline(always)]
    pub(super) fn append(&mut self, item: Item, width: Width, start: u32) -> Result<(), Stop> {
        self.append_from(item, width, Span { start, end: self.tokens.tell() }, self.code.here())
    }

    #[inline(always)]
    pub(super) fn append_from(
        &mut self,
        item: Item,
        width: Width,
        span: Span,
        code: Here,
    ) -> Result<(), Stop> {
        let node = self.tree.append(item, span, self.code.budget)?;
        self.code.belongs_to(node);
        self.last = Some(node);
        self.frame.width = self.frame.width.plus(self.last_width);
        self.last_width = width;
        self.last_code = code;
        Ok(())
    }

    /// Adds and writes an item that holds no subpattern.
    #[inline(always)]
    pub(super) fn append_leaf(&mut self, item: Item, width: Width, start: u32) -> Result<(), Stop> {
        self.append(item, width, start)?;
        self.code.leaf(item, self.tree, self.frame.flags)
    }

    /// The same for an item that is the next token.
    #[inline]
    pub(super) fn append_next(&mut self, item: Item, width: Width, start: u32) -> Result<(), Stop> {
        self.tokens.skip()?;
        self.append_leaf(item, width, start)
    }

    /// The width of an item of the tree.
    pub(super) fn item_width(&self, item: Item) -> Width {
        self.tree.item_width(item, &self.state.group_widths)
    }

    /// Adds a reference to a group, which is closed.
    pub(super) fn append_reference(&mut self, group: u32, start: u32) -> Result<(), Stop> {
        let reference = Item::GroupRef(group);
        self.append_leaf(reference, self.item_width(reference), start)
    }

    #[inline(never)]
    pub(super) fn append_literal(&mut self, c: u32, start: u32) -> Result<(), Stop> {
        let first = self.tree.next_literal();
        self.tree.literals.try_push(c, self.code.budget)?;
        let one = Slice { start: first, end: first + 1 };
        self.append_literals(one, start, self.code.here())?;
        self.code.literals(&[c], 1, self.frame.flags)
    }

    /// Adds literals to the current alternative, whose code starts there; those that go on where the last ones end become
    /// one item with them, unless each is to know its place.
    #[inline(always)]
    pub(super) fn append_literals(&mut self, part: Slice, start: u32, code: Here) -> Result<(), Stop> {
        if !self.tree.record_spans
            && let Some(last) = self.last
            && let Some(literals) = self.tree.last_literals(last)
            && literals.end == part.start
        {
            literals.end = part.end;
            self.last_width = Width::exactly(literals.len());
            return Ok(());
        }
        let span = Span { start, end: self.tokens.tell() };
        self.append_from(Item::Literals(part), Width::exactly(part.len()), span, code)
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
        self.add_alternative(items)
    }

    /// Adds an alternative, whose items these are, and goes on to the next one.
    #[inline(always)]
    pub(super) fn add_alternative(&mut self, items: Items) -> Result<(), Stop> {
        let alternative = Alternative { items, start: self.frame.alternative_code };
        self.state.alternatives.try_push(alternative, self.code.budget)?;
        self.code.end_alternative()?;
        self.frame.alternative_code = self.code.here();
        Ok(())
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
