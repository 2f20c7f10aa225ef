//! Splitting the pattern into tokens.

use super::class::{Class, SPECIAL};
use super::source::Source;
use super::swar::Unit;
use super::token::Token;

/// Reads tokens. A backslash at the end of the pattern is not a token: reading stops before it, and
/// the parser raises the error when it gets there.
///
/// CPython: `re/_parser.py`, `Tokenizer`
pub(crate) struct Tokenizer<S> {
    pub source: S,
    /// The index of the next token.
    at: usize,
}

impl<S: Source> Tokenizer<S> {
    pub(crate) fn new(source: S) -> Tokenizer<S> {
        Tokenizer { source, at: 0 }
    }

    /// Returns whether only a backslash remains. CPython rejects it as soon as the token before it
    /// is read.
    pub(crate) fn ends_in_backslash(&self) -> bool {
        matches!(self.source.units().get(self.at..), Some(&[unit]) if unit.into() == u32::from('\\'))
    }

    /// Returns the index of the next token.
    ///
    /// CPython: `Tokenizer.tell`
    #[inline]
    pub(crate) fn tell(&self) -> u32 {
        self.at as u32
    }

    /// Continues at an index.
    ///
    /// CPython: `Tokenizer.__next`
    #[inline(always)]
    pub(crate) fn go(&mut self, at: usize) {
        self.at = at;
    }

    /// Skips the next token, which is a single unit.
    #[inline(always)]
    pub(crate) fn skip(&mut self) {
        self.at += 1;
    }

    /// Returns the first unit of the next token, or `None` at the end.
    #[inline(always)]
    pub(crate) fn unit(&self) -> Option<u32> {
        self.source.units().get(self.at).map(|&unit| unit.into())
    }

    /// Returns the next token and the index after it.
    #[inline]
    fn read(&self) -> (Token, usize) {
        match self.source.char_at(self.at) {
            None => (Token::END, self.at),
            Some((c, after)) if c == u32::from('\\') => match self.source.char_at(after) {
                Some((escaped, after)) => (Token(escaped | Token::ESCAPED), after),
                None => (Token::END, self.at),
            },
            Some((c, after)) => (Token(c), after),
        }
    }

    /// CPython: `Tokenizer.next`
    #[inline]
    pub(crate) fn peek(&self) -> Token {
        self.read().0
    }

    /// CPython: `Tokenizer.get`
    #[inline]
    pub(crate) fn get(&mut self) -> Token {
        let (this, after) = self.read();
        self.go(after);
        this
    }

    /// Skips an escape, which is the next token, and returns the character after its backslash, if
    /// there is one.
    #[inline(always)]
    pub(crate) fn escape(&mut self) -> Option<u32> {
        let (c, after) = self.source.char_at(self.at + 1)?;
        self.go(after);
        Some(c)
    }

    /// Returns whether the next token is this ASCII character.
    #[inline]
    pub(crate) fn is_next(&self, c: char) -> bool {
        self.unit() == Some(c.into())
    }

    /// Returns whether the next token begins a quantifier.
    #[inline(always)]
    pub(crate) fn is_quantifier_next(&self) -> bool {
        self.source.units().get(self.at).is_some_and(|&unit| Class::QUANTIFIER.has_unit::<S>(unit))
    }

    /// CPython: `Tokenizer.match`
    #[inline]
    pub(crate) fn matches(&mut self, c: char) -> bool {
        let matches = self.is_next(c);
        if matches {
            self.skip();
        }
        matches
    }

    /// Returns the next character and the index after it, if it stands for itself and is escaped or
    /// beyond ASCII.
    #[inline(always)]
    pub(crate) fn other_literal(&self) -> Option<(u32, usize)> {
        if self.unit().is_some_and(|unit| unit >= 0x80) {
            return self.source.char_at(self.at);
        }
        self.escaped_mark().map(|c| (c, self.at + 2))
    }

    /// Returns the unit after a backslash, which is next, if it fits into 8 bits.
    #[inline(always)]
    pub(crate) fn escaped_unit(&self) -> Option<u8> {
        u8::try_from((*self.source.units().get(self.at + 1)?).into()).ok()
    }

    /// Returns the character of an escape, which is next, if it is in ASCII and stands for itself.
    #[inline(always)]
    pub(crate) fn escaped_mark(&self) -> Option<u32> {
        if !self.is_next('\\') {
            return None;
        }
        let c = (*self.source.units().get(self.at + 1)?).into();
        Class::MARK.has(c).then_some(c)
    }

    /// Returns how many of the next units are characters of a class, and all units from here on.
    #[inline(always)]
    pub(crate) fn run(&self, class: Class) -> (usize, &[S::Unit]) {
        let Some(units) = self.source.units().get(self.at..) else { return (0, &[]) };
        if class == Class::PLAIN
            && let Some(length) = S::Unit::block(units).and_then(|block| block.first_special(&SPECIAL))
        {
            return (length, units);
        }
        (units.iter().position(|&unit| !class.has_unit::<S>(unit)).unwrap_or(units.len()), units)
    }

    /// Skips the single-unit characters of a class.
    #[inline]
    pub(crate) fn skip_run(&mut self, class: Class) {
        let (length, _) = self.run(class);
        self.go(self.at + length);
    }

    /// Reads at most `n` digits of a base. Returns their value and their number.
    ///
    /// CPython: `Tokenizer.getwhile`
    pub(crate) fn digits(&mut self, n: u32, base: u32) -> (u32, u32) {
        let (mut value, mut count) = (0, 0);
        while count < n {
            let Some(digit) = (self.peek().ascii() as char).to_digit(base) else { break };
            value = value * base + digit;
            count += 1;
            self.skip();
        }
        (value, count)
    }
}
