//! Writing words, and noting where they came from.

use super::Generator;
use crate::literals::PIECE;
use crate::opcode::Op;
use crate::pool::{Grow, Stop, grow};
use crate::program::Origin;
use crate::tree::Slice;

impl Generator<'_> {
    /// Makes room for that many words more.
    #[inline]
    pub(super) fn make_room(&mut self, more: usize) -> Result<(), Stop> {
        if self.code.capacity() - self.code.len() >= more { Ok(()) } else { self.grow(more) }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, more: usize) -> Result<(), Stop> {
        /// The least that is asked for.
        const WORDS: usize = 32;
        let needed = self.code.len() + more;
        if needed > self.max_code {
            return Err(Stop::CodeLimit);
        }
        let capacity = needed.max(2 * self.code.capacity()).max(WORDS).min(self.max_code);
        grow(self.code, capacity, self.budget)
    }

    /// Writes words that follow an opcode.
    #[inline]
    pub(super) fn words<const N: usize>(&mut self, words: [u32; N]) -> Result<(), Stop> {
        self.make_room(N)?;
        self.code.extend_from_slice(&words);
        Ok(())
    }

    #[inline]
    pub(super) fn op(&mut self, op: Op) -> Result<(), Stop> {
        self.note_origin()?;
        self.words([self.rules.numbering.number(op)])
    }

    /// An opcode and its argument.
    #[inline]
    pub(super) fn op_with(&mut self, op: Op, word: u32) -> Result<(), Stop> {
        self.note_origin()?;
        self.words([self.rules.numbering.number(op), word])
    }

    /// Writes literals in a row, of one item.
    #[inline(always)]
    pub(super) fn literals(&mut self, part: Slice) -> Result<(), Stop> {
        self.note_origin()?;
        let op = self.rules.numbering.number(Op::LITERAL);
        let end = self.code.len() + 2 * part.len() as usize;
        if self.code.capacity() < end + 2 * PIECE {
            return self.literals_exactly(op, part);
        }
        for piece in self.tree.literals.pieces_from(part.start) {
            let mut words = [op; 2 * PIECE];
            piece.iter().enumerate().for_each(|(n, &c)| words[2 * n + 1] = c);
            self.code.extend_from_slice(&words);
            if self.code.len() >= end {
                break;
            }
        }
        self.code.truncate(end);
        Ok(())
    }

    #[inline(never)]
    fn literals_exactly(&mut self, op: u32, part: Slice) -> Result<(), Stop> {
        self.make_room(2 * part.len() as usize)?;
        self.code.extend(self.tree.literals(part).iter().flat_map(|&c| [op, c]));
        Ok(())
    }

    /// An opcode, a word to be filled in by [`Generator::fill`], whose index it gives, and further arguments.
    #[inline]
    pub(super) fn op_skip<const N: usize>(&mut self, op: Op, arguments: [u32; N]) -> Result<u32, Stop> {
        self.op_with(op, 0)?;
        let skip = self.code.len() as u32 - 1;
        self.words(arguments)?;
        Ok(skip)
    }

    /// Leaves a word to be filled in.
    #[inline]
    pub(super) fn skip(&mut self) -> Result<u32, Stop> {
        self.words([0])?;
        Ok(self.code.len() as u32 - 1)
    }

    /// Has the word at `skip` lead to here, and `further` words on.
    #[inline]
    pub(super) fn fill(&mut self, skip: u32, further: u32) {
        self.code[skip as usize] = self.code.len() as u32 + further - skip;
    }

    /// Notes that the instruction that is written next came from the current item.
    #[inline]
    pub(super) fn note_origin(&mut self) -> Result<(), Stop> {
        if self.origins.is_some() { self.push_origin() } else { Ok(()) }
    }

    #[cold]
    fn push_origin(&mut self) -> Result<(), Stop> {
        let (Some(origins), Some(node)) = (&mut self.origins, self.item) else { return Ok(()) };
        let Some(span) = self.tree.span(node) else { return Ok(()) };
        let span = span.start as usize..span.end as usize;
        origins.try_push(Origin { word: self.code.len(), span }, self.budget)
    }
}
