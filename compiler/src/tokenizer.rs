//! The pattern as tokens: a character, or a backslash and the character after it.

use crate::input::Source;
use crate::pool::Stop;

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

    /// Is it a character of that class? None that is escaped is.
    #[inline]
    pub(crate) fn is(self, class: Class) -> bool {
        self.0 < Token::ESCAPED && class.has(self.0)
    }

    /// The character, if it is of that class and not escaped.
    #[inline]
    pub(crate) fn char_of(self, class: Class) -> Option<u32> {
        self.is(class).then_some(self.0)
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

/// A class of characters; all beyond ASCII belong to every class but [`Class::SPACE`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Class(u8);

impl Class {
    /// What stands for itself where white space counts.
    ///
    /// CPython: `re/_parser.py`, `SPECIAL_CHARS`, and `)`
    pub(crate) const PLAIN: Class = Class(1);
    /// What stands for itself where it does not.
    pub(crate) const PLAIN_VERBOSE: Class = Class(2);
    /// What has no meaning within a set, and gives no warning there.
    pub(crate) const PLAIN_IN_SET: Class = Class(4);
    /// What does not end a comment of verbose patterns.
    pub(crate) const COMMENT: Class = Class(8);
    /// CPython: `re/_parser.py`, `WHITESPACE`
    pub(crate) const SPACE: Class = Class(16);

    const TABLE: [u8; 128] = {
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
        let mut table = [0; 128];
        let mut c = 0;
        while c < 128 {
            let space = contains(b" \t\n\r\x0b\x0c", c);
            let plain = !contains(b"\\.[{()*+?^$|", c);
            table[c as usize] = Class::PLAIN.when(plain)
                | Class::PLAIN_VERBOSE.when(plain && !space && c != b'#')
                | Class::PLAIN_IN_SET.when(!contains(b"\\[]-&~|", c))
                | Class::COMMENT.when(!contains(b"\\\n", c))
                | Class::SPACE.when(space);
            c += 1;
        }
        table
    };

    const fn when(self, belongs: bool) -> u8 {
        if belongs { self.0 } else { 0 }
    }

    #[inline]
    pub(crate) fn has(self, c: u32) -> bool {
        let classes = if c < 0x80 { Class::TABLE[c as usize] } else { !Class::SPACE.0 };
        classes & self.0 != 0
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
    /// Nothing is read yet: [`seek`](Tokenizer::seek) the start.
    pub(crate) fn new(source: S) -> Tokenizer<S> {
        Tokenizer { source, next: Token::END, start: 0, end: 0 }
    }

    /// CPython: `Tokenizer.__next`
    #[inline(always)]
    pub(crate) fn advance(&mut self) -> Result<(), Stop> {
        self.start = self.end;
        let Some(&unit) = self.source.units().get(self.end) else {
            self.next = Token::END;
            return Ok(());
        };
        let c = unit.into();
        if c == u32::from('\\') {
            return self.advance_escaped();
        }
        if S::MULTIBYTE && c >= 0x80 {
            self.advance_multibyte();
            return Ok(());
        }
        self.next = Token(c);
        self.end += 1;
        Ok(())
    }

    #[inline(never)]
    fn advance_escaped(&mut self) -> Result<(), Stop> {
        let Some((escaped, after)) = self.source.char_at(self.end + 1) else { return Err(Stop::EscapeAtEnd) };
        self.end = after;
        self.next = Token(escaped | Token::ESCAPED);
        Ok(())
    }

    #[inline(never)]
    fn advance_multibyte(&mut self) {
        if let Some((c, after)) = self.source.char_at(self.end) {
            self.end = after;
            self.next = Token(c);
        }
    }

    /// Takes the characters from the end of `next` on that are one unit each and belong to a class.
    #[inline]
    pub(crate) fn take_run(&mut self, class: Class) -> &[S::Unit] {
        let rest = self.source.units().get(self.end..).unwrap_or_default();
        let ends = |&unit: &S::Unit| {
            let c = unit.into();
            !class.has(c) || (S::MULTIBYTE && c >= 0x80)
        };
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        self.end += length;
        &rest[..length]
    }

    /// CPython: `Tokenizer.match`
    #[inline]
    pub(crate) fn matches(&mut self, c: char) -> Result<bool, Stop> {
        let matches = self.next == Token::of(c);
        if matches {
            self.advance()?;
        }
        Ok(matches)
    }

    /// CPython: `Tokenizer.get`
    #[inline]
    pub(crate) fn get(&mut self) -> Result<Token, Stop> {
        let this = self.next;
        self.advance()?;
        Ok(this)
    }

    /// Up to `n` characters that are digits of a base, as a number; and how many there were.
    ///
    /// CPython: `Tokenizer.getwhile`
    pub(crate) fn digits(&mut self, n: u32, base: u32) -> Result<(u32, u32), Stop> {
        let (mut value, mut count) = (0, 0);
        while count < n {
            let Some(digit) = (self.next.ascii() as char).to_digit(base) else { break };
            value = value * base + digit;
            count += 1;
            self.advance()?;
        }
        Ok((value, count))
    }

    /// Where `next` starts.
    ///
    /// CPython: `Tokenizer.tell`
    #[inline]
    pub(crate) fn tell(&self) -> u32 {
        self.start as u32
    }

    /// CPython: `Tokenizer.seek`
    pub(crate) fn seek(&mut self, index: u32) -> Result<(), Stop> {
        self.end = index as usize;
        self.advance()
    }
}
