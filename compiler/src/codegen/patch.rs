//! Positions in the code, and insertions into code that has already been emitted.
//!
//! Some instructions stand before the items they apply to, but become known only after these: a
//! quantifier follows its item, and a `|` reveals that a branch began earlier. The instruction is
//! then inserted. `(ab)*|c` grows like this, one line for each step:
//!
//! ```text
//! (ab)                   MARK 0 · LITERAL a · LITERAL b · MARK 1
//! *           REPEAT 11 0 MAX · MARK 0 ····· MARK 1 · MAX_UNTIL           4 words inserted at 0
//! |           REPEAT 11 0 MAX · ······ · MAX_UNTIL · JUMP _ · FAILURE
//! c           REPEAT 11 0 MAX · ······ · MAX_UNTIL · JUMP _ · FAILURE · LITERAL c
//! end  BRANCH 16 · REPEAT ·········· · JUMP 7 · 5 · LITERAL c · JUMP 2 · FAILURE
//!                                                                         2 words inserted at 0
//! ```
//!
//! A JUMP and a FAILURE end each alternative. When the branch is complete, its distances are filled
//! in from back to front, and each FAILURE but the last becomes the distance to the end of the next
//! alternative.
//!
//! Few words are moved at once (`insert.rs`). Where they are many, the insertion becomes a
//! [`Patch`], and all patches are applied in one pass when the code is copied into the program.
//! Nested items are therefore not moved once per level, and the whole stays linear.
//!
//! Three invariants make this sound:
//!
//! - *Insertions are nested.* Words are inserted only at the start of the innermost item that is
//!   still incomplete, and that item extends to the end of the code. Every [`CodePos`] that is used
//!   later is at or before that index, so its own index stays valid.
//! - *Moved words carry no patch.* Words are moved at once only if no pending patch lies at or
//!   after the insertion. The indices of pending patches therefore stay valid as well.
//! - *At one index, the later patch comes first.* Of two insertions at the same index the later one
//!   belongs to the outer item, so its words precede those of the earlier one.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::origin::OriginRef;
use crate::memory::{Abort, Budget, TryVecExt};

/// A pending change before the word at an index: words that follow are deleted, others inserted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patch {
    pub at: u32,
    /// The position in the order in which patches were added.
    pub seq: u32,
    pub delete: u32,
    pub insert: [u32; MAX_PATCH],
    pub length: u8,
    /// The origin of the inserted instruction.
    pub origin: OriginRef,
}

/// The most words that one patch inserts.
pub(super) const MAX_PATCH: usize = 4;

/// The pending changes.
#[derive(Debug, Default)]
pub(super) struct Patches {
    list: Vec<Patch>,
    /// By how many words all patches together lengthen the code; wraps around below zero.
    pub delta: u32,
    /// The index after that of the last patch.
    pub end: u32,
}

/// A position in the code: an index, and how many words the patches before it will add.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CodePos {
    pub(super) at: u32,
    pub(super) delta: u32,
}

impl CodePos {
    pub(crate) const START: CodePos = CodePos { at: 0, delta: 0 };

    /// Returns the position `words` earlier. No patch may lie in between.
    #[inline]
    pub(crate) fn minus(self, words: u32) -> CodePos {
        CodePos { at: self.at - words, delta: self.delta }
    }

    #[inline]
    pub(super) fn index(self) -> usize {
        self.at as usize
    }

    /// Returns the distance in words from an earlier position, with all patches applied.
    #[inline]
    pub(super) fn distance_from(self, earlier: CodePos) -> u32 {
        (self.at - earlier.at).wrapping_add(self.delta.wrapping_sub(earlier.delta))
    }
}

/// Where words are in the program that [`Patches::apply`] makes.
pub(super) enum Moved {
    /// The words from `from` to `to` begin at `now`.
    Code { from: usize, to: usize, now: usize },
    /// An inserted instruction begins at `now`.
    Inserted { origin: OriginRef, now: usize },
}

impl Patches {
    /// Removes all patches and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.delta = 0;
        self.end = 0;
    }

    /// Returns the number of bytes allocated.
    pub(super) fn bytes(&self) -> usize {
        self.list.bytes()
    }

    pub(super) fn add(&mut self, patch: Patch, budget: &mut Budget) -> Result<(), Abort> {
        self.delta = self.delta.wrapping_add(u32::from(patch.length)).wrapping_sub(patch.delete);
        self.end = self.end.max(patch.at + 1);
        self.list.try_push(Patch { seq: self.list.len() as u32, ..patch }, budget)
    }

    /// Appends `code` to `out` with all patches applied, and reports to `moved` where its parts and
    /// the inserted instructions are now.
    pub(super) fn apply(
        &mut self,
        code: &[u32],
        out: &mut Vec<u32>,
        budget: &mut Budget,
        mut moved: impl FnMut(Moved, &mut Budget) -> Result<(), Abort>,
    ) -> Result<(), Abort> {
        self.list.sort_unstable_by_key(|patch| (patch.at, Reverse(patch.seq)));
        let mut from = 0;
        for patch in &self.list {
            let to = patch.at as usize;
            moved(Moved::Code { from, to, now: out.len() }, budget)?;
            out.try_extend(&code[from..to], budget)?;
            if patch.length > 0 {
                moved(Moved::Inserted { origin: patch.origin, now: out.len() }, budget)?;
            }
            out.try_extend(&patch.insert[..usize::from(patch.length)], budget)?;
            from = to + patch.delete as usize;
        }
        moved(Moved::Code { from, to: code.len(), now: out.len() }, budget)?;
        out.try_extend(&code[from..], budget)
    }
}
