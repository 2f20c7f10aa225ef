//! Character sets: `[…]`.

use super::context::Parser;
use crate::diagnostics::WarningKind;
use crate::diagnostics::{ErrorKind, RawError};
use crate::input::Source;
use crate::input::{Class, Token};
use crate::memory::{Stop, TryVecExt};
use crate::opcode::Category;
use crate::set::Notes;
use crate::set::{PackedSetItem, SetItem};

impl<S: Source> Parser<'_, S> {
    /// At a `[`, which is at `start`.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    pub(super) fn parse_set(&mut self, start: u32) -> Result<(), Stop> {
        self.tokens.skip();
        if self.tokens.is_next('[') {
            self.warn(self.tokens.tell(), WarningKind::NestedSet)?;
        }
        let first = self.state.sets.items.len() as u32;
        let mut notes = Notes::begin(&mut self.emitter.optimizer.characters);
        let negate = self.tokens.matches('^');
        if negate {
            notes.summary.negated = true;
            self.state.sets.items.try_push(SetItem::Negate.into(), &mut self.emitter.budget)?;
        }
        let base = self.state.sets.items.len() as u32;
        while !self.parse_plain_items(base, &mut notes)? && self.parse_set_item(start, base, &mut notes)? {}
        if notes.may_repeat {
            self.remove_repeated(base as usize)?;
        }
        let only = match self.state.sets.items[base as usize..] {
            [only] => only.get(),
            _ => return self.append_set(first, notes.summary, start),
        };
        match only {
            SetItem::Literal(c) => {
                self.state.sets.items.truncate(first as usize);
                if negate { self.append_not_literal(c, start) } else { self.append_literal(c, start) }
            }
            SetItem::Category(category) if !negate => {
                self.state.sets.items.truncate(first as usize);
                self.append_category(category, start)
            }
            _ => self.append_set(first, notes.summary, start),
        }
    }

    #[inline(never)]
    pub(super) fn add_set_item(&mut self, item: SetItem, notes: &mut Notes) -> Result<(), Stop> {
        notes.add(item, &mut self.emitter.optimizer.characters, &mut self.emitter.budget)?;
        self.state.sets.items.try_push(item.into(), &mut self.emitter.budget)
    }

    /// Keeps the first of equal items of the set from `start` on.
    #[cold]
    #[inline(never)]
    pub(super) fn remove_repeated(&mut self, start: usize) -> Result<(), Stop> {
        let (items, budget) = (&mut self.state.sets.items, &mut self.emitter.budget);
        self.state.unique.remove_repeated(items, start, budget)?;
        self.emitter.optimizer.characters.collect_rest(&items[start..], budget)
    }

    /// Reads items that are plain, and ranges of these. And the end of the set, if it comes then.
    fn parse_plain_items(&mut self, base: u32, notes: &mut Notes) -> Result<bool, Stop> {
        let source = self.tokens.source;
        let is = |at: usize, c: char| source.units().get(at).is_some_and(|&unit| unit.into() == u32::from(c));
        let start = self.tokens.tell() as usize;
        let mut at = start;
        loop {
            let Some((low, after)) = self.plain_character(at) else {
                let Some(category) = self.plain_category(at).filter(|_| !is(at + 2, '-')) else { break };
                self.add_set_item(SetItem::Category(category), notes)?;
                at += 2;
                continue;
            };
            let item = if is(after, '-') {
                let Some((high, end)) = self.plain_character(after + 1).filter(|&(high, _)| low <= high)
                else {
                    break;
                };
                at = end;
                notes.add_range(
                    low,
                    high,
                    &mut self.emitter.optimizer.characters,
                    &mut self.emitter.budget,
                )?;
                PackedSetItem::from(SetItem::Range(low, high))
            } else {
                at = after;
                notes.add_literal(low, &mut self.emitter.optimizer.characters, &mut self.emitter.budget)?;
                PackedSetItem::from(SetItem::Literal(low))
            };
            self.state.sets.items.try_push(item, &mut self.emitter.budget)?;
        }
        let end = is(at, ']') && self.state.sets.items.len() > base as usize;
        if end {
            at += 1;
        }
        if at != start {
            self.tokens.go(at);
        }
        Ok(end)
    }

    /// The character at an index, and where it ends, if it has no other meaning in a set and gives no warning.
    #[inline(always)]
    fn plain_character(&self, at: usize) -> Option<(u32, usize)> {
        let units = self.tokens.source.units();
        let unit = *units.get(at)?;
        if Class::PLAIN_IN_SET.has_unit::<S>(unit) {
            return Some((unit.into(), at + 1));
        }
        if S::MULTIBYTE && unit.into() >= 0x80 {
            return self.tokens.source.char_at(at);
        }
        if unit.into() != u32::from('\\') {
            return None;
        }
        let c = (*units.get(at + 1)?).into();
        Class::MARK.has(c).then_some((c, at + 2))
    }

    /// The category at an index, if there is one.
    #[inline(always)]
    fn plain_category(&self, at: usize) -> Option<Category> {
        let [backslash, letter] = *self.tokens.source.units().get(at..)?.first_chunk()?;
        Category::from_letter(u8::try_from(letter.into()).ok()?)
            .filter(|_| backslash.into() == u32::from('\\'))
    }

    /// Reads a item, or a range, or the end of the set.
    fn parse_set_item(&mut self, set_start: u32, base: u32, notes: &mut Notes) -> Result<bool, Stop> {
        let start = self.tokens.tell();
        let this = self.set_token(set_start)?;
        let low = match this.escaped() {
            Some(c) => self.parse_class_escape(start, c)?,
            None => {
                let is_first = self.state.sets.items.len() == base as usize;
                if this == Token::of(']') && !is_first {
                    return Ok(false);
                }
                if !is_first && self.tokens.peek() == this {
                    self.warn_doubled(this, start)?;
                }
                SetItem::Literal(this.char().unwrap_or_default())
            }
        };
        if !self.tokens.matches('-') {
            self.add_set_item(low, notes)?;
            return Ok(true);
        }
        let that_start = self.tokens.tell();
        let that = self.set_token(set_start)?;
        if that == Token::of(']') {
            self.add_set_item(low, notes)?;
            self.add_set_item(SetItem::Literal(u32::from('-')), notes)?;
            return Ok(false);
        }
        let high = match that.escaped() {
            Some(c) => self.parse_class_escape(that_start, c)?,
            None => {
                if that == Token::of('-') {
                    self.warn(that_start - 1, WarningKind::SetDifference)?;
                }
                SetItem::Literal(that.char().unwrap_or_default())
            }
        };
        match (low, high) {
            (SetItem::Literal(low), SetItem::Literal(high)) if low <= high => {
                self.add_set_item(SetItem::Range(low, high), notes)?;
                Ok(true)
            }
            _ => {
                let raise = RawError::at(ErrorKind::BadRange, self.tokens.tell());
                Err(self.raise(raise.minus_chars(this.len() + 1 + that.len()).with_quote(start, that_start)))
            }
        }
    }

    /// The next token within a set.
    #[inline]
    fn set_token(&mut self, set_start: u32) -> Result<Token, Stop> {
        match self.tokens.get() {
            Token::END => Err(self.raise(RawError::at(ErrorKind::UnterminatedSet, set_start))),
            token => Ok(token),
        }
    }

    /// Warns of two characters in a row that may become an operator on sets.
    fn warn_doubled(&mut self, this: Token, start: u32) -> Result<(), Stop> {
        let kind = match this.ascii() {
            b'-' => WarningKind::SetDifference,
            b'&' => WarningKind::SetIntersection,
            b'~' => WarningKind::SetSymmetricDifference,
            b'|' => WarningKind::SetUnion,
            _ => return Ok(()),
        };
        self.warn(start, kind)
    }
}
