//! Putting words into code that is there already.
//!
//! What comes before an item is known only after it: a quantifier follows what it repeats, and a `|` tells that a branch
//! began. Few words are moved at once. Where they are many, what to do is noted, and done when the code is copied into
//! the program, so that nested items are not moved again and again.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::origin::OriginRef;
use crate::memory::{Budget, Stop, TryVecExt};

/// What is to be done before the word at an index: words are left out, others put in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patch {
    pub(super) at: u32,
    /// Patches of the same place are done in the reverse order of their making: the outer items' come later.
    pub(super) seq: u32,
    pub(super) delete: u32,
    pub(super) insert: [u32; MAX_PATCH],
    pub(super) length: u8,
    /// What the inserted instruction belongs to.
    pub(super) owner: OriginRef,
}

/// The most words that are put in at once.
pub(super) const MAX_PATCH: usize = 4;

/// What is still to be done.
#[derive(Debug, Default)]
pub(crate) struct Patches {
    list: Vec<Patch>,
    /// By how many words they make the code longer; it wraps around.
    pub(super) delta: u32,
    /// The place after the last one.
    pub(super) end: u32,
}

/// An index of the code, and what the patches so far, all of them before it, will add to that.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CodePos {
    pub(super) at: u32,
    pub(super) delta: u32,
}

impl CodePos {
    /// So many words before, between which and this no edit is.
    #[inline]
    pub(crate) fn minus(self, words: u32) -> CodePos {
        CodePos { at: self.at - words, delta: self.delta }
    }

    #[inline]
    pub(super) fn index(self) -> usize {
        self.at as usize
    }

    /// How many words there will be between an earlier place and this one.
    #[inline]
    pub(super) fn distance_from(self, earlier: CodePos) -> u32 {
        (self.at - earlier.at).wrapping_add(self.delta.wrapping_sub(earlier.delta))
    }
}

impl Patches {
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.delta = 0;
        self.end = 0;
    }

    pub(super) fn bytes(&self) -> usize {
        self.list.bytes()
    }

    pub(super) fn add(&mut self, edit: Patch, budget: &mut Budget) -> Result<(), Stop> {
        self.delta = self.delta.wrapping_add(u32::from(edit.length)).wrapping_sub(edit.delete);
        self.end = self.end.max(edit.at + 1);
        self.list.try_push(Patch { seq: self.list.len() as u32, ..edit }, budget)
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
        self.list.sort_unstable_by_key(|edit| (edit.at, Reverse(edit.seq)));
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
    Inserted { owner: OriginRef, now: usize },
}
