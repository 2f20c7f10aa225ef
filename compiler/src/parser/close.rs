//! The end of an alternative, and of a subpattern.

use super::context::Parser;
use super::frame::{Frame, GroupKind, Last};
use crate::codegen::{CodePos, Enclosure, MAXCODE};
use crate::diagnostics::{ErrorKind, RawError};
use crate::input::Source;
use crate::item::PackedItem;
use crate::memory::{Stop, TryVecExt};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// At a `|`.
    #[inline]
    pub(super) fn on_pipe(&mut self) -> Result<(), Stop> {
        match self.frame.kind {
            GroupKind::Conditional => {
                self.record(|tree, _| Ok(tree.begin_else()))?;
                self.frame.alternatives_width = self.finish();
                self.frame.kind = GroupKind::ConditionalElse;
                self.state.items.truncate(self.frame.items as usize);
                self.emitter.begin_else(self.frame.code)?;
                self.frame.code = self.emitter.here();
            }
            GroupKind::ConditionalElse => {
                return Err(self.raise(RawError::at(ErrorKind::ConditionalBranches, self.tokens.tell())));
            }
            _ => self.end_alternative()?,
        }
        self.tokens.skip();
        Ok(())
    }

    /// At the end, or at a `)` too many: gives the width of the pattern.
    #[inline]
    pub(super) fn on_end(&mut self) -> Result<Width, Stop> {
        if self.frame.kind != GroupKind::Pattern {
            return Err(self.raise(RawError::at(ErrorKind::UnterminatedSubpattern, self.frame.start)));
        }
        if !self.state.alternatives.is_empty() {
            self.end_alternation()?;
        }
        Ok(self.finish())
    }

    /// At the `)` of a group.
    pub(super) fn on_close(&mut self) -> Result<(), Stop> {
        let Frame { start, kind, alternatives, .. } = self.frame;
        if self.state.alternatives.len() > alternatives as usize {
            self.end_alternation()?;
        }
        let width = self.finish();
        self.tokens.skip();
        let end = self.tokens.tell();
        self.record(|tree, _| Ok(tree.close(end)))?;
        self.last = Last::NonCapturing;
        self.last_width = width;
        self.last_start = start;
        self.last_items = self.frame.items;
        self.last_code = self.frame.code;
        if kind != GroupKind::NonCapturing {
            self.last = Last::Item;
            let kind = match kind {
                GroupKind::Capturing => self.close_capturing(width)?,
                _ => self.close_group(kind, width)?,
            };
            self.state.items.truncate(self.frame.items as usize);
            self.state.items.try_push(kind, &mut self.emitter.budget)?;
        }
        if let Some(parent) = self.state.frames.pop() {
            self.frame = parent;
        }
        self.add_last_width();
        Ok(())
    }

    #[inline(always)]
    fn close_capturing(&mut self, width: Width) -> Result<PackedItem, Stop> {
        let Frame { group, code, .. } = self.frame;
        self.close(Enclosure::OriginMark(group), code)?;
        self.state.group_widths[group as usize] = Some(width);
        Ok(PackedItem::OTHER)
    }

    /// What another group that has been read becomes in its parent; it is as wide as its body unless told otherwise here.
    #[inline(never)]
    fn close_group(&mut self, kind: GroupKind, width: Width) -> Result<PackedItem, Stop> {
        let Frame { start, group, code, alternative_code, .. } = self.frame;
        let items = &self.state.items[self.frame.items as usize..];
        let enclosure = kind.enclosure(group);
        match kind {
            GroupKind::Flags => match items {
                [] => self.emitter.skip_empty_group(),
                [item] if item.is_simple() => return Ok(PackedItem::UNIT_GROUP),
                _ => {}
            },
            GroupKind::Assert(kind) => {
                if self.frame.outermost_behind {
                    self.state.lookbehind_groups = None;
                }
                self.last_width = Width::NONE;
                let fails = kind.is_negative() && self.rules.empty_negative_assertion_fails;
                if fails && items.is_empty() {
                    self.last_code = code.minus(enclosure.length());
                    self.record(|tree, _| Ok(tree.fail()))?;
                    self.emitter.fail_instead(self.last_code)?;
                    return Ok(PackedItem::FAILURE);
                }
                if kind.is_behind() {
                    self.check_lookbehind_width(start, width);
                    self.emitter.look_back(code, width.min as u32);
                }
                self.close(enclosure, code)?;
            }
            GroupKind::Conditional => {
                self.close(enclosure, code)?;
                self.last_width = width.or(Width::NONE);
            }
            GroupKind::ConditionalElse => {
                self.last_code = alternative_code.minus(enclosure.length());
                self.emitter.end_else(code, alternative_code, items.is_empty());
                self.last_width = self.frame.alternatives_width.or(width);
            }
            GroupKind::Pattern | GroupKind::NonCapturing | GroupKind::Capturing | GroupKind::Atomic => {
                self.close(enclosure, code)?
            }
        }
        Ok(PackedItem::OTHER)
    }

    /// Writes the end of a group, whose own code began at `content`.
    #[inline(always)]
    fn close(&mut self, enclosure: Enclosure, content: CodePos) -> Result<(), Stop> {
        self.last_code = content.minus(enclosure.length());
        self.emitter.close_group(enclosure, content)
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
