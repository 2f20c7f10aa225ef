//! Appending items to the current alternative.

use core::mem::take;

use super::context::Parser;
use super::frame::{Alternative, Last};
use super::stop::ParseStop;
use crate::codegen::CodePos;
use crate::input::Source;
use crate::item::PackedItem;
use crate::memory::Abort;
use crate::opcode::{At, Category, Op};
use crate::set::PackedSetItem;
use crate::span::Span;
use crate::stack::Height;
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Appends an item of the given width. `start` is its index in the pattern, `code` the position
    /// of its code.
    #[inline(always)]
    pub(super) fn append(
        &mut self,
        item: PackedItem,
        width: Width,
        start: u32,
        code: CodePos,
    ) -> Result<(), Abort> {
        self.last = Last::Item(self.add_width(code, start, width));
        self.state.items.try_push(item, &mut self.emitter.budget)
    }

    /// Appends an item that matches one character, and repeats it if a quantifier follows. `emit`
    /// emits its code.
    #[inline(always)]
    fn append_unit(
        &mut self,
        item: PackedItem,
        start: u32,
        emit: impl FnOnce(&mut Self) -> Result<(), Abort>,
    ) -> Result<(), ParseStop> {
        if self.tree.is_some() {
            self.record_atom(item, start)?;
        }
        let code = self.emitter.here();
        if self.tokens.is_quantifier_next() && self.repeat_unit(start)? {
            emit(self)?;
            return Ok(self.emitter.end_repeat(code)?);
        }
        self.frame.width = self.frame.width.plus(Width::ONE);
        self.last = Last::Unit { code };
        self.state.items.try_push(item, &mut self.emitter.budget)?;
        Ok(emit(self)?)
    }

    /// Records the node of an item that extends from `start` to the next token.
    #[cold]
    #[inline(never)]
    fn record_atom(&mut self, item: PackedItem, start: u32) -> Result<(), Abort> {
        let span = Span { start, end: self.tokens.tell() };
        let Some(atom) = item.atom() else { return Ok(()) };
        let items = item.as_set().map_or(&[][..], |set| self.state.sets.items_of(set));
        let Some(tree) = &mut self.tree else { return Ok(()) };
        let node = tree.atom(atom, items, span, &mut self.emitter.budget)?;
        self.emitter.set_origin(node);
        Ok(())
    }

    /// Appends a dot, which is the next token.
    pub(super) fn append_any(&mut self, start: u32) -> Result<(), ParseStop> {
        self.tokens.skip();
        self.append_unit(PackedItem::ANY, start, |parser| parser.emitter.emit_any(parser.frame.flags))
    }

    /// Appends an anchor, which is the next token.
    pub(super) fn append_next_at(&mut self, at: At, start: u32) -> Result<(), ParseStop> {
        self.tokens.skip();
        self.append_at(at, start)
    }

    pub(super) fn append_at(&mut self, at: At, start: u32) -> Result<(), ParseStop> {
        let item = PackedItem::at(at);
        if self.tree.is_some() {
            self.record_atom(item, start)?;
        }
        self.last = Last::Anchor;
        self.state.items.try_push(item, &mut self.emitter.budget)?;
        Ok(self.emitter.emit_at(at, self.frame.flags)?)
    }

    /// Appends a reference to a closed group.
    pub(super) fn append_group_ref(&mut self, group: u32, start: u32) -> Result<(), ParseStop> {
        let width = self.state.group_widths[group as usize].unwrap_or_default();
        let item = PackedItem::group_ref(group);
        if self.tree.is_some() {
            self.record_atom(item, start)?;
        }
        self.append(item, width, start, self.emitter.here())?;
        Ok(self.emitter.emit_group_ref(group, self.frame.flags)?)
    }

    #[inline(never)]
    pub(super) fn append_literal(&mut self, c: u32, start: u32) -> Result<(), ParseStop> {
        self.append_unit(PackedItem::literal(c), start, |parser| {
            parser.emitter.emit_char(c, parser.frame.flags, Op::LITERAL)
        })
    }

    pub(super) fn append_not_literal(&mut self, c: u32, start: u32) -> Result<(), ParseStop> {
        self.append_unit(PackedItem::not_literal(c), start, |parser| {
            parser.emitter.emit_char(c, parser.frame.flags, Op::NOT_LITERAL)
        })
    }

    #[inline]
    pub(super) fn append_category(&mut self, category: Category, start: u32) -> Result<(), ParseStop> {
        let item = PackedItem::category(category);
        self.append_unit(item, start, |parser| {
            parser.emitter.note_first_set(item, parser.frame.flags);
            parser.emitter.emit_category(category, parser.frame.flags)
        })
    }

    /// Appends the set that the set builder has collected. Its items are those above `first`.
    #[inline]
    pub(super) fn append_set(&mut self, first: Height<PackedSetItem>, start: u32) -> Result<(), ParseStop> {
        let negated = self.state.set_builder.negated;
        let item = PackedItem::set(self.state.sets.add(first, negated, &mut self.emitter.budget)?);
        self.append_unit(item, start, |parser| {
            parser.emitter.note_first_set(item, parser.frame.flags);
            let items = parser.state.sets.items.above(first);
            parser.emitter.emit_set(&mut parser.state.set_builder, items, parser.frame.flags)
        })
    }

    /// Appends literals that are already in `State::items`, and whose code is emitted.
    #[inline(always)]
    pub(super) fn append_literals(&mut self, literals: u32) {
        self.frame.width = self.frame.width.plus(Width::exactly(literals));
        self.last = Last::Literals;
    }

    /// Ends the current alternative, and returns the width of a subpattern that ends with it.
    #[inline]
    pub(super) fn finish(&mut self) -> Width {
        self.take_width().capped(self.rules.width_cap)
    }

    /// Ends the current alternative of a branch.
    #[inline(always)]
    pub(super) fn end_alternative(&mut self) -> Result<(), Abort> {
        self.record(|tree, budget| tree.end_alternative(budget))?;
        let width = self.take_width();
        self.add_alternative(width)
    }

    /// Adds the current alternative, which has the given width, and begins the next one.
    #[inline(always)]
    pub(super) fn add_alternative(&mut self, width: Width) -> Result<(), Abort> {
        self.frame.alternatives_width = self.frame.alternatives_width.or(width);
        let (code, items) = (self.frame.alternative_code, self.frame.alternative_items);
        self.state.alternatives.try_push(Alternative { code, items, width }, &mut self.emitter.budget)?;
        self.emitter.end_alternative()?;
        self.frame.alternative_code = self.emitter.here();
        self.frame.alternative_items = self.state.items.height();
        Ok(())
    }

    /// Ends the current alternative, and returns its width without a cap.
    #[inline(always)]
    fn take_width(&mut self) -> Width {
        self.last = Last::None;
        take(&mut self.frame.width)
    }
}
