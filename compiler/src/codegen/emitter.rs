//! The emitter, and emitting single words.

use alloc::vec::Vec;

use super::origin::{OriginMark, OriginRef};
use super::patch::{CodePos, Patches};
use super::prefix_info::PrefixInfo;
use crate::dialect::Rules;
use crate::memory::{Abort, Budget, TryVecExt};
use crate::opcode::Op;

/// The largest word. CPython: `MAXCODE`
pub(crate) const MAXCODE: u64 = u32::MAX as u64;

/// Emits code. Its memory is reused from one pattern to the next.
#[derive(Debug, Default)]
pub(crate) struct Emitter {
    pub(super) rules: &'static Rules,
    /// How much memory compiling may still take.
    pub budget: Budget,
    /// The code of the items; from [`write_info`](Emitter::write_info) on, the program.
    pub(super) code: Vec<u32>,
    pub(super) patches: Patches,
    pub(super) prefix_info: PrefixInfo,
    pub(super) records_origins: bool,
    pub(super) origin_marks: Vec<OriginMark>,
    /// The origin of what is emitted next.
    pub(super) origin: OriginRef,
    /// Where the last of the literals begins that were emitted with case ignored.
    pub(super) last_literal: CodePos,
}

impl Emitter {
    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.code.bytes() + self.patches.bytes() + self.origin_marks.bytes()
    }

    /// Sets the dialect, and whether origins are recorded, for the code that is emitted after the
    /// next [`clear`](Emitter::clear).
    pub(crate) fn begin(&mut self, rules: &'static Rules, record_origins: bool) {
        self.rules = rules;
        self.records_origins = record_origins;
    }

    /// Removes all code and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.code.clear();
        self.patches.clear();
        self.prefix_info = PrefixInfo::default();
        self.origin_marks.clear();
        self.origin = OriginRef::default();
    }
}

impl Emitter {
    /// Ensures that `more` further words can be pushed.
    #[inline]
    pub(super) fn ensure_spare(&mut self, more: usize) -> Result<(), Abort> {
        self.code.ensure_spare(more, &mut self.budget)
    }

    /// Emits words: whole instructions, or those that follow an opcode.
    #[inline(always)]
    pub(super) fn emit_words<const N: usize>(&mut self, words: [u32; N]) -> Result<(), Abort> {
        self.ensure_spare(N)?;
        self.code.extend(words);
        Ok(())
    }

    /// Emits the first `kept` of some words. A fixed number is written and the rest cut off, which
    /// avoids a branch for each word.
    #[inline(always)]
    pub(super) fn emit_first_n<const N: usize>(&mut self, words: [u32; N], kept: usize) -> Result<(), Abort> {
        let end = self.code.len() + kept;
        self.emit_words(words)?;
        self.code.truncate(end);
        Ok(())
    }

    /// Returns the number of an opcode in this dialect.
    #[inline]
    pub(super) fn opcode(&self, op: Op) -> u32 {
        self.rules.numbering.number(op)
    }

    #[inline]
    pub(super) fn emit_op(&mut self, op: Op) -> Result<(), Abort> {
        self.mark_origin(0)?;
        self.emit_words([self.opcode(op)])
    }

    /// Emits an opcode and its argument.
    #[inline]
    pub(super) fn emit_op_with(&mut self, op: Op, word: u32) -> Result<(), Abort> {
        self.mark_origin(0)?;
        self.emit_words([self.opcode(op), word])
    }

    /// Emits an opcode and a placeholder for its skip, and returns the index of the placeholder,
    /// which [`patch_skip`](Emitter::patch_skip) overwrites.
    #[inline]
    pub(super) fn emit_op_skip(&mut self, op: Op) -> Result<u32, Abort> {
        self.emit_op_with(op, 0)?;
        Ok(self.code.len() as u32 - 1)
    }

    /// Overwrites the word at `skip` with the distance from there to the end of the code.
    #[inline]
    pub(super) fn patch_skip(&mut self, skip: u32) {
        self.code[skip as usize] = self.code.len() as u32 - skip;
    }

    /// Removes the code from an index on, with its origins.
    pub(super) fn truncate_to(&mut self, from: usize) {
        self.code.truncate(from);
        let kept = self.origin_marks.iter().rposition(|mark| (mark.word as usize) < from);
        self.origin_marks.truncate(kept.map_or(0, |last| last + 1));
    }

    /// Attributes the instruction `further` words after the end of the code to the current item, if
    /// origins are recorded.
    #[inline]
    pub(super) fn mark_origin(&mut self, further: u32) -> Result<(), Abort> {
        if self.records_origins { self.push_origin_mark(self.code.len() as u32 + further) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn push_origin_mark(&mut self, word: u32) -> Result<(), Abort> {
        self.origin_marks.try_push(OriginMark { word, origin: self.origin }, &mut self.budget)
    }
}
