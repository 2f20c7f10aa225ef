//! Quantifiers.

use super::context::Parser;
use super::frame::Last;
use crate::diagnostics::{ErrorKind, RawError};
use crate::dialect::MAXREPEAT;
use crate::flags::Flags;
use crate::input::Source;
use crate::item::{PackedItem, RepeatKind};
use crate::memory::{Stop, TryVecExt};
use crate::width::Width;

impl<S: Source> Parser<'_, S> {
    /// A quantifier, which is next, at `start`; a `{` stands for itself unless there are bounds after it.
    pub(super) fn parse_repeat(&mut self, start: u32) -> Result<(), Stop> {
        match self.parse_bounds()? {
            Some(bounds) => self.repeat_last(bounds, start),
            None => {
                self.tokens.skip();
                self.append_literal(u32::from('{'), start)
            }
        }
    }

    /// Repeats the last item, for a quantifier at `start`.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    fn repeat_last(&mut self, bounds: (u32, u32), start: u32) -> Result<(), Stop> {
        let last_kind = self.state.items.len().saturating_sub(1);
        let items = if self.last == Last::NonCapturing { self.last_items as usize } else { last_kind };
        let (code, width, before, item_start) = match self.last {
            Last::Nothing => return Err(self.raise(RawError::at(ErrorKind::NothingToRepeat, start))),
            Last::Literals => {
                let code = self.emitter.last_literal(self.frame.flags);
                (code, Width::ONE, self.frame.width.minus(Width::ONE), start)
            }
            Last::Unit => (self.last_code, Width::ONE, self.frame.width.minus(Width::ONE), start),
            Last::Item | Last::NonCapturing => {
                (self.last_code, self.last_width, self.width_before, self.last_start)
            }
        };
        let simple = match self.state.items[items..] {
            [item] if item.is_simple() => true,
            [item] if item.is_at() && self.last == Last::Item => {
                return Err(self.raise(RawError::at(ErrorKind::NothingToRepeat, start)));
            }
            [item] if item.is_repeat() && self.last == Last::Item => {
                return Err(self.raise(RawError::at(ErrorKind::MultipleRepeat, start)));
            }
            _ => false,
        };
        let kind = self.parse_kind(bounds, item_start)?;
        self.emitter.wrap_repeat(code, kind, simple, bounds)?;
        self.state.items.truncate(items);
        self.frame.width = before;
        self.append_repeat(width, bounds)
    }

    /// The same for an item that matches one character, which is still to be added: most are. False where a `{` is next
    /// that stands for itself.
    #[inline(never)]
    pub(super) fn repeat_unit(&mut self, start: u32) -> Result<bool, Stop> {
        let Some(bounds) = self.parse_bounds()? else { return Ok(false) };
        let kind = self.parse_kind(bounds, start)?;
        self.emitter.begin_repeat(kind, bounds)?;
        self.append_repeat(Width::ONE, bounds)?;
        Ok(true)
    }

    /// Adds what repeats an item of that width.
    #[inline(always)]
    fn append_repeat(&mut self, width: Width, bounds: (u32, u32)) -> Result<(), Stop> {
        let width = width.capped(self.rules.width_cap).repeated(bounds);
        self.frame.width = self.frame.width.plus(width);
        self.last = Last::Item;
        self.state.items.try_push(PackedItem::REPEAT, &mut self.emitter.budget)
    }

    /// What comes after the bounds: how the last item is repeated, which is at `start`.
    #[inline(always)]
    fn parse_kind(&mut self, bounds: (u32, u32), start: u32) -> Result<RepeatKind, Stop> {
        let kind = if self.tokens.matches('?') {
            RepeatKind::Lazy
        } else if self.rules.possessive_and_atomic && self.tokens.matches('+') {
            RepeatKind::Possessive
        } else {
            RepeatKind::Greedy
        };
        if self.rules.template_flag && self.frame.flags.intersects(Flags::TEMPLATE) {
            self.refuse(start, ErrorKind::TemplateRepeat { operator: kind.name() });
        }
        let end = self.tokens.tell();
        self.record(|tree, budget| tree.repeat(kind, bounds, end, budget))?;
        Ok(kind)
    }

    /// At a quantifier: its bounds. None where it is a `{` that stands for itself, which stays the next token.
    #[inline(always)]
    fn parse_bounds(&mut self) -> Result<Option<(u32, u32)>, Stop> {
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

    /// After a `{`: the bounds, or none where it stands for itself; what was read for them has to be read again then.
    #[inline(never)]
    fn parse_braces(&mut self) -> Result<Option<(u32, u32)>, Stop> {
        if self.tokens.is_next('}') {
            return Ok(None);
        }
        let here = self.tokens.tell();
        let low = self.parse_number();
        let high = if self.tokens.matches(',') { self.parse_number() } else { low };
        if !self.tokens.matches('}') {
            return Ok(None);
        }
        let min = self.repeat_bound(low)?.unwrap_or(0);
        let max = self.repeat_bound(high)?.unwrap_or(MAXREPEAT);
        if max < min {
            return Err(self.raise(RawError::at(ErrorKind::MinGreaterThanMax, here)));
        }
        Ok(Some((min, max)))
    }
}
