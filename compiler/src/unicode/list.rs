//! Sorted lists of byte strings (keys), each with a value or without: the form in which names are kept.
//!
//! A list is one file, written by `xtask/unicode/generate.py`:
//!
//! ```text
//! count of entries                          u32, little endian
//! for each block of 32 entries              u32, where the block begins, counted from the end of these numbers
//! entries, in ascending order of their keys
//! ```
//!
//! Within a block, an entry gives only how its key differs from the one before:
//!
//! ```text
//! 1 byte      high half: how many bytes the key shares with the one before, at most 15, 0 for the first of a block
//!             low half: how many bytes follow; 15 for 15 or more, then the next byte says how many more
//! the bytes that follow the shared ones
//! the value   (in a list of values) difference from the value before, 0 for the first of a block: 2d for d >= 0, else
//!             -2d-1, seven bits a byte, lowest first, the high bit set in all but the last byte
//! ```

const BLOCK: usize = 32;

/// Longest key of any list; the emitter asserts it.
pub(super) const MAX_KEY: usize = 32;

/// A list, read where it lies.
pub(super) struct List {
    bytes: &'static [u8],
    has_values: bool,
}

/// An entry that was found.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// How many entries come before it.
    pub(super) index: usize,
    /// Its value, 0 in a list without values.
    pub(super) value: u32,
}

impl List {
    /// A list of keys.
    pub(super) const fn of_keys(bytes: &'static [u8]) -> List {
        List { bytes, has_values: false }
    }

    /// A list of keys with values.
    pub(super) const fn of_values(bytes: &'static [u8]) -> List {
        List { bytes, has_values: true }
    }

    /// How many entries there are.
    pub(super) const fn len(&self) -> usize {
        number(self.bytes, 0)
    }

    /// The entry of a key.
    pub(super) fn find(&self, key: &[u8]) -> Option<Entry> {
        // The block that would have the key is the last one that does not begin after it.
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

    /// Every entry's value.
    #[cfg(test)]
    pub(super) fn values(&self) -> impl Iterator<Item = u32> {
        (0..self.len().div_ceil(BLOCK)).flat_map(|block| {
            let mut cursor = self.block(block);
            core::iter::from_fn(move || cursor.step().then_some(cursor.entry.value))
        })
    }
}

/// A place in a block; `step` goes to the next entry.
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

/// The `at`th of the numbers that a list begins with.
const fn number(bytes: &[u8], at: usize) -> usize {
    let at = 4 * at;
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
}
