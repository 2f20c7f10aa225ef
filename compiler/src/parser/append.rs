//! The items of the current alternative, and what becomes of them when it ends.

use core::mem::take;

use super::context::Parser;
use super::frame::Last;
use crate::codegen::{Alternative, CodePos};
use crate::input::Source;
use crate::item::PackedItem;
use crate::memory::{Stop, TryVecExt};
use crate::opcode::{At, Category, Op};
use crate::set::SetSummary;
use crate::span::Span;
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Adds an item of that width to the current alternative, which starts there, and its code there.
    #[inline(always)]
    pub(super) fn append(
        &mut self,
        kind: PackedItem,
        width: Width,
        start: u32,
        code: CodePos,
    ) -> Result<(), Stop> {
        self.last = Last::Item;
        self.last_code = code;
        self.last_start = start;
        self.last_width = width;
        self.add_last_width();
        self.state.items.try_push(kind, &mut self.emitter.budget)
    }

    /// Adds the width of the last item to that of the alternative.
    #[inline(always)]
    pub(super) fn add_last_width(&mut self) {
        self.width_before = self.frame.width;
        self.frame.width = self.width_before.plus(self.last_width);
    }

    /// Adds an item that holds no subpattern; it reaches from `start` to the next token, and its code is written next.
    #[inline(always)]
    fn append_leaf(&mut self, kind: PackedItem, width: Width, start: u32) -> Result<(), Stop> {
        if self.tree.is_some() {
            self.record_atom(kind, start)?;
        }
        self.append(kind, width, start, self.emitter.here())
    }

    /// Adds an item that matches one character, and repeats it if a quantifier is next; its code is written here.
    #[inline(always)]
    fn append_unit(
        &mut self,
        kind: PackedItem,
        start: u32,
        write: impl FnOnce(&mut Self) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if self.tree.is_some() {
            self.record_atom(kind, start)?;
        }
        let code = self.emitter.here();
        if self.tokens.is_quantifier_next() && self.repeat_unit(start)? {
            write(self)?;
            return self.emitter.end_repeat(code);
        }
        self.frame.width = self.frame.width.plus(Width::ONE);
        self.last = Last::Unit;
        self.last_code = code;
        self.state.items.try_push(kind, &mut self.emitter.budget)?;
        write(self)
    }

    #[cold]
    #[inline(never)]
    fn record_atom(&mut self, kind: PackedItem, start: u32) -> Result<(), Stop> {
        let span = Span { start, end: self.tokens.tell() };
        let Some(leaf) = kind.atom() else { return Ok(()) };
        let items = kind.as_set().map_or(&[][..], |set| self.state.sets.items_of(set));
        let Some(tree) = &mut self.tree else { return Ok(()) };
        let node = tree.atom(leaf, items, span, &mut self.emitter.budget)?;
        self.emitter.set_origin(node);
        Ok(())
    }

    /// Any character, which is the next token.
    pub(super) fn append_any(&mut self, start: u32) -> Result<(), Stop> {
        self.tokens.skip();
        self.append_unit(PackedItem::ANY, start, |parser| parser.emitter.emit_any(parser.frame.flags))
    }

    /// An anchor, which is the next token.
    pub(super) fn append_next_at(&mut self, at: At, start: u32) -> Result<(), Stop> {
        self.tokens.skip();
        self.append_at(at, start)
    }

    pub(super) fn append_at(&mut self, at: At, start: u32) -> Result<(), Stop> {
        self.append_leaf(PackedItem::at(at), Width::NONE, start)?;
        self.emitter.emit_at(at, self.frame.flags)
    }

    /// Adds a reference to a group, which is closed.
    pub(super) fn append_reference(&mut self, group: u32, start: u32) -> Result<(), Stop> {
        let width = self.state.group_widths[group as usize].unwrap_or_default();
        self.append_leaf(PackedItem::group_ref(group), width, start)?;
        self.emitter.emit_group_ref(group, self.frame.flags)
    }

    #[inline(never)]
    pub(super) fn append_literal(&mut self, c: u32, start: u32) -> Result<(), Stop> {
        self.append_unit(PackedItem::literal(c), start, |parser| {
            parser.emitter.emit_char(c, parser.frame.flags, Op::LITERAL)
        })
    }

    pub(super) fn append_not_literal(&mut self, c: u32, start: u32) -> Result<(), Stop> {
        self.append_unit(PackedItem::not_literal(c), start, |parser| {
            parser.emitter.emit_char(c, parser.frame.flags, Op::NOT_LITERAL)
        })
    }

    #[inline]
    pub(super) fn append_category(&mut self, category: Category, start: u32) -> Result<(), Stop> {
        let kind = PackedItem::category(category);
        self.append_unit(kind, start, |parser| {
            parser.emitter.note_first_set(kind, parser.frame.flags);
            parser.emitter.emit_category(category, parser.frame.flags)
        })
    }

    /// Adds the set of the items from `first` on.
    #[inline]
    pub(super) fn append_set(&mut self, first: u32, summary: SetSummary, start: u32) -> Result<(), Stop> {
        let kind = PackedItem::set(self.state.sets.add(first, summary, &mut self.emitter.budget)?);
        self.append_unit(kind, start, |parser| {
            parser.emitter.note_first_set(kind, parser.frame.flags);
            parser.emitter.emit_set(&parser.state.sets.items[first as usize..], &summary, parser.frame.flags)
        })
    }

    /// Adds literals, which are the last ones of the items already, and whose code is written.
    #[inline(always)]
    pub(super) fn append_literals(&mut self, literals: u32) {
        self.frame.width = self.frame.width.plus(Width::exactly(literals));
        self.last = Last::Literals;
    }

    /// The width of a subpattern that ends with the current alternative.
    #[inline]
    pub(super) fn finish(&mut self) -> Width {
        self.take_width().capped(self.rules.width_cap)
    }

    /// Ends the current alternative.
    #[inline(always)]
    pub(super) fn end_alternative(&mut self) -> Result<(), Stop> {
        self.record(|tree, budget| tree.end_alternative(budget))?;
        let width = self.take_width();
        self.add_alternative(width)
    }

    /// Adds an alternative of that width, and goes on to the next one.
    #[inline(always)]
    pub(super) fn add_alternative(&mut self, width: Width) -> Result<(), Stop> {
        self.frame.alternatives_width = self.frame.alternatives_width.or(width);
        let (start, items) = (self.frame.alternative_code, self.frame.alternative_items);
        self.state.alternatives.try_push(Alternative { start, items, width }, &mut self.emitter.budget)?;
        self.emitter.end_alternative()?;
        self.frame.alternative_code = self.emitter.here();
        self.frame.alternative_items = self.state.items.len() as u32;
        Ok(())
    }

    /// Ends the current alternative, and gives its width, not capped.
    #[inline(always)]
    fn take_width(&mut self) -> Width {
        self.last = Last::Nothing;
        take(&mut self.frame.width)
    }
}
