//! Sets of characters of ASCII whose case counts, and of nothing else: nearly all sets.
//!
//! For any other, [`CharsetOptimizer`](super::charset::CharsetOptimizer) decides how it is written; here both are done at
//! once, with few branches, for the way that the next set takes cannot be foreseen.

use super::emitter::Generator;
use crate::memory::Stop;
use crate::opcode::Op;
use crate::set::{Member, Packed};
use crate::set::{Runs, few_runs_of_ascii};

impl Generator {
    /// Writes the set of these members, which hold those characters: a bit each.
    ///
    /// CPython: `re/_compiler.py`, `_optimize_charset` and `_compile_charset`
    pub(super) fn ascii_set(
        &mut self,
        op: Op,
        members: &[Packed],
        negated: bool,
        characters: u128,
    ) -> Result<(), Stop> {
        if let [only] = members
            && let Member::Range(first, last) = only.get()
        {
            let [range, failure] = [Op::RANGE, Op::FAILURE].map(|op| self.number(op));
            return self.words([self.number(op), 5, range, first, last, failure]);
        }
        let skip = self.code.len() + 1;
        self.keep_words([self.number(op), 0, self.number(Op::NEGATE)], 2 + usize::from(negated))?;
        match few_runs_of_ascii(characters) {
            None => self.charset_of_ascii(characters)?,
            Some(Runs { runs, len }) if len + usize::from(negated) < members.len() => {
                for &(first, last) in &runs[..len] {
                    self.range(first, last, first == last)?;
                }
            }
            Some(_) => {
                for &member in &members[usize::from(negated)..] {
                    self.range(member.first(), member.last(), member.is_literal())?;
                }
            }
        }
        self.words([self.number(Op::FAILURE)])?;
        self.fill(skip as u32);
        Ok(())
    }

    /// Writes a range, or a literal.
    #[inline(always)]
    fn range(&mut self, first: u32, last: u32, is_literal: bool) -> Result<(), Stop> {
        let [literal, range] = [Op::LITERAL, Op::RANGE].map(|op| self.number(op));
        let op = if is_literal { literal } else { range };
        self.keep_words([op, first, last], 3 - usize::from(is_literal))
    }

    fn charset_of_ascii(&mut self, characters: u128) -> Result<(), Stop> {
        let [a, b, c, d] = [0, 32, 64, 96].map(|shift| (characters >> shift) as u32);
        self.words([self.number(Op::CHARSET), a, b, c, d, 0, 0, 0, 0])
    }
}
