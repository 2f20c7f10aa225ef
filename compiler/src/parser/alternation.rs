//! The end of an alternation: common prefixes and sets.

use super::context::Parser;
use crate::codegen::Alternative;
use crate::input::Source;
use crate::item::{Kind, Leaf};
use crate::memory::{Grow, Stop};
use crate::set::Member;
use crate::set::{Notes, Outline};
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
        let kinds = (self.frame.kinds + hoisted) as usize;
        let start = self.frame.content;
        if !differ && self.alternatives_are_set(base, hoisted) {
            let first = self.state.sets.members.len() as u32;
            let outline = self.add_members(base, hoisted)?;
            if let Some(tree) = &mut self.tree {
                tree.forget_alternatives();
            }
            self.code.keep_common(self.state.alternatives[base].start, hoisted);
            self.state.kinds.truncate(kinds);
            self.append_set(first, outline, start)?;
        } else {
            let span = Span { start, end: self.tokens.tell() };
            self.tell_tree(|tree, budget| tree.branch_of_alternatives(span, budget))?;
            let others = self.branch_width(base, width);
            let code = self.code.here();
            let begins = hoisted == 0 && self.code.would_begin_at(self.state.alternatives[base].start);
            self.code.branch(&self.state.alternatives[base..], hoisted)?;
            if begins {
                self.note_first_literals(base)?;
            }
            self.state.kinds.truncate(kinds);
            self.append(Kind::OTHER, others, start, code)?;
        }
        self.state.alternatives.truncate(base);
        Ok(())
    }

    /// The items of an alternative but for those that were moved out.
    #[inline]
    fn items_of(&self, n: usize, hoisted: u32) -> &[Kind] {
        let alternatives = &self.state.alternatives;
        let end = alternatives.get(n + 1).map_or(self.state.kinds.len(), |next| next.kinds as usize);
        &self.state.kinds[(alternatives[n].kinds + hoisted) as usize..end]
    }

    /// The first item of an alternative but for those that were moved out.
    #[inline]
    fn first_of(&self, n: usize, hoisted: u32) -> Option<Kind> {
        self.items_of(n, hoisted).first().copied()
    }

    /// Is it seen at once that nothing is to be moved out of the alternatives, and that they are no set? Mostly it is.
    #[inline(always)]
    fn first_two_differ(&self, base: usize) -> bool {
        let [first, second, ..] = self.state.alternatives[base..] else { return false };
        let item = |alternative: Alternative| self.state.kinds.get(alternative.kinds as usize);
        let (Some(one), Some(other)) = (item(first), item(second)) else { return false };
        second.kinds - first.kinds > 1 && one != other && one.as_set().is_none()
    }

    /// Moves what the alternatives all start with out of them: gives how many items, and their width.
    fn hoist_common(&mut self, base: usize) -> Result<(u32, Width), Stop> {
        let (mut hoisted, mut width) = (0, Width::NONE);
        while let Some(common) = self.common_first(base, hoisted) {
            hoisted += 1;
            width = width.plus(match common.as_reference() {
                Some(group) => self.state.group_widths[group as usize].unwrap_or_default(),
                None => common.width(),
            });
            self.tell_tree(|tree, budget| tree.hoist(budget))?;
        }
        self.frame.width = width;
        Ok((hoisted, width))
    }

    /// The first item, where it is the same in all alternatives.
    #[inline]
    fn common_first(&self, base: usize, hoisted: u32) -> Option<Kind> {
        let first = self.first_of(base, hoisted)?;
        let is_common = |n| match self.first_of(n, hoisted) {
            Some(other) if other == first => true,
            Some(other) => match (first.as_set(), other.as_set()) {
                (Some(a), Some(b)) => self.state.sets.members_of(a) == self.state.sets.members_of(b),
                _ => false,
            },
            None => false,
        };
        let common = (base + 1..self.state.alternatives.len()).all(is_common) && first.is_leaf();
        common.then_some(first)
    }

    /// Is each alternative a literal or a set, and nothing else?
    fn alternatives_are_set(&self, base: usize, hoisted: u32) -> bool {
        (base..self.state.alternatives.len()).all(|n| match self.items_of(n, hoisted) {
            [item] => match item.as_set() {
                Some(set) => !self.state.sets.get(set).outline.negated,
                None => item.is_literal_or_category(),
            },
            _ => false,
        })
    }

    /// Adds the members of one set in place of the alternatives.
    fn add_members(&mut self, base: usize, hoisted: u32) -> Result<Outline, Stop> {
        let start = self.state.sets.members.len();
        let mut notes = Notes::begin(&mut self.code.optimizer.characters);
        for n in base..self.state.alternatives.len() {
            match self.first_of(n, hoisted).and_then(Kind::leaf) {
                Some(Leaf::Literal(c)) => self.add_member(Member::Literal(c), &mut notes)?,
                Some(Leaf::Category(category)) => self.add_member(Member::Category(category), &mut notes)?,
                Some(Leaf::In(set)) => {
                    let range = self.state.sets.get(set).members.range();
                    let (members, budget) = (&mut self.state.sets.members, &mut self.code.budget);
                    members.make_room(range.len(), budget)?;
                    for member in &members[range.clone()] {
                        notes.add(member.get(), &mut self.code.optimizer.characters, budget)?;
                    }
                    members.extend_from_within(range);
                }
                _ => {}
            }
        }
        if notes.may_repeat {
            self.remove_repeated(start)?;
        }
        Ok(notes.outline)
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
        let start = self.state.sets.members.len() as u32;
        for n in base..self.state.alternatives.len() {
            let Some(c) = self.first_of(n, 0).and_then(Kind::as_literal) else {
                self.state.sets.members.truncate(start as usize);
                return Ok(());
            };
            self.state.sets.members.try_push(Member::Literal(c).into(), &mut self.code.budget)?;
        }
        let set = self.state.sets.add(start, Outline::default(), &mut self.code.budget)?;
        self.code.begins_with_one_of(Kind::set(set), self.frame.flags);
        Ok(())
    }
}
