//! Inserting words into the code, at once or as a patch; see [`patch`](super::patch).

use super::emitter::Emitter;
use super::patch::{CodePos, MAX_PATCH, Patch};
use crate::memory::Abort;

/// The most words that an insertion moves at once.
const INLINE_MOVE_MAX: usize = 256;

impl Emitter {
    /// Returns the position of the next word.
    #[inline]
    pub(crate) fn here(&self) -> CodePos {
        CodePos { at: self.code.len() as u32, delta: self.patches.delta }
    }

    /// Returns whether the words from `at` on are few enough to be moved, and no patch or origin
    /// refers to them.
    #[inline]
    fn is_near(&self, at: usize) -> bool {
        self.code.len() - at <= INLINE_MOVE_MAX && at >= self.patches.end as usize && !self.records_origins
    }

    /// Inserts an instruction of the current item before the word at an index.
    #[inline]
    pub(super) fn insert<const N: usize>(&mut self, at: usize, words: [u32; N]) -> Result<(), Abort> {
        self.prefix_info.insert(at);
        if self.is_near(at) {
            let end = self.code.len();
            self.emit_words(words)?;
            self.code.copy_within(at..end, at + N);
            self.code[at..at + N].copy_from_slice(&words);
            return Ok(());
        }
        self.insert_later(at, &words)
    }

    #[cold]
    #[inline(never)]
    fn insert_later(&mut self, at: usize, words: &[u32]) -> Result<(), Abort> {
        let mut insert = [0; MAX_PATCH];
        insert[..words.len()].copy_from_slice(words);
        let length = words.len() as u8;
        let patch = Patch { at: at as u32, seq: 0, delete: 0, insert, length, origin: self.origin };
        self.patches.add(patch, &mut self.budget)
    }

    /// Deletes the first `words` words of each stretch of code except the first one. The stretches
    /// begin at `starts`, and the last one ends with the code.
    pub(super) fn delete_from_each(
        &mut self,
        starts: impl Iterator<Item = usize> + Clone,
        words: u32,
    ) -> Result<(), Abort> {
        let mut starts = starts.skip(1).peekable();
        let Some(&first) = starts.peek() else { return Ok(()) };
        if !self.is_near(first) {
            return starts.try_for_each(|at| {
                let (insert, origin) = ([0; MAX_PATCH], self.origin);
                let patch = Patch { at: at as u32, seq: 0, delete: words, insert, length: 0, origin };
                self.patches.add(patch, &mut self.budget)
            });
        }
        let mut to = first;
        while let Some(start) = starts.next() {
            let from = start + words as usize;
            let end = starts.peek().copied().unwrap_or(self.code.len());
            self.code.copy_within(from..end, to);
            to += end - from;
        }
        self.code.truncate(to);
        Ok(())
    }
}
