//! Writing words, and noting which item an instruction belongs to.

use alloc::vec::Vec;

use super::charset_optimizer::CharsetOptimizer;
use super::origin::{OriginMark, OriginRef};
use super::patch::{CodePos, Patches};
use super::prefix_info::PrefixInfo;
use crate::dialect::Rules;
use crate::memory::{Budget, Stop, TryVecExt};
use crate::opcode::Op;

/// The largest word. CPython: `MAXCODE`
pub(crate) const MAXCODE: u64 = u32::MAX as u64;
/// Writes code; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Emitter {
    pub(super) rules: &'static Rules,
    /// What compiling may still take.
    pub budget: Budget,
    /// FirstSet the code of the items, then the [program](finish).
    pub(super) code: Vec<u32>,
    pub(super) patches: Patches,
    pub(super) prefix_info: PrefixInfo,
    pub optimizer: CharsetOptimizer,
    /// Is it noted which items instructions belong to?
    pub(super) records_origins: bool,
    pub(super) origin_marks: Vec<OriginMark>,
    /// The item whose code is being written.
    pub(super) owner: OriginRef,
    /// Where the last of some literals is.
    pub(super) last_literal: CodePos,
}
impl Emitter {
    /// The bytes of memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.code.bytes() + self.patches.bytes() + self.optimizer.bytes() + self.origin_marks.bytes()
    }

    /// What is written next, once it is [cleared](Emitter::clear), is for that dialect; and what its instructions belong
    /// to is noted, if that is recorded.
    pub(crate) fn begin(&mut self, rules: &'static Rules, record_origins: bool) {
        self.rules = rules;
        self.records_origins = record_origins;
    }

    /// Forgets all code.
    pub(crate) fn clear(&mut self) {
        self.code.clear();
        self.patches.clear();
        self.prefix_info = PrefixInfo::default();
        self.origin_marks.clear();
        self.owner = OriginRef::default();
    }
}
impl Emitter {
    /// Makes room for that many words more.
    #[inline]
    pub(super) fn ensure_spare(&mut self, more: usize) -> Result<(), Stop> {
        self.code.ensure_spare(more, &mut self.budget)
    }

    /// Writes words that follow an opcode, or make up instructions.
    #[inline(always)]
    pub(super) fn emit_words<const N: usize>(&mut self, words: [u32; N]) -> Result<(), Stop> {
        self.ensure_spare(N)?;
        self.code.extend(words);
        Ok(())
    }

    /// Writes words, and keeps the first of them: so many.
    #[inline(always)]
    pub(super) fn emit_first_n<const N: usize>(&mut self, words: [u32; N], kept: usize) -> Result<(), Stop> {
        let end = self.code.len() + kept;
        self.emit_words(words)?;
        self.code.truncate(end);
        Ok(())
    }

    #[inline]
    pub(super) fn opcode(&self, op: Op) -> u32 {
        self.rules.numbering.number(op)
    }

    #[inline]
    pub(super) fn emit_op(&mut self, op: Op) -> Result<(), Stop> {
        self.mark_origin(0)?;
        self.emit_words([self.opcode(op)])
    }

    /// An opcode and its argument.
    #[inline]
    pub(super) fn emit_op_with(&mut self, op: Op, word: u32) -> Result<(), Stop> {
        self.mark_origin(0)?;
        self.emit_words([self.opcode(op), word])
    }

    /// An opcode and a word to be filled in by [`Emitter::fill`], whose index it gives.
    #[inline]
    pub(super) fn emit_op_skip(&mut self, op: Op) -> Result<u32, Stop> {
        self.emit_op_with(op, 0)?;
        Ok(self.code.len() as u32 - 1)
    }

    /// Has the word at `skip` lead to here.
    #[inline]
    pub(super) fn patch_skip(&mut self, skip: u32) {
        self.code[skip as usize] = self.code.len() as u32 - skip;
    }

    /// Takes back what was written from an index on.
    pub(super) fn truncate_to(&mut self, from: usize) {
        self.code.truncate(from);
        let kept = self.origin_marks.iter().rposition(|mark| (mark.word as usize) < from);
        self.origin_marks.truncate(kept.map_or(0, |last| last + 1));
    }

    /// Notes that the instruction that is written so many words on belongs to the current item.
    #[inline]
    pub(super) fn mark_origin(&mut self, further: u32) -> Result<(), Stop> {
        if self.records_origins { self.push_origin_mark(self.code.len() as u32 + further) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn push_origin_mark(&mut self, word: u32) -> Result<(), Stop> {
        self.origin_marks.try_push(OriginMark { word, owner: self.owner }, &mut self.budget)
    }
}
