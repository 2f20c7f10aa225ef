//! The distinct blocks of a bitmap, for BIGCHARSET.

use super::bitmap::{BLOCK_WORDS, BLOCKS, BmpBitmap};

impl BmpBitmap {
    /// Numbers the distinct blocks in the order of their first occurrence. Returns the number of
    /// each block, and the distinct blocks.
    pub(crate) fn distinct_blocks(&self) -> ([u8; BLOCKS], Distinct) {
        let mut numbers = [0; BLOCKS];
        let mut distinct = Distinct { blocks: [0; BLOCKS], keys: [0; BLOCKS], len: 0 };
        let mut before = None;
        let mut any_unmarked = false;
        let mut block = 0;
        while block < BLOCKS {
            if !any_unmarked && !self.may_hold(block) {
                // The first block that is certainly empty. Its number is also that of the following
                // blocks, except for those that the rest of the loop visits.
                any_unmarked = true;
                numbers[block..].fill(distinct.number(block as u8, &[0; BLOCK_WORDS], self));
            }
            if any_unmarked {
                let Some(next) = self.next_block(block) else { break };
                block = next;
            }
            let words = self.block_words(block);
            let number = match before {
                // Neighbouring blocks are often equal.
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

/// Blocks no two of which are equal.
pub(crate) struct Distinct {
    blocks: [u8; BLOCKS],
    /// A hash of each block, to compare most blocks in one step.
    keys: [u32; BLOCKS],
    len: usize,
}

impl Distinct {
    /// Returns the number of the block that equals `words`, which is `block` itself if there was
    /// none.
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
