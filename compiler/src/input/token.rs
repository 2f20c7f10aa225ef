//! A token: a character, or a backslash and the character after it.

/// A token in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token(pub(super) u32);

impl Token {
    /// The end of the pattern.
    pub(crate) const END: Token = Token(u32::MAX);
    pub(crate) const NEWLINE: Token = Token::of('\n');
    pub(crate) const CLOSING: Token = Token::of(')');
    pub(super) const ESCAPED: u32 = 1 << 31;

    /// Returns the token of an unescaped character.
    pub(crate) const fn of(c: char) -> Token {
        Token(c as u32)
    }

    /// Returns the character, unless it is escaped or the token is the end.
    #[inline]
    pub(crate) fn char(self) -> Option<u32> {
        (self.0 & Token::ESCAPED == 0).then_some(self.0)
    }

    /// Returns the character after a backslash.
    #[inline]
    pub(crate) fn escaped(self) -> Option<u32> {
        (self.0 & Token::ESCAPED != 0 && self != Token::END).then_some(self.0 & !Token::ESCAPED)
    }

    /// Returns an unescaped ASCII character, or else DEL, which has no special meaning anywhere.
    #[inline]
    pub(crate) fn ascii(self) -> u8 {
        if self.0 < 0x80 { self.0 as u8 } else { 0x7f }
    }

    /// Returns whether this is an unescaped ASCII digit.
    pub(crate) fn is_digit(self) -> bool {
        self.ascii().is_ascii_digit()
    }

    /// Returns whether this is an unescaped octal digit.
    pub(crate) fn is_octal_digit(self) -> bool {
        matches!(self.ascii(), b'0'..=b'7')
    }

    /// Returns the number of characters.
    pub(crate) fn len(self) -> u32 {
        match self {
            Token::END => 0,
            _ if self.0 & Token::ESCAPED != 0 => 2,
            _ => 1,
        }
    }
}
