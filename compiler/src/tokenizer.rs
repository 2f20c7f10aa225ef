//! The pattern as tokens: a character, or a backslash and the character after it.

use crate::input::Source;
use crate::piece::{Masked, Unit};

/// A token; small, so that it is compared and passed as a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token(u32);

impl Token {
    /// The end of the pattern.
    pub(crate) const END: Token = Token(u32::MAX);
    pub(crate) const NEWLINE: Token = Token::of('\n');
    pub(crate) const CLOSING: Token = Token::of(')');
    const ESCAPED: u32 = 1 << 31;

    /// The token of a character that stands for itself.
    pub(crate) const fn of(c: char) -> Token {
        Token(c as u32)
    }

    /// The character, unless it is escaped or the end.
    #[inline]
    pub(crate) fn char(self) -> Option<u32> {
        (self.0 & Token::ESCAPED == 0).then_some(self.0)
    }

    /// The character after a backslash.
    #[inline]
    pub(crate) fn escaped(self) -> Option<u32> {
        (self.0 & Token::ESCAPED != 0 && self != Token::END).then_some(self.0 & !Token::ESCAPED)
    }

    /// The unescaped character, if it is ASCII; else DEL, which no syntax uses.
    #[inline]
    pub(crate) fn ascii(self) -> u8 {
        if self.0 < 0x80 { self.0 as u8 } else { 0x7f }
    }

    /// Is it an unescaped ASCII digit?
    pub(crate) fn is_digit(self) -> bool {
        self.ascii().is_ascii_digit()
    }

    /// Is it an unescaped octal digit?
    pub(crate) fn is_octal_digit(self) -> bool {
        matches!(self.ascii(), b'0'..=b'7')
    }

    /// How many characters it is made of.
    pub(crate) fn len(self) -> u32 {
        match self {
            Token::END => 0,
            _ if self.0 & Token::ESCAPED != 0 => 2,
            _ => 1,
        }
    }
}

/// A class of characters; those beyond ASCII stand for themselves and in comments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Class(u8);

impl Class {
    /// What stands for itself where white space counts.
    ///
    /// CPython: `re/_parser.py`, `SPECIAL_CHARS`, and `)`
    const PLAIN: Class = Class(1);
    /// What stands for itself where it does not.
    const PLAIN_VERBOSE: Class = Class(2);
    /// What stands for itself outside of sets.
    pub(crate) const fn plain(verbose: bool) -> Class {
        if verbose { Class::PLAIN_VERBOSE } else { Class::PLAIN }
    }

    /// What has no meaning within a set, and gives no warning there.
    pub(crate) const PLAIN_IN_SET: Class = Class(4);
    /// What does not end a comment of verbose patterns.
    pub(crate) const COMMENT: Class = Class(8);
    /// CPython: `re/_parser.py`, `WHITESPACE`
    pub(crate) const SPACE: Class = Class(16);
    /// What neither letter nor digit is in ASCII.
    pub(crate) const MARK: Class = Class(32);
    /// What a quantifier begins with.
    ///
    /// CPython: `re/_parser.py`, `REPEAT_CHARS`, and `{`
    pub(crate) const QUANTIFIER: Class = Class(64);

    /// The classes of each ASCII character, and then those that all others belong to.
    const fn table(others: u8) -> [u8; 256] {
        const fn contains(characters: &[u8], c: u8) -> bool {
            let mut i = 0;
            while i < characters.len() {
                if characters[i] == c {
                    return true;
                }
                i += 1;
            }
            false
        }
        let mut table = [others; 256];
        let mut c = 0;
        while c < 128 {
            let space = contains(b" \t\n\r\x0b\x0c", c);
            let plain = !contains(b"\\.[{()*+?^$|", c);
            table[c as usize] = Class::PLAIN.when(plain)
                | Class::PLAIN_VERBOSE.when(plain && !space && c != b'#')
                | Class::PLAIN_IN_SET.when(!contains(b"\\[]-&~|", c))
                | Class::COMMENT.when(!contains(b"\\\n", c))
                | Class::SPACE.when(space)
                | Class::MARK.when(!c.is_ascii_alphanumeric())
                | Class::QUANTIFIER.when(contains(b"*+?{", c));
            c += 1;
        }
        table
    }

    /// What all characters beyond ASCII belong to.
    const BEYOND: u8 = !(Class::SPACE.0 | Class::MARK.0 | Class::QUANTIFIER.0);
    /// For units that are characters.
    const OF_CHARACTERS: [u8; 256] = Class::table(Class::BEYOND);
    /// For units that are parts of a character from 0x80 on.
    const OF_PARTS: [u8; 256] = Class::table(0);

    const fn when(self, belongs: bool) -> u8 {
        if belongs { self.0 } else { 0 }
    }

    #[inline]
    fn is_in(self, classes: u8) -> bool {
        classes & self.0 != 0
    }

    #[inline]
    pub(crate) fn has(self, c: u32) -> bool {
        self.is_in(*Class::OF_CHARACTERS.get(c as usize).unwrap_or(&Class::BEYOND))
    }

