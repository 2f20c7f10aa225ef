//! Branches: alternatives, each followed by a jump to the end.

use super::emitter::Emitter;
use super::patch::CodePos;
use crate::memory::Abort;
use crate::opcode::Op;

/// CPython: `re/_compiler.py`, `_compile`, BRANCH
impl Emitter {
    /// Emits the end of an alternative: a JUMP, and a FAILURE that either ends the branch or is
    /// overwritten with the distance to the end of the next alternative.
    #[inline(always)]
    pub(crate) fn end_alternative(&mut self) -> Result<(), Abort> {
        self.emit_words([self.opcode(Op::JUMP), 0, self.opcode(Op::FAILURE)])
    }

    /// Makes a branch of the alternatives that begin at `starts`. The last one ends with the code.
    /// The first `common` items are the same in all alternatives; they stay once, before the
    /// branch.
    pub(crate) fn emit_branch(
        &mut self,
        starts: impl DoubleEndedIterator<Item = CodePos> + Clone,
        common: u32,
    ) -> Result<(), Abort> {
        let Some(first) = starts.clone().next() else { return Ok(()) };
        let prefix = self.code_length_of(first, common);
        let mut next = self.here();
        // The distance from the beginning of `next` to the end of the branch.
        let mut rest = 0;
        let mut skip = 0;
        for start in starts.clone().rev() {
            self.code[next.index() - 2] = rest + 2;
            if rest > 0 {
                self.code[next.index() - 1] = skip;
            }
            skip = next.distance_from(start) - prefix;
            rest += skip;
            next = start;
        }
        if self.records_origins {
            self.mark_branch_origins(starts.clone().skip(1))?;
        }
        if prefix > 0 {
            self.delete_from_each(starts.map(CodePos::index), prefix)?;
        }
        self.insert(first.index() + prefix as usize, [self.opcode(Op::BRANCH), skip])
    }

    /// Attributes the JUMP of each alternative and the final FAILURE to the branch.
    #[cold]
    fn mark_branch_origins(&mut self, later_starts: impl Iterator<Item = CodePos>) -> Result<(), Abort> {
        let end = self.here();
        let mut ends = later_starts.chain([end]);
        ends.try_for_each(|end| self.push_origin_mark(end.minus(3).index() as u32))?;
        self.push_origin_mark(end.minus(1).index() as u32)
    }

    /// Removes the alternatives, the first of which begins at `first`, except for the `common`
    /// items that all of them begin with.
    pub(crate) fn keep_common(&mut self, first: CodePos, common: u32) {
        let prefix = self.code_length_of(first, common);
        self.truncate_to(first.index() + prefix as usize);
    }

    /// Returns how many words the next `instructions` take, none of which encloses others.
    fn code_length_of(&self, from: CodePos, instructions: u32) -> u32 {
        if instructions == 0 {
            return 0;
        }
        let ins = [Op::IN, Op::IN_IGNORE, Op::IN_LOC_IGNORE, Op::IN_UNI_IGNORE].map(|op| self.opcode(op));
        let single = [Op::ANY, Op::ANY_ALL, Op::FAILURE].map(|op| self.opcode(op));
        let mut at = from.index();
        for _ in 0..instructions {
            let op = self.code[at];
            at += match op {
                op if ins.contains(&op) => 1 + self.code[at + 1] as usize,
                op if single.contains(&op) => 1,
                _ => 2,
            };
        }
        (at - from.index()) as u32
    }
}
