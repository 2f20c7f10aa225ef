//! Putting words into code that is there already: at once, or later.

use super::emitter::Emitter;
use super::patch::{CodePos, MAX_PATCH, Patch};
use crate::memory::Stop;

/// The most words that are moved at once.
const INLINE_MOVE_MAX: usize = 256;

impl Emitter {
    /// Where the next word will be.
    #[inline]
    pub(crate) fn here(&self) -> CodePos {
        CodePos { at: self.code.len() as u32, delta: self.patches.delta }
    }

    /// Are the words from there on few enough to be moved? None are where there is an edit, or an origin is noted.
    #[inline]
    fn is_near(&self, at: usize) -> bool {
        self.code.len() - at <= INLINE_MOVE_MAX && at >= self.patches.end as usize && !self.records_origins
    }

    /// Puts an instruction of the current item before the word at an index.
    #[inline]
    pub(super) fn insert<const N: usize>(&mut self, at: usize, words: [u32; N]) -> Result<(), Stop> {
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
    fn insert_later(&mut self, at: usize, words: &[u32]) -> Result<(), Stop> {
        let mut insert = [0; MAX_PATCH];
        insert[..words.len()].copy_from_slice(words);
        let length = words.len() as u8;
        let edit = Patch { at: at as u32, seq: 0, delete: 0, insert, length, owner: self.owner };
        self.patches.add(edit, &mut self.budget)
    }

    /// Takes out the first words of each stretch but the first one; they begin at the indices given, and the last one ends
    /// where the code does.
    pub(super) fn delete_from_each(
        &mut self,
        starts: impl Iterator<Item = usize> + Clone,
        words: u32,
    ) -> Result<(), Stop> {
        let mut starts = starts.skip(1).peekable();
        let Some(&first) = starts.peek() else { return Ok(()) };
        if !self.is_near(first) {
            return starts.try_for_each(|at| {
                let (insert, owner) = ([0; MAX_PATCH], self.owner);
                let edit = Patch { at: at as u32, seq: 0, delete: words, insert, length: 0, owner };
                self.patches.add(edit, &mut self.budget)
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
