//! Repeats.

use super::emitter::Emitter;
use super::patch::CodePos;
use crate::item::RepeatKind;
use crate::memory::Abort;
use crate::opcode::Op;

impl Emitter {
    /// Wraps the code from `start` on in a repeat. If it is `simple`, it matches one character.
    ///
    /// CPython: `re/_compiler.py`, `_compile`
    pub(crate) fn wrap_repeat(
        &mut self,
        start: CodePos,
        kind: RepeatKind,
        simple: bool,
        (min, max): (u32, u32),
    ) -> Result<(), Abort> {
        let (op, until) = match (kind, simple) {
            (kind, true) => (kind.repeat_one(), Op::SUCCESS),
            (RepeatKind::Greedy, false) => (Op::REPEAT, Op::MAX_UNTIL),
            (RepeatKind::Lazy, false) => (Op::REPEAT, Op::MIN_UNTIL),
            (RepeatKind::Possessive, false) => (Op::POSSESSIVE_REPEAT, Op::SUCCESS),
        };
        // The skip includes the last instruction only where a single character is repeated.
        let skip = 3 + self.here().distance_from(start) + u32::from(simple);
        self.origin.repetition = true;
        self.insert(start.index(), [self.opcode(op), skip, min, max])?;
        self.emit_op(until)?;
        self.origin.repetition = false;
        Ok(())
    }

    /// Begins a repeat of what is emitted next, up to [`end_repeat`](Emitter::end_repeat): an item
    /// that matches one character.
    #[inline]
    pub(crate) fn begin_repeat(&mut self, kind: RepeatKind, (min, max): (u32, u32)) -> Result<(), Abort> {
        self.origin.repetition = true;
        self.mark_origin(0)?;
        self.emit_words([self.opcode(kind.repeat_one()), 0, min, max])?;
        self.origin.repetition = false;
        Ok(())
    }

    /// Ends the repeat that began at `start`.
    #[inline]
    pub(crate) fn end_repeat(&mut self, start: CodePos) -> Result<(), Abort> {
        self.origin.repetition = true;
        self.emit_op(Op::SUCCESS)?;
        self.origin.repetition = false;
        self.patch_skip(start.index() as u32 + 1);
        Ok(())
    }
}

impl RepeatKind {
    /// Returns the opcode that repeats a single character.
    #[inline]
    fn repeat_one(self) -> Op {
        match self {
            RepeatKind::Greedy => Op::REPEAT_ONE,
            RepeatKind::Lazy => Op::MIN_REPEAT_ONE,
            RepeatKind::Possessive => Op::POSSESSIVE_REPEAT_ONE,
        }
    }
}
