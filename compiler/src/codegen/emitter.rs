//! Writing words, and noting which item an instruction belongs to.

use alloc::vec::Vec;

use super::charset_optimizer::CharsetOptimizer;
use super::origin::{Mark, Owner};
use super::patch::{Edits, Here};
use super::prefix_info::Beginning;
use crate::dialect::Rules;
use crate::memory::{Budget, Grow, Stop};
use crate::opcode::Op;

/// The largest word. CPython: `MAXCODE`
pub(crate) const MAXCODE: u64 = u32::MAX as u64;
/// Writes code; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Generator {
    pub(super) rules: &'static Rules,
    /// What compiling may still take.
    pub budget: Budget,
    /// First the code of the items, then the [program](finish).
    pub(super) code: Vec<u32>,
    pub(super) edits: Edits,
    pub(super) beginning: Beginning,
    pub optimizer: CharsetOptimizer,
    /// Is it noted which items instructions belong to?
    pub(super) records_marks: bool,
    pub(super) marks: Vec<Mark>,
    /// The item whose code is being written.
    pub(super) owner: Owner,
    /// Where the last of some literals is.
    pub(super) last_literal: Here,
}
impl Generator {
    /// The bytes of memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.code.bytes() + self.edits.bytes() + self.optimizer.bytes() + self.marks.bytes()
    }

    /// What is written next, once it is [cleared](Generator::clear), is for that dialect; and what its instructions belong
    /// to is noted, if that is recorded.
    pub(crate) fn begin(&mut self, rules: &'static Rules, record_marks: bool) {
        self.rules = rules;
        self.records_marks = record_marks;
    }

    /// Forgets all code.
    pub(crate) fn clear(&mut self) {
        self.code.clear();
        self.edits.clear();
        self.beginning = Beginning::default();
        self.marks.clear();
        self.owner = Owner::default();
    }
}
impl Generator {
    /// Makes room for that many words more.
    #[inline]
    pub(super) fn make_room(&mut self, more: usize) -> Result<(), Stop> {
        self.code.make_room(more, &mut self.budget)
    }

    /// Writes words that follow an opcode, or make up instructions.
    #[inline(always)]
    pub(super) fn words<const N: usize>(&mut self, words: [u32; N]) -> Result<(), Stop> {
        self.make_room(N)?;
        self.code.extend(words);
        Ok(())
    }

    /// Writes words, and keeps the first of them: so many.
    #[inline(always)]
    pub(super) fn keep_words<const N: usize>(&mut self, words: [u32; N], kept: usize) -> Result<(), Stop> {
        let end = self.code.len() + kept;
        self.words(words)?;
        self.code.truncate(end);
        Ok(())
    }

    #[inline]
    pub(super) fn number(&self, op: Op) -> u32 {
        self.rules.numbering.number(op)
    }

    #[inline]
    pub(super) fn op(&mut self, op: Op) -> Result<(), Stop> {
        self.mark(0)?;
        self.words([self.number(op)])
    }

    /// An opcode and its argument.
    #[inline]
    pub(super) fn op_with(&mut self, op: Op, word: u32) -> Result<(), Stop> {
        self.mark(0)?;
        self.words([self.number(op), word])
    }

    /// An opcode and a word to be filled in by [`Generator::fill`], whose index it gives.
    #[inline]
    pub(super) fn op_skip(&mut self, op: Op) -> Result<u32, Stop> {
        self.op_with(op, 0)?;
        Ok(self.code.len() as u32 - 1)
    }

    /// Has the word at `skip` lead to here.
    #[inline]
    pub(super) fn fill(&mut self, skip: u32) {
        self.code[skip as usize] = self.code.len() as u32 - skip;
    }

    /// Takes back what was written from an index on.
    pub(super) fn take_back(&mut self, from: usize) {
        self.code.truncate(from);
        let kept = self.marks.iter().rposition(|mark| (mark.word as usize) < from);
        self.marks.truncate(kept.map_or(0, |last| last + 1));
    }

    /// Notes that the instruction that is written so many words on belongs to the current item.
    #[inline]
    pub(super) fn mark(&mut self, further: u32) -> Result<(), Stop> {
        if self.records_marks { self.push_mark(self.code.len() as u32 + further) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn push_mark(&mut self, word: u32) -> Result<(), Stop> {
        self.marks.try_push(Mark { word, owner: self.owner }, &mut self.budget)
    }
}
