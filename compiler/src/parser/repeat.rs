//! Quantifiers.

use super::context::Parser;
use super::frame::{Last, LastItem};
use super::stop::ParseStop;
use crate::diagnostics::{ErrorKind, RawError};
use crate::dialect::MAXREPEAT;
use crate::flags::Flags;
use crate::input::Source;
use crate::item::{PackedItem, RepeatKind};
use crate::memory::Abort;
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// Parses a quantifier, which is the next token, at `start`. A `{` without bounds after it is a
    /// literal.
    pub(super) fn parse_repeat(&mut self, start: u32) -> Result<(), ParseStop> {
        match self.parse_bounds()? {
            Some(bounds) => self.repeat_last(bounds, start),
            None => {
                self.tokens.skip();
                self.append_literal(u32::from('{'), start)
            }
        }
    }

    /// Repeats the last item. `start` is the index of the quantifier.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    fn repeat_last(&mut self, bounds: (u32, u32), start: u32) -> Result<(), ParseStop> {
        let top = self.state.items.height_below_top();
        let unit = |parser: &Self, code| {
            let width_before = parser.frame.width.minus(Width::ONE);
            LastItem { code, start, width: Width::ONE, width_before }
        };
        let (last, items) = match self.last {
            Last::None | Last::Anchor => {
                return Err(
                    self.raise(RawError::at(ErrorKind::NothingToRepeat, start).until(self.tokens.tell()))
                );
            }
            Last::Repeat => {
                return Err(
                    self.raise(RawError::at(ErrorKind::MultipleRepeat, start).until(self.tokens.tell()))
                );
            }
            Last::Literals => (unit(self, self.emitter.last_literal(self.frame.flags)), top),
            Last::Unit { code } => (unit(self, code), top),
            Last::Item(item) => (item, top),
            Last::NonCapturing { group, items } => (group, items),
        };
        let simple = matches!(self.state.items.above(items), [item] if item.is_simple());
        let kind = self.parse_repeat_kind(bounds, last.start)?;
        self.emitter.wrap_repeat(last.code, kind, simple, bounds)?;
        self.state.items.truncate(items);
        self.frame.width = last.width_before;
        Ok(self.append_repeat(last.width, bounds)?)
    }

    /// Begins the repeat of an item that matches one character and is about to be appended, as is
    /// most common. Returns false if the quantifier turns out to be a literal `{`.
    #[inline(never)]
    pub(super) fn repeat_unit(&mut self, start: u32) -> Result<bool, ParseStop> {
        let Some(bounds) = self.parse_bounds()? else { return Ok(false) };
        let kind = self.parse_repeat_kind(bounds, start)?;
        self.emitter.begin_repeat(kind, bounds)?;
        self.append_repeat(Width::ONE, bounds)?;
        Ok(true)
    }

    /// Appends the repeat of an item of the given width.
    #[inline(always)]
    fn append_repeat(&mut self, width: Width, bounds: (u32, u32)) -> Result<(), Abort> {
        let width = width.capped(self.rules.width_cap).repeated(bounds);
        self.frame.width = self.frame.width.plus(width);
        self.last = Last::Repeat;
        self.state.items.try_push(PackedItem::OTHER, &mut self.emitter.budget)
    }

    /// Parses what may follow the bounds: how the last item is repeated, which is at `start`.
    #[inline(always)]
    fn parse_repeat_kind(&mut self, bounds: (u32, u32), start: u32) -> Result<RepeatKind, Abort> {
        let kind = if self.tokens.matches('?') {
            RepeatKind::Lazy
        } else if self.rules.possessive_and_atomic && self.tokens.matches('+') {
            RepeatKind::Possessive
        } else {
            RepeatKind::Greedy
        };
        if self.rules.template_flag && self.frame.flags.intersects(Flags::TEMPLATE) {
            self.refuse_codegen(start, ErrorKind::TemplateRepeat { operator: kind.name() });
        }
        let end = self.tokens.tell();
        self.record(|tree, budget| tree.repeat(kind, bounds, end, budget))?;
        Ok(kind)
    }

    /// Parses the bounds of a quantifier, which is the next token. Returns `None` for a `{` that is
    /// a literal, and leaves it the next token.
    #[inline(always)]
    fn parse_bounds(&mut self) -> Result<Option<(u32, u32)>, ParseStop> {
        let start = self.tokens.tell();
        let quantifier = self.tokens.unit();
        self.tokens.skip();
        Ok(Some(match quantifier.and_then(char::from_u32) {
            Some('?') => (0, 1),
            Some('*') => (0, MAXREPEAT),
            Some('+') => (1, MAXREPEAT),
            _ => {
                let bounds = self.parse_braces()?;
                if bounds.is_none() {
                    self.tokens.go(start as usize);
                }
                return Ok(bounds);
            }
        }))
    }

    /// Parses the bounds after a `{`. Returns `None` if the brace is a literal; what was read then
    /// has to be read again.
    #[inline(never)]
    fn parse_braces(&mut self) -> Result<Option<(u32, u32)>, ParseStop> {
        if self.tokens.is_next('}') {
            return Ok(None);
        }
        let here = self.tokens.tell();
        let low = self.parse_number();
        let high = if self.tokens.matches(',') { self.parse_number() } else { low };
        if !self.tokens.matches('}') {
            return Ok(None);
        }
        let min = self.repeat_bound(low, here - 1)?.unwrap_or(0);
        let max = self.repeat_bound(high, here - 1)?.unwrap_or(MAXREPEAT);
        if max < min {
            return Err(
                self.raise(RawError::at(ErrorKind::MinGreaterThanMax, here).until(self.tokens.tell()))
            );
        }
        Ok(Some((min, max)))
    }
}
