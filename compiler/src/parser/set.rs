//! Character sets: `[…]`.

use super::context::Parser;
use super::stop::ParseStop;
use crate::diagnostics::{ErrorKind, RawError, WarningKind};
use crate::input::{Class, Source, Token};
use crate::memory::Abort;
use crate::opcode::Category;
use crate::set::{PackedSetItem, SetItem};
use crate::stack::Height;

impl<S: Source> Parser<'_, S> {
    /// Parses a set. Its `[` is the next token, at `start`.
    ///
    /// CPython: `re/_parser.py`, `_parse`
    pub(super) fn parse_set(&mut self, start: u32) -> Result<(), ParseStop> {
        self.tokens.skip();
        if self.tokens.is_next('[') {
            let bracket = self.tokens.tell();
            self.warn(bracket, bracket + 1, WarningKind::NestedSet)?;
        }
        let first = self.state.sets.items.height();
        self.state.set_builder.begin();
        let negate = self.tokens.matches('^');
        if negate {
            self.state.set_builder.negated = true;
            self.state.sets.items.try_push(SetItem::Negate.into(), &mut self.emitter.budget)?;
        }
        let base = self.state.sets.items.height();
        while !self.parse_plain_items(base)? && self.parse_set_item(start, base)? {}
        self.remove_repeated_set_items(base)?;
        let only = match self.state.sets.items.above(base) {
            [only] => only.get(),
            _ => return self.append_set(first, start),
        };
        match only {
            SetItem::Literal(c) => {
                self.state.sets.items.truncate(first);
                if negate { self.append_not_literal(c, start) } else { self.append_literal(c, start) }
            }
            SetItem::Category(category) if !negate || self.rules.bare_categories => {
                self.state.sets.items.truncate(first);
                self.append_category(if negate { category.negated() } else { category }, start)
            }
            _ => self.append_set(first, start),
        }
    }

    #[inline(never)]
    pub(super) fn add_set_item(&mut self, item: SetItem) -> Result<(), Abort> {
        self.state.set_builder.add(item, &mut self.emitter.budget)?;
        self.state.sets.items.try_push(item.into(), &mut self.emitter.budget)
    }

    /// Removes repeated items from the current set, whose items are those above `base`.
    #[inline(always)]
    pub(super) fn remove_repeated_set_items(&mut self, base: Height<PackedSetItem>) -> Result<(), Abort> {
        let builder = &mut self.state.set_builder;
        if builder.may_repeat {
            builder.remove_repeated(&mut self.state.sets.items, base, &mut self.emitter.budget)?;
        }
        Ok(())
    }

    /// Parses characters and categories that stand for themselves, and ranges of such characters;
    /// and the end of the set, if it follows. Returns whether it does.
    fn parse_plain_items(&mut self, base: Height<PackedSetItem>) -> Result<bool, Abort> {
        let source = self.tokens.source;
        let is = |at: usize, c: char| source.units().get(at).is_some_and(|&unit| unit.into() == u32::from(c));
        let start = self.tokens.tell() as usize;
        let mut at = start;
        loop {
            let Some((low, after)) = self.plain_character(at) else {
                let Some(category) = self.plain_category(at).filter(|_| !is(at + 2, '-')) else { break };
                self.add_set_item(SetItem::Category(category))?;
                at += 2;
                continue;
            };
            let item = if is(after, '-') {
                let high = self.plain_character(after + 1).filter(|&(high, _)| low <= high);
                let Some((high, end)) = high else { break };
                at = end;
                self.state.set_builder.add_range(low, high, &mut self.emitter.budget)?;
                SetItem::Range(low, high)
            } else {
                at = after;
                self.state.set_builder.add_literal(low, &mut self.emitter.budget)?;
                SetItem::Literal(low)
            };
            self.state.sets.items.try_push(item.into(), &mut self.emitter.budget)?;
        }
        let end = is(at, ']') && !self.state.sets.items.above(base).is_empty();
        if end {
            at += 1;
        }
        if at != start {
            self.tokens.go(at);
        }
        Ok(end)
    }

    /// Returns the character at an index and the index after it, if it can only stand for itself in
    /// a set.
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

    /// Returns the category at an index, if there is one.
    #[inline(always)]
    fn plain_category(&self, at: usize) -> Option<Category> {
        let [backslash, letter] = *self.tokens.source.units().get(at..)?.first_chunk()?;
        Category::from_letter(u8::try_from(letter.into()).ok()?)
            .filter(|_| backslash.into() == u32::from('\\'))
    }

    /// Parses an item, a range, or the end of the set. Returns whether the set continues.
    fn parse_set_item(&mut self, set_start: u32, base: Height<PackedSetItem>) -> Result<bool, ParseStop> {
        let start = self.tokens.tell();
        let this = self.set_token(set_start)?;
        let low = match this.escaped() {
            Some(c) => self.parse_class_escape(start, c)?,
            None => {
                let is_first = self.state.sets.items.above(base).is_empty();
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
            self.add_set_item(low)?;
            return Ok(true);
        }
        let that_start = self.tokens.tell();
        let that = self.set_token(set_start)?;
        if that == Token::of(']') {
            self.add_set_item(low)?;
            self.add_set_item(SetItem::Literal(u32::from('-')))?;
            return Ok(false);
        }
        let high = match that.escaped() {
            Some(c) => self.parse_class_escape(that_start, c)?,
            None => {
                if that == Token::of('-') && self.rules.set_operators {
                    return Err(self.refuse_set_operator(that_start - 1));
                }
                if that == Token::of('-') {
                    self.warn(that_start - 1, that_start + 1, WarningKind::SetDifference)?;
                }
                SetItem::Literal(that.char().unwrap_or_default())
            }
        };
        match (low, high) {
            (SetItem::Literal(low), SetItem::Literal(high)) if low <= high => {
                self.add_set_item(SetItem::Range(low, high))?;
                Ok(true)
            }
            _ => {
                let raise = RawError::at(ErrorKind::BadRange, self.tokens.tell());
                Err(self.raise(raise.minus_chars(this.len() + 1 + that.len()).with_quote(start, that_start)))
            }
        }
    }

    /// Returns the next token of the set that begins at `set_start`.
    #[inline]
    fn set_token(&mut self, set_start: u32) -> Result<Token, ParseStop> {
        match self.tokens.get() {
            Token::END => Err(self.raise(RawError::at(ErrorKind::UnterminatedSet, set_start))),
            token => Ok(token),
        }
    }

    /// Raises an error about a set operator, which takes two characters.
    #[cold]
    fn refuse_set_operator(&mut self, start: u32) -> ParseStop {
        self.refuse_preview("set operators (--, && and ||) are", start, start + 2)
    }

    /// Warns of a doubled character that may become a set operator.
    fn warn_doubled(&mut self, this: Token, start: u32) -> Result<(), ParseStop> {
        let kind = match this.ascii() {
            b'-' | b'&' | b'|' if self.rules.set_operators => return Err(self.refuse_set_operator(start)),
            b'-' => WarningKind::SetDifference,
            b'&' => WarningKind::SetIntersection,
            b'~' => WarningKind::SetSymmetricDifference,
            b'|' => WarningKind::SetUnion,
            _ => return Ok(()),
        };
        self.warn(start, start + 2, kind)
    }
}
