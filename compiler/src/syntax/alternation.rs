//! The end of an alternation: common prefixes and sets.

use super::Parser;
use crate::input::Source;
use crate::lower::Alternative;
use crate::members::{Member, Notes};
use crate::pool::{Grow, Stop};
use crate::tree::{Branch, Item, Slice, add};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Makes one item of the alternatives of the current subpattern, of which there are two or more, and moves what they
    /// start with before it.
    ///
    /// CPython: `re/_parser.py`, the end of `_parse_sub`
    pub(super) fn end_alternation(&mut self) -> Result<(), Stop> {
        self.end_alternative()?;
        let base = self.frame.alternatives as usize;
        let mut hoisted = 0;
        while self.hoist_first(base)? {
            hoisted += 1;
        }
        if let Some(set) = self.alternatives_as_set(base)? {
            self.code.keep_common(self.state.alternatives[base].start, hoisted);
            self.append_leaf(set, Width::ONE, self.frame.content)?;
        } else {
            let (branch, width) = self.branch(base, hoisted > 0)?;
            self.append(branch, width, self.frame.content)?;
            self.code.branch(&self.state.alternatives[base..], hoisted)?;
        }
        self.state.alternatives.truncate(base);
        Ok(())
    }

    /// Moves the first item of the alternatives out of them, where it is the same in all.
    fn hoist_first(&mut self, base: usize) -> Result<bool, Stop> {
        let tree = &*self.tree;
        let [first, others @ ..] = &self.state.alternatives[base..] else { return Ok(false) };
        let Some(common) = tree.first_item(first.items) else { return Ok(false) };
        let is_common = |other: &Alternative| tree.starts_with(other.items, common);
        if !others.iter().all(is_common) {
            return Ok(false);
        }
        let (code, span) = (first.start, tree.first_span(first.items).unwrap_or_default());
        for alternative in &mut self.state.alternatives[base..] {
            self.tree.drop_first(&mut alternative.items);
        }
        match common {
            Item::Literals(one) if !self.tree.record_spans => self.append_literals(one, span.start, code)?,
            item => self.append_from(item, self.item_width(item), span, code)?,
        }
        Ok(true)
    }

    /// One set in place of alternatives that are a literal or a set each.
    fn alternatives_as_set(&mut self, base: usize) -> Result<Option<Item>, Stop> {
        let tree = &mut *self.tree;
        let alternatives = &self.state.alternatives[base..];
        let is_part = |alternative: &Alternative| match tree.single(alternative.items) {
            Some(Item::Literals(_) | Item::Category(_)) => true,
            Some(Item::In(set)) => !tree.sets[set as usize].outline.negated,
            _ => false,
        };
        if !alternatives.iter().all(is_part) {
            return Ok(None);
        }
        let start = tree.members.len() as u32;
        let characters = &mut self.code.optimizer.characters;
        let mut notes = Notes::begin(characters);
        for alternative in alternatives {
            let one = match tree.single(alternative.items) {
                Some(Item::Literals(one)) => Member::Literal(tree.literals(one)[0]),
                Some(Item::Category(category)) => Member::Category(category),
                Some(Item::In(set)) => {
                    for member in tree.sets[set as usize].members.range() {
                        let member = tree.members[member];
                        notes.add(member, characters, self.code.budget)?;
                        tree.members.try_push(member, self.code.budget)?;
                    }
                    continue;
                }
                _ => continue,
            };
            notes.add(one, characters, self.code.budget)?;
            tree.members.try_push(one, self.code.budget)?;
        }
        if notes.may_repeat {
            self.state.unique.remove_repeated(&mut tree.members, start as usize, self.code.budget)?;
        }
        tree.add_set(start, notes.outline, self.code.budget).map(Some)
    }

    fn branch(&mut self, base: usize, hoisted: bool) -> Result<(Item, Width), Stop> {
        let alternatives = self.state.alternatives[base..].iter().map(|alternative| alternative.items);
        let mut width = self.frame.alternatives_width;
        if hoisted {
            let of = |items| self.tree.getwidth(items, &self.state.group_widths);
            width = alternatives.clone().map(of).fold(Width::NEVER, Width::or);
        }
        let width = width.capped(self.rules.width_cap);
        let start = self.tree.alternatives.len() as u32;
        self.tree.alternatives.try_fill(alternatives, self.code.budget)?;
        let alternatives = Slice { start, end: self.tree.alternatives.len() as u32 };
        let branch = add(&mut self.tree.branches, Branch { alternatives, width }, self.code.budget)?;
        Ok((Item::Branch(branch), width))
    }
}
