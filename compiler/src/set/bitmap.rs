//! A bitmap of the characters up to U+FFFF.
//!
//! It is filled while a set is parsed, which shows for most items that they are not repeated, and
//! it is used again when the set is emitted.

use alloc::vec::Vec;

use super::runs::{Runs, few_runs_of_ascii, few_runs_of_words, without_lowest};
use crate::memory::{Abort, Budget, TryVecExt};

/// A bit for each character up to U+FFFF. Its memory is reused from one set to the next.
#[derive(Debug, Default)]
pub(crate) struct BmpBitmap {
    /// The first block. Most sets have no character beyond it.
    latin1: [u64; BLOCK_WORDS],
    /// Empty until a character above U+00FF is inserted, then of full length. The words of the
    /// first block are not used.
    words: Vec<u64>,
    /// A bit for each further block into which a character was inserted. Few sets have more than
    /// one or two such blocks. Removing a character leaves the bit set, which only costs a look at
    /// the block.
    marked: [u64; BLOCKS / 64],
    /// Whether any bit of `marked` is set.
    has_blocks: bool,
}

pub(crate) const LAST_OF_ASCII: u32 = 0x7f;
/// The last character that a bitmap can hold.
pub(crate) const LAST_OF_BMP: u32 = 0xffff;
/// The number of characters in a block of BIGCHARSET.
pub(super) const BLOCK: usize = 256;
/// The number of words in a block, here and in the code.
pub(super) const BLOCK_WORDS: usize = BLOCK / 64;
pub(super) const CODE_WORDS: usize = BLOCK / 32;
const WORDS: usize = 0x10000 / 64;
pub(super) const BLOCKS: usize = WORDS / BLOCK_WORDS;

