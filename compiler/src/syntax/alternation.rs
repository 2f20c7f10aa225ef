//! The end of an alternation: common prefixes and sets.

use super::Parser;
use crate::error::Span;
use crate::input::Source;
use crate::pool::{Grow, Stop};
use crate::tree::{Body, Item, Member, Sequence, Slice};

impl<S: Source> Parser<'_, S> {
    /// Makes one sequence of the alternatives of the current subpattern, of which there are two or more.
    ///
    /// CPython: `re/_parser.py`, the end of `_parse_sub`
    pub(super) fn end_alternation(&mut self) -> Result<Sequence, Stop> {
        let base = self.frame.alternatives as usize;
        let mut hoisted = false;
        while self.hoist_first(base)? {
            hoisted = true;
        }
        let item = match self.alternatives_as_set(base)? {
            Some(set) => Item::In(set),
            None => self.branch(base, hoisted)?,
        };
        self.state.alternatives.truncate(base);
        let span = Span { start: self.frame.content, end: self.tokens.tell() };
        self.append_from(item, self.item_width(item), span)?;
        self.finish()
    }

    /// Moves the first item of the alternatives out of them, where it is the same in all.
    fn hoist_first(&mut self, base: usize) -> Result<bool, Stop> {
        let tree = &*self.tree;
        let alternatives = &self.state.alternatives[base..];
        let Some(common) = tree.first_item(alternatives[0]) else { return Ok(false) };
        let is_common = |&other: &Body| match tree.first_item(other) {
            Some(item) => tree.same(common, item),
            None => false,
        };
        if !alternatives[1..].iter().all(is_common) {
            return Ok(false);
        }
        let span = tree.first_span(alternatives[0]).unwrap_or_default();
        for alternative in &mut self.state.alternatives[base..] {
            self.tree.drop_first(alternative);
        }
        match common {
            Item::Literals(one) => self.append_literals(one, span)?,
            item => self.append_from(item, self.item_width(item), span)?,
        }
        Ok(true)
    }

    /// One set in place of alternatives that are a literal or a set each.
    fn alternatives_as_set(&mut self, base: usize) -> Result<Option<Slice>, Stop> {
        let tree = &mut *self.tree;
        let alternatives = &self.state.alternatives[base..];
        let is_part = |&alternative: &Body| match tree.single(alternative) {
            Some(Item::Literals(_)) => true,
            Some(Item::In(set)) => tree.set(set).first() != Some(&Member::Negate),
            _ => false,
        };
        if !alternatives.iter().all(is_part) {
            return Ok(None);
        }
        let start = tree.members.len() as u32;
        for &alternative in alternatives {
            match tree.single(alternative) {
                Some(Item::Literals(one)) => {
                    let c = tree.literals(one)[0];
                    tree.members.try_push(Member::Literal(c), self.budget)?;
                }
                Some(Item::In(set)) => {
                    for member in set.range() {
                        let member = tree.members[member];
                        tree.members.try_push(member, self.budget)?;
                    }
                }
                _ => {}
            }
        }
        self.state.unique.remove_repeated(&mut tree.members, start, self.budget)?;
        Ok(Some(Slice { start, end: tree.members.len() as u32 }))
    }

    fn branch(&mut self, base: usize, hoisted: bool) -> Result<Item, Stop> {
        let alternatives = &self.state.alternatives[base..];
        if hoisted {
            for &alternative in alternatives {
                let Body::Sequence(id) = alternative else { continue };
                let chain = self.tree.chain(id);
                let width = self.tree.getwidth(chain, &self.state.group_widths).capped(self.rules.width_cap);
                self.tree.replace_sequence(id, Sequence { chain, width });
            }
        }
        let start = self.tree.alternatives.len() as u32;
        self.tree.alternatives.try_extend(alternatives, self.budget)?;
        Ok(Item::Branch(Slice { start, end: self.tree.alternatives.len() as u32 }))
    }
}
