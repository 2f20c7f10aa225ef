//! Branches: alternatives, each with a jump to the end.

use super::emitter::Emitter;
use super::patch::CodePos;
use crate::memory::Stop;
use crate::opcode::Op;
use crate::width::Width;

/// An alternative of a branch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alternative {
    /// Where its code starts.
    pub start: CodePos,
    /// Where its items start in the parser's list of items.
    pub items: u32,
    pub width: Width,
}

/// CPython: `re/_compiler.py`, `_compile`, BRANCH
impl Emitter {
    /// Writes what ends an alternative: a JUMP, and the FAILURE after the last one, or what the next one puts there.
    #[inline(always)]
    pub(crate) fn end_alternative(&mut self) -> Result<(), Stop> {
        self.emit_words([self.opcode(Op::JUMP), 0, self.opcode(Op::FAILURE)])
    }

    /// Makes a branch of alternatives, the last of which ends here. So many items at the start of each are the same, and
    /// stay but once, before the branch.
    pub(crate) fn emit_branch(&mut self, alternatives: &[Alternative], common: u32) -> Result<(), Stop> {
        let Some((first, others)) = alternatives.split_first() else { return Ok(()) };
        let prefix = self.code_length_of(first.start, common);
        let starts = alternatives.iter().map(|alternative| alternative.start);
        let mut next = self.here();
        // How far it is to the end from where the next one begins.
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
            self.mark_branch_origins(others)?;
        }
        if prefix > 0 {
            self.delete_from_each(starts.map(CodePos::index), prefix)?;
        }
        self.insert(first.start.index() + prefix as usize, [self.opcode(Op::BRANCH), skip])
    }

    #[cold]
    fn mark_branch_origins(&mut self, others: &[Alternative]) -> Result<(), Stop> {
        let end = self.here();
        let mut next = others.iter().map(|alternative| alternative.start).chain([end]);
        next.try_for_each(|next| self.push_origin_mark(next.minus(3).index() as u32))?;
        self.push_origin_mark(end.minus(1).index() as u32)
    }

    /// Leaves of alternatives only what they all begin with: so many items.
    pub(crate) fn keep_common(&mut self, first: CodePos, common: u32) {
        let prefix = self.code_length_of(first, common);
        self.truncate_to(first.index() + prefix as usize);
    }

    /// How many words so many instructions have that enclose nothing.
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