impl BmpBitmap {
    /// Removes all characters.
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.latin1 = [0; BLOCK_WORDS];
        if self.has_blocks {
            self.clear_blocks();
        }
    }

    fn clear_blocks(&mut self) {
        self.has_blocks = false;
        for (index, blocks) in self.marked.iter_mut().enumerate() {
            while *blocks != 0 {
                let block = index * 64 + blocks.trailing_zeros() as usize;
                self.words[block * BLOCK_WORDS..][..BLOCK_WORDS].fill(0);
                *blocks &= *blocks - 1;
            }
        }
    }

    /// Returns whether the set has a letter of ASCII.
    #[inline]
    pub(crate) fn has_ascii_letters(&self) -> bool {
        const LETTERS: u64 = 0x07ff_fffe_07ff_fffe;
        self.latin1[1] & LETTERS != 0
    }

    /// Ensures that all characters up to `c` can be inserted.
    #[inline]
    pub(crate) fn reserve(&mut self, c: u32, budget: &mut Budget) -> Result<(), Abort> {
        if c < BLOCK as u32 || !self.words.is_empty() { Ok(()) } else { self.grow(budget) }
    }

    #[cold]
    fn grow(&mut self, budget: &mut Budget) -> Result<(), Abort> {
        self.words.ensure_spare(WORDS, budget)?;
        self.words.resize(WORDS, 0);
        Ok(())
    }

    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.words.bytes()
    }

    /// Inserts a character. Returns whether it was present.
    #[inline(always)]
    pub(crate) fn insert(&mut self, c: u32, budget: &mut Budget) -> Result<bool, Abort> {
        let index = c as usize / 64;
        let word = match self.latin1.get_mut(index) {
            Some(word) => word,
            None => {
                if index >= self.words.len() {
                    self.grow(budget)?;
                }
                self.mark_block(c as usize / BLOCK);
                &mut self.words[index]
            }
        };
        let bit = 1 << (c % 64);
        let was_there = *word & bit != 0;
        *word |= bit;
        Ok(was_there)
    }

    /// Removes a character. Returns whether it was present.
    #[inline]
    pub(crate) fn remove(&mut self, c: u32) -> bool {
        let index = c as usize / 64;
        let word = match self.latin1.get_mut(index) {
            Some(word) => word,
            None => &mut self.words[index],
        };
        let was_there = *word & 1 << (c % 64) != 0;
        *word &= !(1 << (c % 64));
        was_there
    }

    pub(crate) fn contains(&self, c: u32) -> bool {
        let word = c as usize / 64;
        let word = self.latin1.get(word).or_else(|| self.words.get(word));
        word.is_some_and(|word| word & 1 << (c % 64) != 0)
    }

    /// Inserts the characters from `first` to `last`, for which memory is reserved. Returns whether
    /// `first` was present.
    #[inline]
    pub(crate) fn insert_range(&mut self, first: u32, last: u32) -> bool {
        if first / 64 != last / 64 {
            let was_there = self.contains(first);
            self.insert_far_range(first, last);
            return was_there;
        }
        let index = first as usize / 64;
        let word = match self.latin1.get_mut(index) {
            Some(word) => word,
            None => {
                self.mark_block(first as usize / BLOCK);
                &mut self.words[index]
            }
        };
        let was_there = *word & 1 << (first % 64) != 0;
        *word |= u64::MAX << (first % 64) & u64::MAX >> (63 - last % 64);
        was_there
    }

    /// Inserts an ASCII character. Returns whether it was present.
    #[inline(always)]
    pub(crate) fn insert_ascii(&mut self, c: u32) -> bool {
        let [low, high, ..] = &mut self.latin1;
        let word = if c < 64 { low } else { high };
        let bit = 1 << (c % 64);
        let was_there = *word & bit != 0;
        *word |= bit;
        was_there
    }

    /// Inserts a range of ASCII characters. Returns whether `first` was present.
    #[inline(always)]
    pub(crate) fn insert_ascii_range(&mut self, first: u32, last: u32) -> bool {
        let [low, high, ..] = &mut self.latin1;
        let before = if first < 64 { *low } else { *high };
        let from_first = u64::MAX << (first % 64);
        let to_last = u64::MAX >> (63 - last % 64);
        match (first < 64, last < 64) {
            (true, true) => *low |= from_first & to_last,
            (false, _) => *high |= from_first & to_last,
            (true, false) => {
                *low |= from_first;
                *high |= to_last;
            }
        }
        before & 1 << (first % 64) != 0
    }

    #[inline(never)]
    fn insert_far_range(&mut self, first: u32, last: u32) {
        if first < BLOCK as u32 {
            insert_range(&mut self.latin1, first, last.min(BLOCK as u32 - 1));
        }
        if last >= BLOCK as u32 {
            let first = first.max(BLOCK as u32);
            insert_range(&mut self.words, first, last);
            (first as usize / BLOCK..=last as usize / BLOCK).for_each(|block| self.mark_block(block));
        }
    }

    /// Replaces the ASCII capital letters by their lower case.
    pub(crate) fn lower_ascii(&mut self) {
        const CAPITALS: u64 = 0x07ff_fffe;
        let letters = &mut self.latin1[1];
        *letters = *letters & !CAPITALS | (*letters & CAPITALS) << 32;
    }

    #[inline]
    fn mark_block(&mut self, block: usize) {
        self.marked[block / 64] |= 1 << (block % 64);
        self.has_blocks = true;
    }

    #[inline]
    pub(super) fn may_hold(&self, block: usize) -> bool {
        block == 0 || self.marked[block / 64] & 1 << (block % 64) != 0
    }

    /// Returns the first and the last character of the next blocks in a row that may have
    /// characters, from `c` on.
    pub(crate) fn next_span(&self, c: u32) -> Option<(u32, u32)> {
        let first = self.next_block(c as usize / BLOCK).filter(|_| c <= LAST_OF_BMP)?;
        let end = (first + 1..BLOCKS).find(|&block| !self.may_hold(block)).unwrap_or(BLOCKS);
        Some((c.max((first * BLOCK) as u32), (end * BLOCK - 1) as u32))
    }

    /// Returns whether the set has any character from `first` to `last`.
    pub(crate) fn contains_any(&self, first: u32, last: u32) -> bool {
        self.next_member(first).is_some_and(|item| item <= last)
    }

    /// Returns the next block that may have characters.
    #[inline]
    pub(super) fn next_block(&self, block: usize) -> Option<usize> {
        if block == 0 {
            return Some(0);
        }
        let mut mask = u64::MAX << (block % 64);
        for (index, &bits) in self.marked.iter().enumerate().skip(block / 64) {
            if bits & mask != 0 {
                return Some(index * 64 + (bits & mask).trailing_zeros() as usize);
            }
            mask = u64::MAX;
        }
        None
    }

    /// Returns whether all characters are in ASCII.
    pub(crate) fn is_ascii(&self) -> bool {
        !self.exceeds_latin1() && self.latin1[2..] == [0; 2]
    }

    /// Returns whether the set has a character above U+00FF.
    #[inline]
    pub(crate) fn exceeds_latin1(&self) -> bool {
        self.has_blocks && self.next_member(BLOCK as u32).is_some()
    }

    /// Returns the number of runs, if there are at most two.
    #[inline(always)]
    pub(crate) fn count_few_runs(&self) -> Option<usize> {
        let Some(bits) = self.ascii() else { return self.few_runs().map(|runs| runs.len) };
        let first = bits & !(bits << 1);
        let second = without_lowest(first);
        let few = usize::from(first != 0) + usize::from(second != 0);
        (without_lowest(second) == 0).then_some(few)
    }

    /// Returns the bits of the ASCII characters, if there are no other characters and no other
    /// block was ever marked.
    #[inline(always)]
    pub(crate) fn ascii(&self) -> Option<u128> {
        match self.latin1 {
            [low, high, 0, 0] if !self.has_blocks => Some(u128::from(low) | u128::from(high) << 64),
            _ => None,
        }
    }

    /// Returns the runs, if there are at most two.
    pub(crate) fn few_runs(&self) -> Option<Runs> {
        self.ascii().map_or_else(|| self.few_runs_beyond_ascii(), few_runs_of_ascii)
    }

    fn few_runs_beyond_ascii(&self) -> Option<Runs> {
        if !self.exceeds_latin1() {
            return few_runs_of_words(self.latin1);
        }
        let mut few = Runs::default();
        let mut from = 0;
        while let Some(first) = self.next_member(from) {
            let after = self.next_gap(first);
            *few.runs.get_mut(few.len)? = (first, after - 1);
            few.len += 1;
            from = after;
        }
        Some(few)
    }

    /// Returns the first character of the set from `from` on.
    fn next_member(&self, from: u32) -> Option<u32> {
        let mut at = from as usize;
        while let Some(block) = self.next_block(at / BLOCK) {
            at = at.max(block * BLOCK);
            if let Some(bit) = first_bit(*self.block_words(block), at % BLOCK) {
                return Some((block * BLOCK + bit) as u32);
            }
            at = (block + 1) * BLOCK;
        }
        None
    }

    /// Returns the first character after `from`, a character of the set, that is not in the set.
    fn next_gap(&self, from: u32) -> u32 {
        let mut at = from as usize;
        while at < BLOCKS * BLOCK {
            let block = at / BLOCK;
            if let Some(bit) = first_bit(self.block_words(block).map(|word| !word), at % BLOCK) {
                return (block * BLOCK + bit) as u32;
            }
            at = (block + 1) * BLOCK;
        }
        at as u32
    }

    /// Returns the bits of a block in words of the code.
    pub(crate) fn block(&self, block: usize) -> [u32; CODE_WORDS] {
        let words = self.block_words(block);
        core::array::from_fn(|n| (words[n / 2] >> (n % 2 * 32)) as u32)
    }

    #[inline]
    pub(super) fn block_words(&self, block: usize) -> &[u64; BLOCK_WORDS] {
        if block == 0 {
            return &self.latin1;
        }
        self.words.as_chunks().0.get(block).unwrap_or(&[0; BLOCK_WORDS])
    }
}

fn insert_range(words: &mut [u64], first: u32, last: u32) {
    let (start, end) = (first as usize / 64, last as usize / 64);
    let from_first = u64::MAX << (first % 64);
    let to_last = u64::MAX >> (63 - last % 64);
    if start == end {
        words[start] |= from_first & to_last;
    } else {
        words[start] |= from_first;
        words[start + 1..end].fill(u64::MAX);
        words[end] |= to_last;
    }
}

/// Returns the index of the first set bit from `from` on.
#[inline]
fn first_bit(words: [u64; BLOCK_WORDS], from: usize) -> Option<usize> {
    let mut mask = u64::MAX << (from % 64);
    for (index, word) in words.into_iter().enumerate().skip(from / 64) {
        if word & mask != 0 {
            return Some(index * 64 + (word & mask).trailing_zeros() as usize);
        }
        mask = u64::MAX;
    }
    None
}
