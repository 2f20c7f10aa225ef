//! The end of an alternative, and of a subpattern.

use super::context::Parser;
use super::frame::{Frame, Last, Opener};
use crate::codegen::{Here, MAXCODE, Opening};
use crate::diagnostics::{ErrorKind, Raise};
use crate::input::Source;
use crate::item::Kind;
use crate::memory::{Grow, Stop};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// At a `|`.
    #[inline]
    pub(super) fn next_alternative(&mut self) -> Result<(), Stop> {
        match self.frame.opener {
            Opener::Conditional => {
                self.tell_tree(|tree, _| Ok(tree.otherwise()))?;
                self.frame.alternatives_width = self.finish();
                self.frame.opener = Opener::Otherwise;
                self.state.kinds.truncate(self.frame.kinds as usize);
                self.code.otherwise(self.frame.code)?;
                self.frame.code = self.code.here();
            }
            Opener::Otherwise => {
                return Err(self.raise(Raise::at(ErrorKind::ConditionalBranches, self.tokens.tell())));
            }
            _ => self.end_alternative()?,
        }
        self.tokens.skip();
        Ok(())
    }

    /// At the end, or at a `)` too many: gives the width of the pattern.
    #[inline]
    pub(super) fn end_pattern(&mut self) -> Result<Width, Stop> {
        if self.frame.opener != Opener::Pattern {
            return Err(self.raise(Raise::at(ErrorKind::UnterminatedSubpattern, self.frame.start)));
        }
        if !self.state.alternatives.is_empty() {
            self.end_alternation()?;
        }
        Ok(self.finish())
    }

    /// At the `)` of a group.
    pub(super) fn end_subpattern(&mut self) -> Result<(), Stop> {
        let Frame { start, opener, alternatives, .. } = self.frame;
        if self.state.alternatives.len() > alternatives as usize {
            self.end_alternation()?;
        }
        let width = self.finish();
        self.tokens.skip();
        let end = self.tokens.tell();
        self.tell_tree(|tree, _| Ok(tree.close(end)))?;
        self.last = Last::Plain;
        self.last_width = width;
        self.last_start = start;
        self.last_kinds = self.frame.kinds;
        self.last_code = self.frame.code;
        if opener != Opener::Plain {
            self.last = Last::Item;
            let kind = match opener {
                Opener::Group => self.close_capturing(width)?,
                _ => self.close_group(opener, width)?,
            };
            self.state.kinds.truncate(self.frame.kinds as usize);
            self.state.kinds.try_push(kind, &mut self.code.budget)?;
        }
        if let Some(parent) = self.state.frames.pop() {
            self.frame = parent;
        }
        self.add_last_width();
        Ok(())
    }

    #[inline(always)]
    fn close_capturing(&mut self, width: Width) -> Result<Kind, Stop> {
        let Frame { group, code, .. } = self.frame;
        self.close(Opening::Mark(group), code)?;
        self.state.group_widths[group as usize] = Some(width);
        Ok(Kind::OTHER)
    }

    /// What another group that has been read becomes in its parent; it is as wide as its body unless told otherwise here.
    #[inline(never)]
    fn close_group(&mut self, opener: Opener, width: Width) -> Result<Kind, Stop> {
        let Frame { start, group, code, alternative_code, .. } = self.frame;
        let items = &self.state.kinds[self.frame.kinds as usize..];
        let opening = opener.opening(group);
        match opener {
            Opener::FlagGroup => match items {
                [] => self.code.skip_empty_group(),
                [item] if item.is_simple() => return Ok(Kind::UNIT_GROUP),
                _ => {}
            },
            Opener::Assert(kind) => {
                if self.frame.outermost_behind {
                    self.state.lookbehind_groups = None;
                }
                self.last_width = Width::NONE;
                let fails = kind.is_negative() && self.rules.empty_negative_assertion_fails;
                if fails && items.is_empty() {
                    self.last_code = code.back(opening.length());
                    self.tell_tree(|tree, _| Ok(tree.fail()))?;
                    self.code.fail_instead(self.last_code)?;
                    return Ok(Kind::FAILURE);
                }
                if kind.is_behind() {
                    self.check_lookbehind_width(start, width);
                    self.code.look_back(code, width.min as u32);
                }
                self.close(opening, code)?;
            }
            Opener::Conditional => {
                self.close(opening, code)?;
                self.last_width = width.or(Width::NONE);
            }
            Opener::Otherwise => {
                self.last_code = alternative_code.back(opening.length());
                self.code.end_otherwise(code, alternative_code, items.is_empty());
                self.last_width = self.frame.alternatives_width.or(width);
            }
            Opener::Pattern | Opener::Plain | Opener::Group | Opener::Atomic => self.close(opening, code)?,
        }
        Ok(Kind::OTHER)
    }

    /// Writes the end of a group, whose own code began at `content`.
    #[inline(always)]
    fn close(&mut self, opening: Opening, content: Here) -> Result<(), Stop> {
        self.last_code = content.back(opening.length());
        self.code.close(opening, content)
    }

    /// CPython: `re/_compiler.py`, `_compile`
    fn check_lookbehind_width(&mut self, start: u32, width: Width) {
        if width.min > MAXCODE {
            self.refuse(start, ErrorKind::LookbehindTooLong);
        } else if width.min != width.max {
            self.refuse(start, ErrorKind::VariableLookbehind);
        }
    }
}
