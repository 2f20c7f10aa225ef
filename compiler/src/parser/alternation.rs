//! The end of an alternation: common prefixes and sets.

use super::context::Parser;
use crate::codegen::Alternative;
use crate::input::Source;
use crate::item::{Atom, PackedItem};
use crate::memory::{Stop, TryVecExt};
use crate::set::SetItem;
use crate::set::{Notes, SetSummary};
use crate::span::Span;
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Makes one item of the alternatives of the current subpattern, of which there are two or more, and moves what they
    /// start with before it.
    ///
    /// CPython: `re/_parser.py`, the end of `_parse_sub`
    pub(super) fn end_alternation(&mut self) -> Result<(), Stop> {
        self.end_alternative()?;
        let base = self.frame.alternatives as usize;
        let differ = self.first_two_differ(base);
        let (hoisted, width) = if differ { (0, Width::NONE) } else { self.hoist_common(base)? };
        let items = (self.frame.items + hoisted) as usize;
        let start = self.frame.content;
        if !differ && self.alternatives_are_set(base, hoisted) {
            let first = self.state.sets.items.len() as u32;
            let summary = self.union_of_alternatives(base, hoisted)?;
            if let Some(tree) = &mut self.tree {
                tree.forget_alternatives();
            }
            self.emitter.keep_common(self.state.alternatives[base].start, hoisted);
            self.state.items.truncate(items);
            self.append_set(first, summary, start)?;
        } else {
            let span = Span { start, end: self.tokens.tell() };
            self.record(|tree, budget| tree.branch_of_alternatives(span, budget))?;
            let others = self.branch_width(base, width);
            let code = self.emitter.here();
            let begins = hoisted == 0 && self.emitter.is_first_at(self.state.alternatives[base].start);
            self.emitter.emit_branch(&self.state.alternatives[base..], hoisted)?;
            if begins {
                self.note_first_literals(base)?;
            }
            self.state.items.truncate(items);
            self.append(PackedItem::OTHER, others, start, code)?;
        }
        self.state.alternatives.truncate(base);
        Ok(())
    }

    /// The items of an alternative but for those that were moved out.
    #[inline]
    fn items_of(&self, n: usize, hoisted: u32) -> &[PackedItem] {
        let alternatives = &self.state.alternatives;
        let end = alternatives.get(n + 1).map_or(self.state.items.len(), |next| next.items as usize);
        &self.state.items[(alternatives[n].items + hoisted) as usize..end]
    }

    /// The first item of an alternative but for those that were moved out.
    #[inline]
    fn first_of(&self, n: usize, hoisted: u32) -> Option<PackedItem> {
        self.items_of(n, hoisted).first().copied()
    }

    /// Is it seen at once that nothing is to be moved out of the alternatives, and that they are no set? Mostly it is.
    #[inline(always)]
    fn first_two_differ(&self, base: usize) -> bool {
        let [first, second, ..] = self.state.alternatives[base..] else { return false };
        let item = |alternative: Alternative| self.state.items.get(alternative.items as usize);
        let (Some(one), Some(other)) = (item(first), item(second)) else { return false };
        second.items - first.items > 1 && one != other && one.as_set().is_none()
    }

    /// Moves what the alternatives all start with out of them: gives how many items, and their width.
    fn hoist_common(&mut self, base: usize) -> Result<(u32, Width), Stop> {
        let (mut hoisted, mut width) = (0, Width::NONE);
        while let Some(common) = self.common_first(base, hoisted) {
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

    /// The first item, where it is the same in all alternatives.
    #[inline]
    fn common_first(&self, base: usize, hoisted: u32) -> Option<PackedItem> {
        let first = self.first_of(base, hoisted)?;
        let is_common = |n| match self.first_of(n, hoisted) {
            Some(other) if other == first => true,
            Some(other) => match (first.as_set(), other.as_set()) {
                (Some(a), Some(b)) => self.state.sets.items_of(a) == self.state.sets.items_of(b),
                _ => false,
            },
            None => false,
        };
        let common = (base + 1..self.state.alternatives.len()).all(is_common) && first.is_atom();
        common.then_some(first)
    }

    /// Is each alternative a literal or a set, and nothing else?
    fn alternatives_are_set(&self, base: usize, hoisted: u32) -> bool {
        (base..self.state.alternatives.len()).all(|n| match self.items_of(n, hoisted) {
            [item] => match item.as_set() {
                Some(set) => !self.state.sets.get(set).summary.negated,
                None => item.is_literal_or_category(),
            },
            _ => false,
        })
    }

    /// Adds the items of one set in place of the alternatives.
    fn union_of_alternatives(&mut self, base: usize, hoisted: u32) -> Result<SetSummary, Stop> {
        let start = self.state.sets.items.len();
        let mut notes = Notes::begin(&mut self.emitter.optimizer.characters);
        for n in base..self.state.alternatives.len() {
            match self.first_of(n, hoisted).and_then(PackedItem::atom) {
                Some(Atom::Literal(c)) => self.add_set_item(SetItem::Literal(c), &mut notes)?,
                Some(Atom::Category(category)) => {
                    self.add_set_item(SetItem::Category(category), &mut notes)?
                }
                Some(Atom::In(set)) => {
                    let range = self.state.sets.get(set).items.range();
                    let (items, budget) = (&mut self.state.sets.items, &mut self.emitter.budget);
                    items.ensure_spare(range.len(), budget)?;
                    for item in &items[range.clone()] {
                        notes.add(item.get(), &mut self.emitter.optimizer.characters, budget)?;
                    }
                    items.extend_from_within(range);
                }
                _ => {}
            }
        }
        if notes.may_repeat {
            self.remove_repeated(start)?;
        }
        Ok(notes.summary)
    }

    /// How wide the alternatives are, once what they start with is moved out, which is that wide.
    fn branch_width(&self, base: usize, hoisted: Width) -> Width {
        let rest = |alternative: &Alternative| alternative.width.minus(hoisted);
        let width = if hoisted == Width::NONE {
            self.frame.alternatives_width
        } else {
            self.state.alternatives[base..].iter().map(rest).fold(Width::NEVER, Width::or)
        };
        width.capped(self.rules.width_cap)
    }

    /// Notes what the alternatives start with, where that is a literal in each: the pattern begins with them.
    fn note_first_literals(&mut self, base: usize) -> Result<(), Stop> {
        let start = self.state.sets.items.len() as u32;
        for n in base..self.state.alternatives.len() {
            let Some(c) = self.first_of(n, 0).and_then(PackedItem::as_literal) else {
                self.state.sets.items.truncate(start as usize);
                return Ok(());
            };
            self.state.sets.items.try_push(SetItem::Literal(c).into(), &mut self.emitter.budget)?;
        }
        let set = self.state.sets.add(start, SetSummary::default(), &mut self.emitter.budget)?;
        self.emitter.note_first_set_of_branch(PackedItem::set(set), self.frame.flags);
        Ok(())
    }
}
