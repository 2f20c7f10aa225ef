//! Putting words into code that is there already.
//!
//! What comes before an item is known only after it: a quantifier follows what it repeats, and a `|` tells that a branch
//! began. Few words are moved at once. Where they are many, what to do is noted, and done when the code is copied into
//! the program, so that nested items are not moved again and again.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{Generator, Owner};
use crate::pool::{Budget, Grow, Stop};

/// What is to be done before the word at an index: words are left out, others put in.
#[derive(Clone, Copy, Debug)]
struct Edit {
    at: u32,
    /// Edits of the same place are done in the reverse order of their making: the outer items' come later.
    made: u32,
    delete: u32,
    insert: [u32; MOST],
    length: u8,
    /// What the inserted instruction belongs to.
    owner: Owner,
}

/// The most words that are put in at once.
const MOST: usize = 4;

/// The most words that are moved at once.
const NEAR: usize = 256;

/// What is still to be done.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    list: Vec<Edit>,
    /// By how many words they make the code longer; it wraps around.
    delta: u32,
    /// The place after the last one.
    end: u32,
}

/// An index of the code, and what the edits so far, all of them before it, will add to that.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Here {
    at: u32,
    delta: u32,
}

impl Here {
    /// So many words before, between which and this no edit is.
    #[inline]
    pub(crate) fn back(self, words: u32) -> Here {
        Here { at: self.at - words, delta: self.delta }
    }

    #[inline]
    pub(super) fn index(self) -> usize {
        self.at as usize
    }

    /// How many words there will be between an earlier place and this one.
    #[inline]
    pub(super) fn since(self, earlier: Here) -> u32 {
        (self.at - earlier.at).wrapping_add(self.delta.wrapping_sub(earlier.delta))
    }
}

impl Edits {
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.delta = 0;
        self.end = 0;
    }

    pub(super) fn bytes(&self) -> usize {
        self.list.bytes()
    }

    fn add(&mut self, edit: Edit, budget: &mut Budget) -> Result<(), Stop> {
        self.delta = self.delta.wrapping_add(u32::from(edit.length)).wrapping_sub(edit.delete);
        self.end = self.end.max(edit.at + 1);
        self.list.try_push(Edit { made: self.list.len() as u32, ..edit }, budget)
    }

    /// Copies code and does what was noted; tells of each inserted instruction where it is and what it belongs to, and of
    /// each stretch of code where it was and where it is now.
    pub(super) fn apply(
        &mut self,
        code: &[u32],
        out: &mut Vec<u32>,
        budget: &mut Budget,
        mut moved: impl FnMut(Moved, &mut Budget) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        self.list.sort_unstable_by_key(|edit| (edit.at, Reverse(edit.made)));
        let mut from = 0;
        for edit in &self.list {
            let to = edit.at as usize;
            moved(Moved::Code { from, to, now: out.len() }, budget)?;
            out.try_extend(&code[from..to], budget)?;
            if edit.length > 0 {
                moved(Moved::Inserted { owner: edit.owner, now: out.len() }, budget)?;
            }
            out.try_extend(&edit.insert[..usize::from(edit.length)], budget)?;
            from = to + edit.delete as usize;
        }
        moved(Moved::Code { from, to: code.len(), now: out.len() }, budget)?;
        out.try_extend(&code[from..], budget)
    }
}

/// Where something has got to in the program.
pub(super) enum Moved {
    Code { from: usize, to: usize, now: usize },
    Inserted { owner: Owner, now: usize },
}

impl Generator {
    /// Where the next word will be.
    #[inline]
    pub(crate) fn here(&self) -> Here {
        Here { at: self.code.len() as u32, delta: self.edits.delta }
    }

    /// Are the words from there on few enough to be moved? None are where there is an edit, or an origin is noted.
    #[inline]
    fn is_near(&self, at: usize) -> bool {
        self.code.len() - at <= NEAR && at >= self.edits.end as usize && !self.records_marks
    }

    /// Puts an instruction of the current item before the word at an index.
    #[inline]
    pub(super) fn insert<const N: usize>(&mut self, at: usize, words: [u32; N]) -> Result<(), Stop> {
        self.beginning.insert(at);
        if self.is_near(at) {
            let end = self.code.len();
            self.words(words)?;
            self.code.copy_within(at..end, at + N);
            self.code[at..at + N].copy_from_slice(&words);
            return Ok(());
        }
        self.insert_later(at, &words)
    }

    #[cold]
    #[inline(never)]
    fn insert_later(&mut self, at: usize, words: &[u32]) -> Result<(), Stop> {
        let mut insert = [0; MOST];
        insert[..words.len()].copy_from_slice(words);
        let length = words.len() as u8;
        let edit = Edit { at: at as u32, made: 0, delete: 0, insert, length, owner: self.owner };
        self.edits.add(edit, &mut self.budget)
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
                let (insert, owner) = ([0; MOST], self.owner);
                let edit = Edit { at: at as u32, made: 0, delete: words, insert, length: 0, owner };
                self.edits.add(edit, &mut self.budget)
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
