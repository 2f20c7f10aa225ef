//! A token: a character, or a backslash and the character after it.

/// A token; small, so that it is compared and passed as a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token(pub(super) u32);

impl Token {
    /// The end of the pattern.
    pub(crate) const END: Token = Token(u32::MAX);
    pub(crate) const NEWLINE: Token = Token::of('\n');
    pub(crate) const CLOSING: Token = Token::of(')');
    pub(super) const ESCAPED: u32 = 1 << 31;

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
