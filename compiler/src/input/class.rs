//! Classes of characters.

use super::source::Source;
use super::swar::MaskedByte;

/// A class of characters; those beyond ASCII stand for themselves and in comments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Class(u8);

impl Class {
    /// What stands for itself where white space counts.
    ///
    /// CPython: `re/_parser.py`, `SPECIAL_CHARS`, and `)`
    pub(super) const PLAIN: Class = Class(1);
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
pub(super) const SPECIAL: [MaskedByte; 7] =
    [(0xfc, b'('), (0xff, b'$'), (0xff, b'.'), (0xff, b'?'), (0xdf, b'['), (0xfd, b'\\'), (0xff, b'|')];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::swar::{LANES, Unit};

    #[test]
    fn a_piece_knows_what_is_plain() {
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
