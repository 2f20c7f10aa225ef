//! Sets of ASCII characters only, with case respected: nearly all sets.
//!
//! For any other set, [`charset_optimizer`](super::charset_optimizer) chooses the form before it is
//! emitted. Here both are one step with few branches, because which form the next set takes is
//! unpredictable.

use super::emitter::Emitter;
use crate::memory::Abort;
use crate::opcode::Op;
use crate::set::{PackedSetItem, SetItem};
use crate::set::{Runs, few_runs_of_ascii};

impl Emitter {
    /// Emits the set of `items`. `characters` has a bit for each character of the set.
    ///
    /// CPython: `re/_compiler.py`, `_optimize_charset` and `_compile_charset`
    pub(super) fn emit_ascii_set(
        &mut self,
        op: Op,
        items: &[PackedSetItem],
        negated: bool,
        characters: u128,
    ) -> Result<(), Abort> {
        if let [only] = items
            && let SetItem::Range(first, last) = only.get()
        {
            let [range, failure] = [Op::RANGE, Op::FAILURE].map(|op| self.opcode(op));
            return self.emit_words([self.opcode(op), 5, range, first, last, failure]);
        }
        let skip = self.code.len() + 1;
        self.emit_first_n([self.opcode(op), 0, self.opcode(Op::NEGATE)], 2 + usize::from(negated))?;
        match few_runs_of_ascii(characters) {
            None => self.emit_charset_of_ascii(characters)?,
            Some(Runs { runs, len }) if len + usize::from(negated) < items.len() => {
                for &(first, last) in &runs[..len] {
                    self.emit_range(first, last, first == last)?;
                }
            }
            Some(_) => {
                for &item in &items[usize::from(negated)..] {
                    self.emit_range(item.first(), item.last(), item.is_literal())?;
                }
            }
        }
        self.emit_words([self.opcode(Op::FAILURE)])?;
        self.patch_skip(skip as u32);
        Ok(())
    }

    /// Emits a range or a literal.
    #[inline(always)]
    fn emit_range(&mut self, first: u32, last: u32, is_literal: bool) -> Result<(), Abort> {
        let [literal, range] = [Op::LITERAL, Op::RANGE].map(|op| self.opcode(op));
        let op = if is_literal { literal } else { range };
        self.emit_first_n([op, first, last], 3 - usize::from(is_literal))
    }

    fn emit_charset_of_ascii(&mut self, characters: u128) -> Result<(), Abort> {
        let [a, b, c, d] = [0, 32, 64, 96].map(|shift| (characters >> shift) as u32);
        self.emit_words([self.opcode(Op::CHARSET), a, b, c, d, 0, 0, 0, 0])
    }
}
