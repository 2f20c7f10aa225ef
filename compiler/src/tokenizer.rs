//! The pattern as tokens: a character, or a backslash and the character after it.

use crate::error::{ErrorKind, Raise};
use crate::input::Source;

/// A token; small, so that it is compared and passed as a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token(u32);

impl Token {
    /// The end of the pattern.
    pub(crate) const END: Token = Token(u32::MAX);
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

    /// The character, if it stands for itself wherever white space counts.
    ///
    /// CPython: `re/_parser.py`, `SPECIAL_CHARS`, and `)`
    #[inline]
    pub(crate) fn plain(self) -> Option<u32> {
        const SPECIAL: u128 = {
            let (special, mut bits, mut i) = (b".[{()*+?^$|", 0, 0);
            while i < special.len() {
                bits |= 1 << special[i];
                i += 1;
            }
            bits
        };
        let is_plain = if self.0 < 0x80 { SPECIAL >> self.0 & 1 == 0 } else { self.0 & Token::ESCAPED == 0 };
        is_plain.then_some(self.0)
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

/// Reads one token ahead.
///
/// CPython: `re/_parser.py`, `Tokenizer`
pub(crate) struct Tokenizer<S> {
    pub source: S,
    /// CPython: `Tokenizer.next`
    pub next: Token,
    /// Where `next` starts.
    start: usize,
    /// Where `next` ends.
    end: usize,
}

impl<S: Source> Tokenizer<S> {
    pub(crate) fn new(source: S) -> Result<Tokenizer<S>, Raise> {
        let mut tokens = Tokenizer { source, next: Token::END, start: 0, end: 0 };
        tokens.advance()?;
        Ok(tokens)
    }

    /// CPython: `Tokenizer.__next`
    #[inline]
    pub(crate) fn advance(&mut self) -> Result<(), Raise> {
        self.start = self.end;
        self.next = match self.source.char_at(self.end) {
            None => Token::END,
            Some((c, after)) if c == u32::from('\\') => {
                let Some((escaped, after)) = self.source.char_at(after) else {
                    return Err(Raise::at(ErrorKind::BadEscapeAtEnd, self.end as u32));
                };
                self.end = after;
                Token(escaped | Token::ESCAPED)
            }
            Some((c, after)) => {
                self.end = after;
                Token(c)
            }
        };
        Ok(())
    }

    /// CPython: `Tokenizer.match`
    #[inline]
    pub(crate) fn matches(&mut self, c: char) -> Result<bool, Raise> {
        let matches = self.next == Token::of(c);
        if matches {
            self.advance()?;
        }
        Ok(matches)
    }

    /// CPython: `Tokenizer.get`
    #[inline]
    pub(crate) fn get(&mut self) -> Result<Token, Raise> {
        let this = self.next;
        self.advance()?;
        Ok(this)
    }

    /// Up to `n` characters that are digits of a base, as a number; and how many there were.
    ///
    /// CPython: `Tokenizer.getwhile`
    pub(crate) fn digits(&mut self, n: u32, base: u32) -> Result<(u32, u32), Raise> {
        let (mut value, mut count) = (0, 0);
        while count < n {
            let Some(digit) = (self.next.ascii() as char).to_digit(base) else { break };
            value = value * base + digit;
            count += 1;
            self.advance()?;
        }
        Ok((value, count))
    }

    /// Skips to after the terminator; gives where the name before it starts and ends.
    ///
    /// CPython: `Tokenizer.getuntil`
    pub(crate) fn name_until(&mut self, terminator: char, missing: ErrorKind) -> Result<(u32, u32), Raise> {
        let start = self.tell();
        loop {
            let (this, end) = (self.next, self.tell());
            self.advance()?;
            if this == Token::END {
                let kind = if end == start { missing } else { ErrorKind::UnterminatedName { terminator } };
                return Err(Raise::at(kind, start));
            }
            if this == Token::of(terminator) {
                return if end == start { Err(Raise::at(missing, start)) } else { Ok((start, end)) };
            }
        }
    }

    /// Where `next` starts.
    ///
    /// CPython: `Tokenizer.tell`
    #[inline]
    pub(crate) fn tell(&self) -> u32 {
        self.start as u32
    }

    /// CPython: `Tokenizer.seek`
    pub(crate) fn seek(&mut self, index: u32) -> Result<(), Raise> {
        self.end = index as usize;
        self.advance()
    }
}
