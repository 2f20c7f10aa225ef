//! Classes of characters.

use super::source::Source;
use super::swar::MaskedByte;

/// A class of characters. Those beyond ASCII belong to the classes that are allowed in literals and
/// comments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Class(u8);

impl Class {
    /// The characters that stand for themselves where white space is significant.
    ///
    /// CPython: `re/_parser.py`, `SPECIAL_CHARS`, and `)`
    pub(super) const PLAIN: Class = Class(1);
    /// The characters that stand for themselves in a verbose pattern.
    const PLAIN_VERBOSE: Class = Class(2);
    /// Returns the characters that stand for themselves outside of sets.
    pub(crate) const fn plain(verbose: bool) -> Class {
        if verbose { Class::PLAIN_VERBOSE } else { Class::PLAIN }
    }

    /// The characters that have no special meaning in a set and cause no warning there.
    pub(crate) const PLAIN_IN_SET: Class = Class(4);
    /// The characters that do not end a comment of a verbose pattern.
    pub(crate) const COMMENT: Class = Class(8);
    /// CPython: `re/_parser.py`, `WHITESPACE`
    pub(crate) const SPACE: Class = Class(16);
    /// The characters of ASCII that are neither letters nor digits.
    pub(crate) const MARK: Class = Class(32);
    /// The characters that a quantifier begins with.
    ///
    /// CPython: `re/_parser.py`, `REPEAT_CHARS`, and `{`
    pub(crate) const QUANTIFIER: Class = Class(64);

    /// Returns the classes of each unit below 0x100; `others` are those of the units beyond ASCII.
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

    /// The classes of all characters beyond ASCII.
    const BEYOND: u8 = !(Class::SPACE.0 | Class::MARK.0 | Class::QUANTIFIER.0);
    /// For sources whose units are characters.
    const OF_CHARACTERS: [u8; 256] = Class::table(Class::BEYOND);
    /// For sources whose units from 0x80 on are parts of a character.
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

    /// Returns whether the unit is a whole character of this class.
    #[inline]
    pub(crate) fn has_unit<S: Source>(self, unit: S::Unit) -> bool {
        let table = if S::MULTIBYTE { &Class::OF_PARTS } else { &Class::OF_CHARACTERS };
        self.is_in(*table.get(unit.into() as usize).unwrap_or(&Class::BEYOND))
    }
}

/// The characters that are not in [`Class::PLAIN`].
pub(super) const SPECIAL: [MaskedByte; 7] =
    [(0xfc, b'('), (0xff, b'$'), (0xff, b'.'), (0xff, b'?'), (0xdf, b'['), (0xfd, b'\\'), (0xff, b'|')];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::swar::{LANES, Unit};

    #[test]
    fn first_special_finds_the_first_special_byte() {
        for byte in 0..=u8::MAX {
            for at in 0..LANES {
                let mut bytes = [b'a'; LANES];
                bytes[at] = byte;
                let is_plain = Class::PLAIN.is_in(Class::OF_PARTS[usize::from(byte)]);
                let before = u8::block(&bytes).and_then(|block| block.first_special(&SPECIAL));
                assert_eq!(before, (!is_plain).then_some(at), "{byte:#x} at {at}");
            }
        }
    }
}
