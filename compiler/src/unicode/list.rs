//! Sorted lists of byte strings (keys), with or without values: the form in which names are stored.
//!
//! A list is one file, written by `xtask/unicode/generate.py`:
//!
//! ```text
//! number of entries               u32, little endian
//! for each block of 32 entries    u32, offset of the block from the end of these numbers
//! entries                         in ascending order of their keys
//! ```
//!
//! Inside a block, an entry has only what differs from the previous key and value:
//!
//! ```text
//! 1 byte    high half: number of bytes shared with the previous key, at most 15;
//!           0 for the first entry of a block
//!           low half: number of bytes that follow; 15 means 15 plus the next byte
//! bytes     the rest of the key
//! value     in a list of values: difference from the previous value, 0 for the first
//!           entry of a block, as 2d for d >= 0 and -2d-1 otherwise, seven bits a byte,
//!           lowest first, with the high bit set in all bytes but the last
//! ```

const BLOCK: usize = 32;

/// The length of the longest key of any list; the generator asserts it.
pub(super) const MAX_KEY: usize = 32;

/// A list, read in place.
pub(super) struct List {
    bytes: &'static [u8],
    has_values: bool,
}

/// An entry of a list.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// The number of entries before it.
    pub(super) index: usize,
    /// Its value, 0 in a list without values.
    pub(super) value: u32,
}

impl List {
    /// Makes a list of keys.
    pub(super) const fn of_keys(bytes: &'static [u8]) -> List {
        List { bytes, has_values: false }
    }

    /// Makes a list of keys with values.
    pub(super) const fn of_values(bytes: &'static [u8]) -> List {
        List { bytes, has_values: true }
    }

    /// Returns the number of entries.
    pub(super) const fn len(&self) -> usize {
        number(self.bytes, 0)
    }

    /// Returns the entry with a key.
    pub(super) fn find(&self, key: &[u8]) -> Option<Entry> {
        // Searches for the last block that does not begin after the key.
        let mut after = 0;
        let mut end = self.len().div_ceil(BLOCK);
        while after < end {
            let middle = after + (end - after) / 2;
            let mut first = self.block(middle);
            first.step();
            if first.key() <= key {
                after = middle + 1;
            } else {
                end = middle;
            }
        }
        let mut cursor = self.block(after.checked_sub(1)?);
        while cursor.step() {
            if cursor.key() == key {
                return Some(cursor.entry);
            }
        }
        None
    }

    fn block(&self, block: usize) -> Cursor<'_> {
        let entries = &self.bytes[4 + 4 * self.len().div_ceil(BLOCK)..];
        Cursor {
            rest: &entries[number(self.bytes, 1 + block)..],
            has_values: self.has_values,
            left: (self.len() - BLOCK * block).min(BLOCK),
            key: [0; MAX_KEY],
            key_len: 0,
            entry: Entry { index: BLOCK * block, value: 0 },
            started: false,
        }
    }

    /// Returns the value of every entry.
    #[cfg(test)]
    pub(super) fn values(&self) -> impl Iterator<Item = u32> {
        (0..self.len().div_ceil(BLOCK)).flat_map(|block| {
            let mut cursor = self.block(block);
            core::iter::from_fn(move || cursor.step().then_some(cursor.entry.value))
        })
    }
}

/// An entry of a block; `step` goes to the next one.
struct Cursor<'a> {
    rest: &'a [u8],
    has_values: bool,
    left: usize,
    key: [u8; MAX_KEY],
    key_len: usize,
    entry: Entry,
    started: bool,
}

impl Cursor<'_> {
    fn key(&self) -> &[u8] {
        &self.key[..self.key_len]
    }

    fn step(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        self.entry.index += usize::from(self.started);
        self.started = true;
        let head = usize::from(self.byte());
        let (shared, mut len) = (head >> 4, head & 15);
        if len == 15 {
            len += usize::from(self.byte());
        }
        let (fresh, rest) = self.rest.split_at(len);
        self.key[shared..shared + len].copy_from_slice(fresh);
        self.key_len = shared + len;
        self.rest = rest;
        if self.has_values {
            let difference = self.varint();
            let difference = (difference >> 1) as i32 ^ -((difference & 1) as i32);
            self.entry.value = self.entry.value.wrapping_add_signed(difference);
        }
        true
    }

    fn byte(&mut self) -> u8 {
        let (&byte, rest) = self.rest.split_first().expect("a list ends where its last entry does");
        self.rest = rest;
        byte
    }

    fn varint(&mut self) -> u32 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte();
            value |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }
}

/// Returns one of the numbers at the beginning of a list.
const fn number(bytes: &[u8], at: usize) -> usize {
    let at = 4 * at;
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
}
