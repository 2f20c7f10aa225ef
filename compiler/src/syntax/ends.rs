//! The end of an alternative, and of a subpattern.

use super::{Frame, Opener, Parser};
use crate::dialect::GlobalFlags;
use crate::error::{ErrorKind, Raise, Span};
use crate::flags::Flags;
use crate::input::Source;
use crate::lower::{Here, MAXCODE, Opening};
use crate::pool::Stop;
use crate::tokenizer::Class;
use crate::tree::{Conditional, Item, NodeId, Sequence, SequenceId, Slice, add};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// At a `|`.
    #[inline]
    pub(super) fn next_alternative(&mut self) -> Result<(), Stop> {
        match self.frame.opener {
            Opener::ConditionalYes { group } => {
                let yes = self.finish();
                let yes = self.tree.add_sequence(yes, self.code.budget)?;
                self.frame.opener = Opener::ConditionalNo { group, yes };
                self.code.belongs_to(self.frame.node);
                self.code.otherwise(self.frame.code)?;
                self.frame.code = self.code.here();
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
            let node = self.tree.append(Item::Literals(word), Span::default(), self.code.budget)?;
            self.frame.alternatives_width = self.frame.alternatives_width.or(Width::exactly(word.len()));
            self.add_alternative(self.tree.items_from(node))?;
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
            return self.tree.add_sequence(body, self.code.budget).map(Some);
        }
        if let Opener::Assert { outermost_behind: true, .. } = opener {
            self.state.lookbehind_groups = None;
        }
        if !self.tokens.matches(')')? {
            return Err(self.raise(Raise::at(ErrorKind::UnterminatedSubpattern, start)));
        }
        self.last_width = body.width;
        self.last_code = self.frame.code;
        if matches!(opener, Opener::Plain) {
            self.tree.lead_to(node, body.items);
        } else {
            self.code.belongs_to(node);
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
        let body = self.tree.add_sequence(body, self.code.budget)?;
        let Frame { node, code, alternative_code, .. } = self.frame;
        Ok(match opener {
            Opener::Group { number } => {
                self.close(opener, code)?;
                self.state.group_widths[number as usize] = Some(width);
                Item::Group { number, body }
            }
            Opener::FlagGroup(group) => {
                self.tree.flag_groups[group as usize].body = body;
                Item::FlagGroup(group)
            }
            Opener::Assert { kind, .. } => {
                self.last_width = Width::NONE;
                let fails = kind.is_negative() && self.rules.empty_negative_assertion_fails;
                if fails && self.tree.is_empty(items) {
                    self.last_code = code.back(opener.opening().length());
                    self.code.fail_instead(self.last_code)?;
                    return Ok(Item::Failure);
                }
                if kind.is_behind() {
                    self.check_lookbehind_width(node, width);
                    self.code.look_back(code, width.min as u32);
                }
                self.close(opener, code)?;
                Item::Assert(kind, body)
            }
            Opener::ConditionalYes { group } => {
                self.close(opener, code)?;
                self.conditional(Conditional { group, yes: body, no: None })?
            }
            Opener::ConditionalNo { group, yes } => {
                self.last_code = alternative_code.back(opener.opening().length());
                self.code.end_otherwise(code, alternative_code, self.tree.is_empty(items));
                self.conditional(Conditional { group, yes, no: Some(body) })?
            }
            Opener::Pattern | Opener::Plain | Opener::Atomic => {
                self.close(Opener::Atomic, code)?;
                Item::Atomic(body)
            }
        })
    }

    /// Writes the end of a group, whose own code began at `content`.
    #[inline(always)]
    fn close(&mut self, opener: Opener, content: Here) -> Result<(), Stop> {
        let opening = opener.opening();
        self.last_code = content.back(opening.length());
        self.code.close(opening, content)
    }

    /// CPython: `re/_compiler.py`, `_compile`
    fn check_lookbehind_width(&mut self, node: NodeId, width: Width) {
        if width.min > MAXCODE {
            self.refuse(node, ErrorKind::LookbehindTooLong);
        } else if width.min != width.max {
            self.refuse(node, ErrorKind::VariableLookbehind);
        }
    }

    fn conditional(&mut self, conditional: Conditional) -> Result<Item, Stop> {
        let item = Item::Conditional(add(&mut self.tree.conditionals, conditional, self.code.budget)?);
        self.last_width = self.item_width(item);
        Ok(item)
    }
}

impl Opener {
    /// The instruction that encloses what is read.
    #[inline(always)]
    pub(super) fn opening(self) -> Opening {
        match self {
            Opener::Pattern | Opener::Plain | Opener::FlagGroup(_) => Opening::Nothing,
            Opener::Group { number } => Opening::Mark(number),
            Opener::Atomic => Opening::Atomic,
            Opener::Assert { kind, .. } => Opening::Assert(kind),
            Opener::ConditionalYes { group } | Opener::ConditionalNo { group, .. } => {
                Opening::Conditional(group)
            }
        }
    }
}
