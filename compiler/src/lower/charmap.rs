//! A set of the characters of the Basic Multilingual Plane, as a bitmap.

use alloc::vec::Vec;

use crate::error::{ErrorKind, Raise};

/// A bit for each character up to U+FFFF; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct Charmap {
    words: Vec<u64>,
    /// How many words may hold a bit; those after them are zero.
    used: usize,
}

/// The characters of one block of a BIGCHARSET.
pub(super) const BLOCK: usize = 256;
/// The words of one block.
const BLOCK_WORDS: usize = BLOCK / 64;
const WORDS: usize = 0x10000 / 64;

/// A run of characters: the first and the last.
pub(super) type Run = (u32, u32);

impl Charmap {
    /// Empties the set.
    pub(super) fn clear(&mut self) -> Result<(), Raise> {
        if self.words.is_empty() {
            self.words.try_reserve_exact(WORDS).map_err(|_| Raise::plain(ErrorKind::OutOfMemory))?;
            self.words.resize(WORDS, 0);
        }
        self.words[..self.used].fill(0);
        self.used = 0;
        Ok(())
    }

    #[inline]
    pub(super) fn insert(&mut self, c: u32) {
        let word = c as usize / 64;
        self.words[word] |= 1 << (c % 64);
        self.used = self.used.max(word + 1);
    }

    pub(super) fn remove(&mut self, c: u32) {
        self.words[c as usize / 64] &= !(1 << (c % 64));
    }

    pub(super) fn contains(&self, c: u32) -> bool {
        self.words[c as usize / 64] & 1 << (c % 64) != 0
    }

    pub(super) fn insert_range(&mut self, first: u32, last: u32) {
        let (start, end) = (first as usize / 64, last as usize / 64);
        let from_first = u64::MAX << (first % 64);
        let to_last = u64::MAX >> (63 - last % 64);
        if start == end {
            self.words[start] |= from_first & to_last;
        } else {
            self.words[start] |= from_first;
            self.words[start + 1..end].fill(u64::MAX);
            self.words[end] |= to_last;
        }
        self.used = self.used.max(end + 1);
    }

    /// Does it hold a character above U+00FF?
    pub(super) fn exceeds_latin1(&self) -> bool {
        self.words[..self.used].iter().skip(BLOCK_WORDS).any(|&word| word != 0)
    }

    /// The first run of characters that starts at `from` or later.
    pub(super) fn run_from(&self, from: u32) -> Option<Run> {
        let first = self.find(from, 0)?;
        let after = self.find(first + 1, u64::MAX).unwrap_or(0x10000);
        Some((first, after - 1))
    }

    /// The first character from `from` on that is in the set (`flip` 0) or is not (`flip` all ones).
    fn find(&self, from: u32, flip: u64) -> Option<u32> {
        let start = from as usize / 64;
        // After the words in use comes nothing of the set, at once.
        let end = if flip == 0 { self.used } else { WORDS };
        let mut mask = u64::MAX << (from % 64);
        for (index, &word) in self.words[..end].iter().enumerate().skip(start) {
            let found = (word ^ flip) & mask;
            if found != 0 {
                return Some(index as u32 * 64 + found.trailing_zeros());
            }
            mask = u64::MAX;
        }
        None
    }

    /// The bits of a block, in 32-bit words.
    pub(super) fn block(&self, block: usize) -> impl Iterator<Item = u32> + '_ {
        self.block_words(block).iter().flat_map(|&word| [word as u32, (word >> 32) as u32])
    }

    fn block_words(&self, block: usize) -> &[u64] {
        &self.words[block * BLOCK_WORDS..][..BLOCK_WORDS]
    }

    /// Numbers the different blocks in the order of their appearance: the number of each block, and the first
    /// block of each number.
    pub(super) fn distinct_blocks(&self) -> ([u8; 256], Vec256) {
        let mut numbers = [0; 256];
        let mut distinct = Vec256 { items: [0; 256], len: 0 };
        for block in 0..256 {
            let words = self.block_words(block);
            // Neighbours are often alike.
            let number = match block {
                1.. if words == self.block_words(block - 1) => numbers[block - 1],
                _ => match distinct.as_slice().iter().position(|&b| self.block_words(b as usize) == words) {
                    Some(known) => known as u8,
                    None => distinct.push(block as u8),
                },
            };
            numbers[block] = number;
        }
        (numbers, distinct)
    }
}

/// At most 256 numbers.
pub(super) struct Vec256 {
    items: [u8; 256],
    len: usize,
}

impl Vec256 {
    fn push(&mut self, item: u8) -> u8 {
        self.items[self.len] = item;
        self.len += 1;
        (self.len - 1) as u8
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.items[..self.len]
    }
}
