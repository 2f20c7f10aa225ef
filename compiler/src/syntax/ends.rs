//! The end of an alternative, and of a subpattern.

use super::{Frame, Last, Opener, Parser};
use crate::dialect::GlobalFlags;
use crate::error::{ErrorKind, Raise, Span};
use crate::flags::Flags;
use crate::input::Source;
use crate::pool::{Grow, Stop};
use crate::tree::{Conditional, Group, Item, Sequence, SequenceId, add};

impl<S: Source> Parser<'_, S> {
    /// At a `|`.
    #[inline]
    pub(super) fn next_alternative(&mut self) -> Result<(), Stop> {
        match self.frame.opener {
            Opener::ConditionalYes { group } => {
                let yes = self.finish()?;
                let yes = self.add_sequence(yes)?;
                self.frame.opener = Opener::ConditionalNo { group, yes };
            }
            Opener::ConditionalNo { .. } => {
                return Err(self.raise(Raise::at(ErrorKind::ConditionalBranches, self.tokens.tell())));
            }
            opener => {
                let body = self.finish_alternative()?;
                self.state.alternatives.try_push(body, self.budget)?;
                if matches!(opener, Opener::Pattern) && self.rules.global_flags == GlobalFlags::First {
                    self.frame.verbose = self.state.flags.any(Flags::VERBOSE);
                }
            }
        }
        self.tokens.advance()
    }

    /// At a `)` or the end: ends the subpattern. Gives the whole pattern where that is what ended.
    pub(super) fn end_subpattern(&mut self) -> Result<Option<SequenceId>, Stop> {
        let Frame { start, opener, alternatives, .. } = self.frame;
        let body = if self.state.alternatives.len() == alternatives as usize {
            self.finish()?
        } else {
            let body = self.finish_alternative()?;
            self.state.alternatives.try_push(body, self.budget)?;
            self.end_alternation()?
        };
        if matches!(opener, Opener::Pattern) {
            return self.add_sequence(body).map(Some);
        }
        if let Opener::Assert { outermost_behind: true, .. } = opener {
            self.state.lookbehind_groups = None;
        }
        if !self.tokens.matches(')')? {
            return Err(self.raise(Raise::at(ErrorKind::UnterminatedSubpattern, start)));
        }
        let last = match opener {
            Opener::Plain => Last::Plain(body),
            opener => {
                let item = self.close_group(opener, body)?;
                self.last_width = self.item_width(item);
                Last::Item(item)
            }
        };
        if let Some(parent) = self.state.frames.pop() {
            self.frame = parent;
        }
        self.last = last;
        self.last_span = Span { start, end: self.tokens.tell() };
        Ok(None)
    }

    /// What a group that has been read becomes in its parent.
    #[inline]
    fn close_group(&mut self, opener: Opener, body: Sequence) -> Result<Item, Stop> {
        let width = body.width;
        let body = self.add_sequence(body)?;
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
                let empty = self.tree.chain(body).is_empty();
                if kind.is_negative() && empty && self.rules.empty_negative_assertion_fails {
                    Item::Failure
                } else {
                    Item::Assert(kind, body)
                }
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
        Ok(Item::Conditional(add(&mut self.tree.conditionals, conditional, self.budget)?))
    }
}
