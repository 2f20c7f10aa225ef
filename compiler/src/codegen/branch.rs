//! Branches: alternatives, each with a jump to the end.

use super::emitter::Generator;
use super::patch::Here;
use crate::memory::Stop;
use crate::opcode::Op;
use crate::width::Width;

/// An alternative of a branch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alternative {
    /// Where its code starts.
    pub start: Here,
    /// Where its items start in the parser's list of kinds.
    pub kinds: u32,
    pub width: Width,
}

/// CPython: `re/_compiler.py`, `_compile`, BRANCH
impl Generator {
    /// Writes what ends an alternative: a JUMP, and the FAILURE after the last one, or what the next one puts there.
    #[inline(always)]
    pub(crate) fn end_alternative(&mut self) -> Result<(), Stop> {
        self.words([self.number(Op::JUMP), 0, self.number(Op::FAILURE)])
    }

    /// Makes a branch of alternatives, the last of which ends here. So many items at the start of each are the same, and
    /// stay but once, before the branch.
    pub(crate) fn branch(&mut self, alternatives: &[Alternative], common: u32) -> Result<(), Stop> {
        let Some((first, others)) = alternatives.split_first() else { return Ok(()) };
        let prefix = self.instructions_length(first.start, common);
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
            skip = next.since(start) - prefix;
            rest += skip;
            next = start;
        }
        if self.records_marks {
            self.mark_branch(others)?;
        }
        if prefix > 0 {
            self.delete_from_each(starts.map(Here::index), prefix)?;
        }
        self.insert(first.start.index() + prefix as usize, [self.number(Op::BRANCH), skip])
    }

    #[cold]
    fn mark_branch(&mut self, others: &[Alternative]) -> Result<(), Stop> {
        let end = self.here();
        let mut next = others.iter().map(|alternative| alternative.start).chain([end]);
        next.try_for_each(|next| self.push_mark(next.back(3).index() as u32))?;
        self.push_mark(end.back(1).index() as u32)
    }

    /// Leaves of alternatives only what they all begin with: so many items.
    pub(crate) fn keep_common(&mut self, first: Here, common: u32) {
        let prefix = self.instructions_length(first, common);
        self.take_back(first.index() + prefix as usize);
    }

    /// How many words so many instructions have that enclose nothing.
    fn instructions_length(&self, from: Here, instructions: u32) -> u32 {
        if instructions == 0 {
            return 0;
        }
        let ins = [Op::IN, Op::IN_IGNORE, Op::IN_LOC_IGNORE, Op::IN_UNI_IGNORE].map(|op| self.number(op));
        let single = [Op::ANY, Op::ANY_ALL, Op::FAILURE].map(|op| self.number(op));
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
