//! A set of the characters of the Basic Multilingual Plane, as a bitmap.

use alloc::vec::Vec;

use crate::pool::{Budget, Grow, Stop};

/// A bit for each character up to U+FFFF; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct Charmap {
    /// One block as long as no character above U+00FF was ever inserted, else all.
    words: Vec<u64>,
    /// How many words may hold a bit; those after them are zero.
    used: usize,
}

/// The characters of one block of a BIGCHARSET.
pub(super) const BLOCK: usize = 256;
/// The words of one block, here and in the code.
const BLOCK_WORDS: usize = BLOCK / 64;
const CODE_WORDS: usize = BLOCK / 32;
const WORDS: usize = 0x10000 / 64;
const BLOCKS: usize = WORDS / BLOCK_WORDS;

/// A run of characters: the first and the last.
pub(super) type Run = (u32, u32);

impl Charmap {
    /// Empties the set.
    #[inline]
    pub(super) fn clear(&mut self, budget: &mut Budget) -> Result<(), Stop> {
        self.words[..self.used].fill(0);
        self.used = 0;
        if self.words.is_empty() { self.resize(BLOCK_WORDS, budget) } else { Ok(()) }
    }

    /// Makes sure that a character can be inserted, and all before it.
    #[inline]
    pub(super) fn reach(&mut self, c: u32, budget: &mut Budget) -> Result<(), Stop> {
        if c as usize / 64 < self.words.len() { Ok(()) } else { self.resize(WORDS, budget) }
    }

    #[cold]
    fn resize(&mut self, words: usize, budget: &mut Budget) -> Result<(), Stop> {
        self.words.make_room(words - self.words.len(), budget)?;
        self.words.resize(words, 0);
        Ok(())
    }

    /// The bytes of memory that it holds.
    pub(super) fn bytes(&self) -> usize {
        self.words.bytes()
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
        self.words.get(c as usize / 64).is_some_and(|word| word & 1 << (c % 64) != 0)
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.used <= 2
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
        let after = self.find(first + 1, u64::MAX).unwrap_or(64 * self.used as u32);
        Some((first, after - 1))
    }

    /// The first character from `from` on that is in the set (`flip` 0) or is not (`flip` all ones), among those
    /// that may be.
    fn find(&self, from: u32, flip: u64) -> Option<u32> {
        let start = from as usize / 64;
        let mut mask = u64::MAX << (from % 64);
        for (index, &word) in self.words[..self.used].iter().enumerate().skip(start) {
            let found = (word ^ flip) & mask;
            if found != 0 {
                return Some(index as u32 * 64 + found.trailing_zeros());
            }
            mask = u64::MAX;
        }
        None
    }

    /// The bits of a block, in words of the code.
    pub(super) fn block(&self, block: usize) -> [u32; CODE_WORDS] {
        let words = self.block_words(block);
        core::array::from_fn(|n| (words[n / 2] >> (n % 2 * 32)) as u32)
    }

    fn block_words(&self, block: usize) -> [u64; BLOCK_WORDS] {
        let words = self.words.get(block * BLOCK_WORDS..).and_then(|words| words.first_chunk());
        words.copied().unwrap_or_default()
    }

    /// Numbers the different blocks in the order of their appearance: the number of each block, and the first
    /// block of each number.
    pub(super) fn distinct_blocks(&self) -> ([u8; BLOCKS], Distinct) {
        let mut numbers = [0; BLOCKS];
        let mut distinct = Distinct { blocks: [0; BLOCKS], len: 0 };
        let used = self.used.div_ceil(BLOCK_WORDS);
        let mut before = None;
        for block in 0..BLOCKS {
            let words = self.block_words(block);
            let number = match before {
                // Neighbours are often alike.
                Some((number, other)) if other == words => number,
                _ => distinct.number(block as u8, |b| self.block_words(b as usize) == words),
            };
            if block >= used {
                // From here on all are empty.
                numbers[block..].fill(number);
                break;
            }
            numbers[block] = number;
            before = Some((number, words));
        }
        (numbers, distinct)
    }
}

/// Blocks of which no two are alike.
pub(super) struct Distinct {
    blocks: [u8; BLOCKS],
    len: usize,
}

impl Distinct {
    /// The number of a block: that of the one that is like it, or a new one.
    fn number(&mut self, block: u8, is_like: impl Fn(u8) -> bool) -> u8 {
        if let Some(known) = self.as_slice().iter().position(|&other| is_like(other)) {
            return known as u8;
        }
        self.blocks[self.len] = block;
        self.len += 1;
        (self.len - 1) as u8
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.blocks[..self.len]
    }
}
