//! The end of an alternation: common prefixes and sets.

use super::Parser;
use crate::error::{Raise, Span};
use crate::input::Source;
use crate::pool::Grow;
use crate::tree::{Chain, Item, Member, Sequence, SequenceId, add};

impl<S: Source> Parser<'_, S> {
    /// Makes one sequence of the alternatives of the current subpattern.
    ///
    /// CPython: `re/_parser.py`, the end of `_parse_sub`
    pub(super) fn end_alternation(&mut self) -> Result<SequenceId, Raise> {
        let base = self.frame.alternatives as usize;
        if let [only] = self.state.alternatives[base..] {
            self.state.alternatives.truncate(base);
            return Ok(only);
        }
        let mut chain = Chain::EMPTY;
        while self.hoist_first(base, &mut chain) {}
        let item = match self.alternatives_as_set(base)? {
            Some(set) => Item::In(set),
            None => self.branch(base, !chain.is_empty())?,
        };
        self.state.alternatives.truncate(base);
        let span = Span { start: self.frame.content, end: self.tokens.tell() };
        self.tree.append(&mut chain, item, span)?;
        let width = self.tree.getwidth(chain, &self.state.group_widths);
        self.finish(chain, width)
    }

    /// Moves the first item of the alternatives out of them, where it is the same in all.
    fn hoist_first(&mut self, base: usize, prefix: &mut Chain) -> bool {
        let alternatives = &self.state.alternatives[base..];
        let tree = &mut *self.tree;
        let first = |alternative: SequenceId| tree.chain(alternative).first().map(|node| tree.item(node));
        let Some(common) = first(alternatives[0]) else { return false };
        if !alternatives[1..].iter().all(|&other| first(other).is_some_and(|item| tree.same(common, item))) {
            return false;
        }
        tree.move_first(alternatives[0], prefix);
        for &other in &alternatives[1..] {
            tree.drop_first(other);
        }
        true
    }

    /// One set in place of alternatives that are a literal or a set each.
    fn alternatives_as_set(&mut self, base: usize) -> Result<Option<u32>, Raise> {
        let tree = &mut *self.tree;
        let alternatives = &self.state.alternatives[base..];
        let item = |&alternative: &SequenceId| Some(tree.item(tree.chain(alternative).single()?));
        let is_part = |alternative: &SequenceId| match item(alternative) {
            Some(Item::Literal(_)) => true,
            Some(Item::In(set)) => tree.set(set).first() != Some(&Member::Negate),
            _ => false,
        };
        if !alternatives.iter().all(is_part) {
            return Ok(None);
        }
        let start = tree.members.len() as u32;
        for &alternative in alternatives {
            match tree.chain(alternative).single().map(|node| tree.item(node)) {
                Some(Item::Literal(c)) => tree.members.try_push(Member::Literal(c))?,
                Some(Item::In(set)) => {
                    let (from, to) = tree.sets[set as usize];
                    for member in from..to {
                        let member = tree.members[member as usize];
                        tree.members.try_push(member)?;
                    }
                }
                _ => {}
            }
        }
        self.state.unique.remove_repeated(&mut tree.members, start)?;
        let end = tree.members.len() as u32;
        add(&mut tree.sets, (start, end)).map(Some)
    }

    fn branch(&mut self, base: usize, hoisted: bool) -> Result<Item, Raise> {
        if hoisted {
            for &alternative in &self.state.alternatives[base..] {
                let chain = self.tree.chain(alternative);
                let width = self.tree.getwidth(chain, &self.state.group_widths).capped(self.rules.width_cap);
                self.tree.replace_sequence(alternative, Sequence { chain, width });
            }
        }
        let start = self.tree.alternatives.len() as u32;
        self.tree.alternatives.try_extend(&self.state.alternatives[base..])?;
        let end = self.tree.alternatives.len() as u32;
        Ok(Item::Branch(add(&mut self.tree.branches, (start, end))?))
    }
}
