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
        match Class::OF_CHARACTERS.get(self.0 as usize) {
            Some(&classes) => class.is_in(classes),
            None => self.0 < Token::ESCAPED && class.is_in(Class::BEYOND),
        }
    }

    /// The character, if it takes more than one unit and is not escaped.
    #[inline]
    pub(crate) fn multibyte<S: Source>(self) -> Option<u32> {
        (S::MULTIBYTE && self.0 >= 0x80 && self.0 < Token::ESCAPED).then_some(self.0)
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
                | Class::SPACE.when(space);
            c += 1;
        }
        table
    }

    /// What all characters beyond ASCII belong to.
    const BEYOND: u8 = !Class::SPACE.0;
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
    fn has_unit<S: Source>(self, unit: S::Unit) -> bool {
        let table = if S::MULTIBYTE { &Class::OF_PARTS } else { &Class::OF_CHARACTERS };
        self.is_in(*table.get(unit.into() as usize).unwrap_or(&Class::BEYOND))
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

    /// Takes `next` and the characters after it as far as they are one unit each and belong to a class, and tells how
    /// many these are; reading goes on once it is [advanced](Tokenizer::advance). The units start with them.
    #[inline]
    pub(crate) fn take_run(&mut self, class: Class) -> (usize, &[S::Unit]) {
        let units = &self.source.units()[self.start..];
        let length = units.iter().position(|&unit| !class.has_unit::<S>(unit)).unwrap_or(units.len());
        if length > 0 {
            self.end = self.start + length;
        }
        (length, units)
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
