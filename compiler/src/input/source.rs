//! Reading a pattern character by character.

use super::swar::Unit;

/// What the tokenizer reads from. Indices count code units.
pub(crate) trait Source: Copy {
    /// Whether this is a `str` pattern. CPython: `Tokenizer.istext`
    const TEXT: bool;
    /// Whether a unit from 0x80 on is only a part of a character.
    const MULTIBYTE: bool;
    type Unit: Unit;

    fn units(&self) -> &[Self::Unit];

    /// Returns the character at an index and the index after it, or `None` at the end.
    fn char_at(self, at: usize) -> Option<(u32, usize)>;
}

impl Source for &str {
    const TEXT: bool = true;
    const MULTIBYTE: bool = true;
    type Unit = u8;

    #[inline]
    fn units(&self) -> &[u8] {
        self.as_bytes()
    }

    #[inline]
    fn char_at(self, at: usize) -> Option<(u32, usize)> {
        let byte = *self.as_bytes().get(at)?;
        if byte < 0x80 { Some((u32::from(byte), at + 1)) } else { decode(self.as_bytes(), at) }
    }
}

/// Returns the character beyond ASCII that begins at an index of UTF-8, and the index after it.
#[inline]
fn decode(utf8: &[u8], at: usize) -> Option<(u32, usize)> {
    let further = |n: usize| utf8.get(at + n).map(|&byte| u32::from(byte & 0x3f));
    let first = u32::from(*utf8.get(at)?);
    let two = first << 6 | further(1)?;
    if first < 0xe0 {
        return Some((two & 0x7ff, at + 2));
    }
    let three = two << 6 | further(2)?;
    if first < 0xf0 {
        return Some((three & 0xffff, at + 3));
    }
    Some(((three << 6 | further(3)?) & 0x1f_ffff, at + 4))
}

impl Source for &[u32] {
    const TEXT: bool = true;
    const MULTIBYTE: bool = false;
    type Unit = u32;

    #[inline]
    fn units(&self) -> &[u32] {
        self
    }

    #[inline]
    fn char_at(self, at: usize) -> Option<(u32, usize)> {
        self.get(at).map(|&c| (c, at + 1))
    }
}

impl Source for &[u8] {
    const TEXT: bool = false;
    const MULTIBYTE: bool = false;
    type Unit = u8;

    #[inline]
    fn units(&self) -> &[u8] {
        self
    }

    #[inline]
    fn char_at(self, at: usize) -> Option<(u32, usize)> {
        self.get(at).map(|&byte| (u32::from(byte), at + 1))
    }
}
