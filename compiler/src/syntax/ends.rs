//! The end of an alternative, and of a subpattern.

use super::{Frame, Opener, Parser};
use crate::dialect::GlobalFlags;
use crate::error::{ErrorKind, Raise, Span};
use crate::flags::Flags;
use crate::input::Source;
use crate::pool::{Grow, Stop};
use crate::tokenizer::Class;
use crate::tree::{Conditional, Group, Item, Sequence, SequenceId, Slice, add};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// At a `|`.
    #[inline]
    pub(super) fn next_alternative(&mut self) -> Result<(), Stop> {
        match self.frame.opener {
            Opener::ConditionalYes { group } => {
                let yes = self.finish();
                let yes = self.tree.add_sequence(yes, self.budget)?;
                self.frame.opener = Opener::ConditionalNo { group, yes };
            }
            Opener::ConditionalNo { .. } => {
                return Err(self.raise(Raise::at(ErrorKind::ConditionalBranches, self.tokens.tell())));
            }
            opener => {
                self.end_alternative()?;
                if matches!(opener, Opener::Pattern) && self.rules.global_flags == GlobalFlags::First {
                    self.frame.plain = Class::plain(self.state.flags.any(Flags::VERBOSE));
                }
            }
        }
        self.tokens.skip()
    }

    /// At a `|` after literals: if these are all of the alternative, as they mostly are, ends it here.
    #[inline(always)]
    pub(super) fn end_word(&mut self, word: Slice) -> Result<bool, Stop> {
        let is_word = self.last.is_none()
            && self.tokens.is_next('|')
            && !matches!(self.frame.opener, Opener::ConditionalYes { .. } | Opener::ConditionalNo { .. });
        if is_word {
            let node = self.tree.append(Item::Literals(word), Span::default(), self.budget)?;
            self.state.alternatives.try_push(self.tree.items_from(node), self.budget)?;
            self.frame.alternatives_width = self.frame.alternatives_width.or(Width::exactly(word.len()));
            self.frame.first = self.tree.next_node();
            self.tokens.skip()?;
        }
        Ok(is_word)
    }

    /// At a `)` or the end: ends the subpattern. Gives the whole pattern where that is what ended.
    pub(super) fn end_subpattern(&mut self) -> Result<Option<SequenceId>, Stop> {
        let Frame { start, opener, node, alternatives, .. } = self.frame;
        if self.state.alternatives.len() > alternatives as usize {
            self.end_alternation()?;
        }
        let body = self.finish();
        if matches!(opener, Opener::Pattern) {
            return self.tree.add_sequence(body, self.budget).map(Some);
        }
        if let Opener::Assert { outermost_behind: true, .. } = opener {
            self.state.lookbehind_groups = None;
        }
        if !self.tokens.matches(')')? {
            return Err(self.raise(Raise::at(ErrorKind::UnterminatedSubpattern, start)));
        }
        self.last_width = body.width;
        if matches!(opener, Opener::Plain) {
            self.tree.lead_to(node, body.items);
        } else {
            let item = self.close_group(opener, body)?;
            self.tree.close(node, item, self.tokens.tell());
        }
        if let Some(parent) = self.state.frames.pop() {
            self.frame = parent;
        }
        self.last = Some(node);
        Ok(None)
    }

    /// What a group that has been read becomes in its parent; it is as wide as its body unless told otherwise here.
    #[inline]
    fn close_group(&mut self, opener: Opener, body: Sequence) -> Result<Item, Stop> {
        let Sequence { items, width } = body;
        let body = self.tree.add_sequence(body, self.budget)?;
        Ok(match opener {
            Opener::Group { number } => {
                self.state.group_widths[number as usize] = Some(width);
                Item::Group { number, body }
            }
            Opener::FlagGroup { add: on, del } => {
                let group = Group { number: 0, add: on, del, body };
                Item::FlagGroup(add(&mut self.tree.flag_groups, group, self.budget)?)
            }
            Opener::Assert { kind, .. } => {
                self.last_width = Width::NONE;
                let fails = kind.is_negative() && self.rules.empty_negative_assertion_fails;
                if fails && self.tree.is_empty(items) { Item::Failure } else { Item::Assert(kind, body) }
            }
            Opener::ConditionalYes { group } => {
                self.conditional(Conditional { group, yes: body, no: None })?
            }
            Opener::ConditionalNo { group, yes } => {
                self.conditional(Conditional { group, yes, no: Some(body) })?
            }
            Opener::Pattern | Opener::Plain | Opener::Atomic => Item::Atomic(body),
        })
    }

    fn conditional(&mut self, conditional: Conditional) -> Result<Item, Stop> {
        let item = Item::Conditional(add(&mut self.tree.conditionals, conditional, self.budget)?);
        self.last_width = self.item_width(item);
        Ok(item)
    }
}