    /// Is the unit a whole character of this class?
    #[inline]
    pub(crate) fn has_unit<S: Source>(self, unit: S::Unit) -> bool {
        let table = if S::MULTIBYTE { &Class::OF_PARTS } else { &Class::OF_CHARACTERS };
        self.is_in(*table.get(unit.into() as usize).unwrap_or(&Class::BEYOND))
    }
}

/// What is not [`Class::PLAIN`].
const SPECIAL: [Masked; 7] =
    [(0xfc, b'('), (0xff, b'$'), (0xff, b'.'), (0xff, b'?'), (0xdf, b'['), (0xfd, b'\\'), (0xff, b'|')];

/// Reads tokens. A backslash that ends the pattern is none: nobody gets past it, and nothing else can be wrong there.
///
/// CPython: `re/_parser.py`, `Tokenizer`
pub(crate) struct Tokenizer<S> {
    pub source: S,
    /// Where the next token starts.
    at: usize,
}

impl<S: Source> Tokenizer<S> {
    pub(crate) fn new(source: S) -> Tokenizer<S> {
        Tokenizer { source, at: 0 }
    }

    /// Is a backslash all that is left? CPython refuses it as soon as the token before is read.
    pub(crate) fn ends_in_backslash(&self) -> bool {
        matches!(self.source.units().get(self.at..), Some(&[unit]) if unit.into() == u32::from('\\'))
    }

    /// Where the next token starts.
    ///
    /// CPython: `Tokenizer.tell`
    #[inline]
    pub(crate) fn tell(&self) -> u32 {
        self.at as u32
    }

    /// Goes on reading at an index.
    ///
    /// CPython: `Tokenizer.__next`
    #[inline(always)]
    pub(crate) fn go(&mut self, at: usize) {
        self.at = at;
    }

    /// Goes past the next token, which is one unit.
    #[inline(always)]
    pub(crate) fn skip(&mut self) {
        self.at += 1;
    }

    /// The first unit of the next token; none at the end.
    #[inline(always)]
    pub(crate) fn unit(&self) -> Option<u32> {
        self.source.units().get(self.at).map(|&unit| unit.into())
    }

    /// The next token and where it ends.
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

    /// Goes past an escape, which is next, and gives the character after the backslash, if there is one.
    #[inline(always)]
    pub(crate) fn escape(&mut self) -> Option<u32> {
        let (c, after) = self.source.char_at(self.at + 1)?;
        self.go(after);
        Some(c)
    }

    /// Is a character of ASCII next?
    #[inline]
    pub(crate) fn is_next(&self, c: char) -> bool {
        self.unit() == Some(c.into())
    }

    /// Is a quantifier next?
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

    /// The next character if it stands for itself, and is escaped or beyond ASCII; and where it ends.
    #[inline(always)]
    pub(crate) fn other_literal(&self) -> Option<(u32, usize)> {
        if self.unit().is_some_and(|unit| unit >= 0x80) {
            return self.source.char_at(self.at);
        }
        self.escaped_mark().map(|c| (c, self.at + 2))
    }

    /// What comes after a backslash, which is next, if that is a unit of 8 bits.
    #[inline(always)]
    pub(crate) fn escaped_unit(&self) -> Option<u8> {
        u8::try_from((*self.source.units().get(self.at + 1)?).into()).ok()
    }

    /// The character after a backslash that is next, if it is of ASCII and can be nothing but itself.
    #[inline(always)]
    pub(crate) fn escaped_mark(&self) -> Option<u32> {
        if !self.is_next('\\') {
            return None;
        }
        let c = (*self.source.units().get(self.at + 1)?).into();
        Class::MARK.has(c).then_some(c)
    }

    /// The units from the next token on, and how many of them are characters of a class.
    #[inline(always)]
    pub(crate) fn run(&self, class: Class) -> (usize, &[S::Unit]) {
        let Some(units) = self.source.units().get(self.at..) else { return (0, &[]) };
        if class == Class::PLAIN
            && let Some(length) = S::Unit::piece(units).and_then(|piece| piece.before(&SPECIAL))
        {
            return (length, units);
        }
        (units.iter().position(|&unit| !class.has_unit::<S>(unit)).unwrap_or(units.len()), units)
    }

    /// Goes past the characters of a class that take one unit each.
    #[inline]
    pub(crate) fn skip_run(&mut self, class: Class) {
        let (length, _) = self.run(class);
        self.go(self.at + length);
    }

    /// Up to `n` characters that are digits of a base, as a number; and how many there were.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::piece::PIECE;

    #[test]
    fn a_piece_knows_what_is_plain() {
        for byte in 0..=u8::MAX {
            for at in 0..PIECE {
                let mut bytes = [b'a'; PIECE];
                bytes[at] = byte;
                let is_plain = Class::PLAIN.is_in(Class::OF_PARTS[usize::from(byte)]);
                let before = u8::piece(&bytes).and_then(|piece| piece.before(&SPECIAL));
                assert_eq!(before, (!is_plain).then_some(at), "{byte:#x} at {at}");
            }
        }
    }
}
