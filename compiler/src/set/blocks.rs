//! The different blocks of a bitmap, for BIGCHARSET.

use super::bitmap::{BLOCK_WORDS, BLOCKS, BmpBitmap};

impl BmpBitmap {
    /// Numbers the different blocks in the order of their appearance: the number of each block, and the first
    /// block of each number.
    pub(crate) fn distinct_blocks(&self) -> ([u8; BLOCKS], Distinct) {
        let mut numbers = [0; BLOCKS];
        let mut distinct = Distinct { blocks: [0; BLOCKS], keys: [0; BLOCKS], len: 0 };
        let mut before = None;
        let mut any_unmarked = false;
        let mut block = 0;
        while block < BLOCKS {
            if !any_unmarked && !self.may_hold(block) {
                // The first one that is surely empty; unless another is found from here on, all are.
                any_unmarked = true;
                numbers[block..].fill(distinct.number(block as u8, &[0; BLOCK_WORDS], self));
            }
            if any_unmarked {
                let Some(next) = self.next_block(block) else { break };
                block = next;
            }
            let words = self.block_words(block);
            let number = match before {
                // Neighbours are often alike.
                Some((number, other)) if other == words => number,
                _ => distinct.number(block as u8, words, self),
            };
            numbers[block] = number;
            before = Some((number, words));
            block += 1;
        }
        (numbers, distinct)
    }
}

/// Blocks of which no two are alike.
pub(crate) struct Distinct {
    blocks: [u8; BLOCKS],
    /// For each a number that differs from those of most others.
    keys: [u32; BLOCKS],
    len: usize,
}

impl Distinct {
    /// The number of a block with these words: that of the one that is like it, or a new one.
    fn number(&mut self, block: u8, words: &[u64; BLOCK_WORDS], bitmap: &BmpBitmap) -> u8 {
        let key = key(words);
        let mut known = self.keys[..self.len].iter().zip(&self.blocks);
        let is_like =
            |(&other, &block): (&u32, &u8)| other == key && bitmap.block_words(block.into()) == words;
        if let Some(known) = known.position(is_like) {
            return known as u8;
        }
        (self.blocks[self.len], self.keys[self.len]) = (block, key);
        self.len += 1;
        (self.len - 1) as u8
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.blocks[..self.len]
    }
}

fn key(words: &[u64; BLOCK_WORDS]) -> u32 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = words.iter().fold(0, |mixed: u64, &word| (mixed.rotate_left(5) ^ word).wrapping_mul(ODD));
    (mixed >> 32) as u32
}
