//! The end of an alternative, of a group, and of the pattern.

use super::context::Parser;
use super::frame::{Frame, GroupKind, Last, LastItem};
use super::stop::ParseStop;
use crate::codegen::{CodePos, Enclosure, MAXCODE};
use crate::diagnostics::{ErrorKind, RawError};
use crate::input::Source;
use crate::item::{AssertKind, PackedItem};
use crate::memory::Abort;
use crate::stack::Height;
use crate::width::Width;

/// What a closed group is to the subpattern around it.
struct Closed {
    item: PackedItem,
    width: Width,
    code: CodePos,
}

impl<S: Source> Parser<'_, S> {
    /// Parses a `|`, which is the next token.
    #[inline]
    pub(super) fn on_pipe(&mut self) -> Result<(), ParseStop> {
        match self.frame.kind {
            GroupKind::Conditional { group } => {
                self.record(|tree, _| Ok(tree.begin_else()))?;
                self.frame.alternatives_width = self.finish();
                self.frame.kind = GroupKind::ConditionalElse { group };
                self.state.items.truncate(self.frame.items);
                self.emitter.begin_else(self.frame.code)?;
                self.frame.alternative_code = self.emitter.here();
            }
            GroupKind::ConditionalElse { .. } => {
                return Err(self.raise(RawError::at(ErrorKind::ConditionalBranches, self.tokens.tell())));
            }
            _ => self.end_alternative()?,
        }
        self.tokens.skip();
        Ok(())
    }

    /// Ends the pattern at its end or at an unbalanced `)`, and returns its width.
    #[inline]
    pub(super) fn on_end(&mut self) -> Result<Width, ParseStop> {
        if self.frame.kind != GroupKind::Pattern {
            return Err(self.raise(RawError::at(ErrorKind::UnterminatedSubpattern, self.frame.start)));
        }
        if self.has_alternatives() {
            self.end_alternation()?;
        }
        Ok(self.finish())
    }

    /// Parses the `)` of a group, which is the next token.
    pub(super) fn on_close(&mut self) -> Result<(), ParseStop> {
        if self.has_alternatives() {
            self.end_alternation()?;
        }
        let width = self.finish();
        self.tokens.skip();
        let end = self.tokens.tell();
        self.record(|tree, _| Ok(tree.close(end)))?;
        let Frame { start, kind, items, code, .. } = self.frame;
        if kind == GroupKind::NonCapturing {
            self.pop_frame();
            if self.rules.sets_fused {
                self.refuse_fused_lookbehind(items, start)?;
            }
            let group = self.add_width(code, start, width);
            self.last = Last::NonCapturing { group, items };
            return Ok(());
        }
        let closed = match kind {
            GroupKind::Capturing(group) => self.close_capturing(group, width)?,
            _ => self.close_other(kind, width)?,
        };
        self.state.items.truncate(items);
        self.state.items.try_push(closed.item, &mut self.emitter.budget)?;
        self.pop_frame();
        if self.rules.sets_fused {
            self.refuse_fused_lookbehind(items, start)?;
        }
        self.last = Last::Item(self.add_width(closed.code, start, closed.width));
        Ok(())
    }

    #[inline(always)]
    fn has_alternatives(&self) -> bool {
        self.state.alternatives.height().elements_above(self.frame.alternatives) > 0
    }

    #[inline(always)]
    fn pop_frame(&mut self) {
        if let Some(parent) = self.state.frames.pop() {
            self.frame = parent;
        }
    }

    #[inline(always)]
    fn close_capturing(&mut self, group: u32, width: Width) -> Result<Closed, Abort> {
        let code = self.close_enclosure(Enclosure::Mark(group), self.frame.code)?;
        self.state.group_widths[group as usize] = Some(width);
        Ok(Closed { item: PackedItem::OTHER, width, code })
    }

    /// Closes a group that is neither capturing nor dissolved into its parent. `width` is that of
    /// its content.
    #[inline(never)]
    fn close_other(&mut self, kind: GroupKind, width: Width) -> Result<Closed, Abort> {
        let Frame { start, code, alternative_code, .. } = self.frame;
        let enclosure = kind.enclosure();
        let closed = |code| Closed { item: PackedItem::OTHER, width, code };
        let items = self.state.items.above(self.frame.items);
        match kind {
            GroupKind::Flags => {
                let item = match items {
                    [item] if item.is_simple() => PackedItem::UNIT_GROUP,
                    _ => PackedItem::OTHER,
                };
                if items.is_empty() {
                    self.emitter.note_empty_group();
                }
                Ok(Closed { item, ..closed(code) })
            }
            GroupKind::Assert { kind, outermost_behind } => {
                if outermost_behind {
                    self.state.lookbehind_groups = None;
                }
                let is_empty = items.is_empty();
                self.close_assertion(kind, is_empty, start, width)
            }
            GroupKind::Conditional { .. } => {
                let code = self.close_enclosure(enclosure, code)?;
                Ok(Closed { width: width.or(Width::NONE), ..closed(code) })
            }
            GroupKind::ConditionalElse { .. } => {
                self.emitter.end_else(code, alternative_code, items.is_empty());
                let width = self.frame.alternatives_width.or(width);
                Ok(Closed { width, ..closed(code.minus(enclosure.length())) })
            }
            GroupKind::Pattern | GroupKind::NonCapturing | GroupKind::Capturing(_) | GroupKind::Atomic => {
                Ok(closed(self.close_enclosure(enclosure, code)?))
            }
        }
    }

    fn close_assertion(
        &mut self,
        kind: AssertKind,
        is_empty: bool,
        start: u32,
        width: Width,
    ) -> Result<Closed, Abort> {
        let enclosure = Enclosure::Assert(kind);
        let content = self.frame.code;
        if is_empty && kind.is_negative() && self.rules.empty_negative_assertion_fails {
            let code = content.minus(enclosure.length());
            self.record(|tree, _| Ok(tree.fail()))?;
            self.emitter.fail_instead(code)?;
            return Ok(Closed { item: PackedItem::FAILURE, width: Width::NONE, code });
        }
        if kind.is_behind() {
            self.check_lookbehind_width(start, width);
            self.emitter.patch_lookbehind_width(content, width.min as u32);
        }
        let code = self.close_enclosure(enclosure, content)?;
        let is_flat = kind == AssertKind::NotBehind && self.is_flat(self.state.items.above(self.frame.items));
        let item = if is_flat { PackedItem::FLAT_LOOKBEHIND } else { PackedItem::OTHER };
        Ok(Closed { item, width: Width::NONE, code })
    }

    /// Raises an error if the items from `items` on, those of a group that begins at `start`, begin
    /// with a look-behind that CPython may fuse with the character before it. It does so unless a
    /// quantifier follows, or what is in common with other alternatives is moved out.
    ///
    /// CPython: `re/_optimizer.py`, `_fuse_difference` (3.16)
    #[cold]
    fn refuse_fused_lookbehind(&mut self, items: Height<PackedItem>, start: u32) -> Result<(), ParseStop> {
        let [first, ..] = self.state.items.above(items) else { return Ok(()) };
        let before = self.state.items.between(self.frame.alternative_items, items);
        if first.is_flat_lookbehind() && self.is_flat(&before[before.len().saturating_sub(1)..]) {
            let end = self.tokens.tell();
            return Err(self.refuse_preview(
                "negative look-behinds of one character after a character are",
                start,
                end,
            ));
        }
        Ok(())
    }

    /// Emits the end of a group whose content began at `content`. Returns where its code begins.
    #[inline(always)]
    fn close_enclosure(&mut self, enclosure: Enclosure, content: CodePos) -> Result<CodePos, Abort> {
        self.emitter.close_group(enclosure, content)?;
        Ok(content.minus(enclosure.length()))
    }

    /// Adds the width of the last item to that of the current alternative.
    #[inline(always)]
    pub(super) fn add_width(&mut self, code: CodePos, start: u32, width: Width) -> LastItem {
        let width_before = self.frame.width;
        self.frame.width = width_before.plus(width);
        LastItem { code, start, width, width_before }
    }

    /// CPython: `re/_compiler.py`, `_compile`
    fn check_lookbehind_width(&mut self, start: u32, width: Width) {
        if width.min > MAXCODE {
            self.refuse_codegen(start, ErrorKind::LookbehindTooLong);
        } else if width.min != width.max {
            self.refuse_codegen(start, ErrorKind::VariableLookbehind);
        }
    }
}
