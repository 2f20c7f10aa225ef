//! The end of an alternation: moving out common prefixes, and replacing single characters by a set.

use super::context::Parser;
use super::frame::Alternative;
use super::stop::ParseStop;
use crate::input::Source;
use crate::item::{Atom, PackedItem};
use crate::memory::Abort;
use crate::set::{PackedSetItem, SetItem};
use crate::span::Span;
use crate::stack::Height;
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Replaces the alternatives of the current subpattern, of which there are at least two, by the
    /// items that all of them begin with and one item for what remains.
    ///
    /// CPython: `re/_parser.py`, the end of `_parse_sub`
    pub(super) fn end_alternation(&mut self) -> Result<(), ParseStop> {
        self.end_alternative()?;
        let differ = self.first_two_differ();
        let (hoisted, width) = if differ { (0, Width::NONE) } else { self.hoist_common()? };
        let items = self.frame.items.plus(hoisted);
        let start = self.frame.content;
        let first = self.alternatives().first().map_or(self.frame.code, Alternative::code);
        if !differ && self.alternatives_are_set(hoisted) {
            let set_start = self.union_of_alternatives(hoisted)?;
            if let Some(tree) = &mut self.tree {
                tree.drop_alternatives();
            }
            self.emitter.keep_common(first, hoisted);
            self.state.items.truncate(items);
            self.append_set(set_start, start)?;
        } else if !differ && self.rules.sets_fused && self.alternatives_fuse(hoisted) {
            let end = self.tokens.tell();
            let syntax = "alternatives of one character with one negated set among them are";
            return Err(self.refuse_preview(syntax, start, end));
        } else {
            let span = Span { start, end: self.tokens.tell() };
            self.record(|tree, budget| tree.branch_of_alternatives(span, budget))?;
            let width = self.branch_width(width);
            let code = self.emitter.here();
            let is_first = hoisted == 0 && self.emitter.is_first_at(first);
            let alternatives = self.state.alternatives.above(self.frame.alternatives);
            self.emitter.emit_branch(alternatives.iter().map(Alternative::code), hoisted)?;
            if is_first {
                self.note_first_literals()?;
            }
            self.state.items.truncate(items);
            self.append(PackedItem::OTHER, width, start, code)?;
        }
        self.state.alternatives.truncate(self.frame.alternatives);
        Ok(())
    }

    /// Returns the finished alternatives of the current subpattern.
    #[inline(always)]
    fn alternatives(&self) -> &[Alternative] {
        self.state.alternatives.above(self.frame.alternatives)
    }

    /// Returns the items of the n-th alternative, without the `hoisted` ones at its beginning.
    #[inline]
    fn items_of(&self, n: usize, hoisted: u32) -> &[PackedItem] {
        let alternatives = self.alternatives();
        let end = alternatives.get(n + 1).map_or(self.state.items.height(), |next| next.items);
        self.state.items.between(alternatives[n].items.plus(hoisted), end)
    }

    /// Returns the first of these items.
    #[inline]
    fn first_of(&self, n: usize, hoisted: u32) -> Option<PackedItem> {
        self.items_of(n, hoisted).first().copied()
    }

    /// Returns whether the first two alternatives alone show that nothing is common and that the
    /// alternatives are no set, as is common.
    #[inline(always)]
    fn first_two_differ(&self) -> bool {
        let [first, second, ..] = self.alternatives() else { return false };
        let item = |alternative: &Alternative| self.state.items.get(alternative.items);
        let (Some(one), Some(other)) = (item(first), item(second)) else { return false };
        second.items.elements_above(first.items) > 1 && one.surely_differs(*other)
    }

    /// Moves the items that all alternatives begin with out of them. Returns how many there are,
    /// and their width.
    fn hoist_common(&mut self) -> Result<(u32, Width), ParseStop> {
        let (mut hoisted, mut width) = (0, Width::NONE);
        while let Some(common) = self.common_first(hoisted) {
            hoisted += 1;
            width = width.plus(match common.as_group_ref() {
                Some(group) => self.state.group_widths[group as usize].unwrap_or_default(),
                None => common.width(),
            });
            self.record(|tree, budget| tree.hoist(budget))?;
        }
        self.frame.width = width;
        Ok((hoisted, width))
    }

    /// Returns the first item after the `hoisted` ones, if it is the same in all alternatives.
    #[inline]
    fn common_first(&self, hoisted: u32) -> Option<PackedItem> {
        let first = self.first_of(0, hoisted)?;
        let is_common =
            |n| self.first_of(n, hoisted).is_some_and(|other| first.same_item(other, &self.state.sets));
        (1..self.alternatives().len()).all(is_common).then_some(first)
    }

    /// Returns whether each alternative is a single literal, category or set.
    fn alternatives_are_set(&self, hoisted: u32) -> bool {
        (0..self.alternatives().len()).all(|n| self.is_flat(self.items_of(n, hoisted)))
    }

    /// Returns whether these items are a single literal, category or set that is not negated.
    ///
    /// CPython: `re/_parser.py`, `_flat_items` (3.16)
    #[inline(always)]
    pub(super) fn is_flat(&self, items: &[PackedItem]) -> bool {
        match items {
            [item] => match item.as_set() {
                Some(set) => !self.state.sets.get(set).negated,
                None => item.is_literal_or_category(),
            },
            _ => false,
        }
    }

    /// Returns whether all alternatives but one are flat, and that one is a negated set.
    ///
    /// CPython: `re/_optimizer.py`, `_fuse_branch` (3.16)
    #[cold]
    fn alternatives_fuse(&self, hoisted: u32) -> bool {
        let mut negated = 0;
        (0..self.alternatives().len()).all(|n| {
            let items = self.items_of(n, hoisted);
            let is_negated = matches!(items, [item] if item.as_set().is_some()) && !self.is_flat(items);
            negated += u32::from(is_negated);
            is_negated || self.is_flat(items)
        }) && negated == 1
    }

    /// Builds the set of what the alternatives match, and returns where its items begin.
    fn union_of_alternatives(&mut self, hoisted: u32) -> Result<Height<PackedSetItem>, ParseStop> {
        let start = self.state.sets.items.height();
        self.state.set_builder.begin();
        for n in 0..self.alternatives().len() {
            match self.first_of(n, hoisted).and_then(PackedItem::atom) {
                Some(Atom::Literal(c)) => self.add_set_item(SetItem::Literal(c))?,
                Some(Atom::Category(category)) => self.add_set_item(SetItem::Category(category))?,
                Some(Atom::In(set)) => self.add_items_of_set(set)?,
                _ => {}
            }
        }
        self.remove_repeated_set_items(start)?;
        Ok(start)
    }

    fn add_items_of_set(&mut self, set: u32) -> Result<(), Abort> {
        let (sets, budget) = (&mut self.state.sets, &mut self.emitter.budget);
        for item in sets.items_of(set) {
            self.state.set_builder.add(item.get(), budget)?;
        }
        let range = sets.get(set).items.range();
        sets.items.try_push_copies(range, budget)
    }

    /// Returns the width of the branch. `hoisted` is that of the items moved out of it.
    fn branch_width(&self, hoisted: Width) -> Width {
        let rest = |alternative: &Alternative| alternative.width.minus(hoisted);
        let width = if hoisted == Width::NONE {
            self.frame.alternatives_width
        } else {
            self.alternatives().iter().map(rest).fold(Width::NEVER, Width::or)
        };
        width.capped(self.rules.width_cap)
    }

    /// Notes the set of the first literals, if each alternative of the first branch begins with
    /// one.
    fn note_first_literals(&mut self) -> Result<(), ParseStop> {
        let start = self.state.sets.items.height();
        for n in 0..self.alternatives().len() {
            let Some(c) = self.first_of(n, 0).and_then(PackedItem::as_literal) else {
                self.state.sets.items.truncate(start);
                return Ok(());
            };
            self.state.sets.items.try_push(SetItem::Literal(c).into(), &mut self.emitter.budget)?;
        }
        let set = self.state.sets.add(start, false, &mut self.emitter.budget)?;
        self.emitter.note_first_set_of_branch(PackedItem::set(set), self.frame.flags);
        Ok(())
    }
}
