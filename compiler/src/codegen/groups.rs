//! NodeRange that hold a subpattern: what comes before its code, and after it.

use super::emitter::Emitter;
use super::patch::CodePos;
use crate::item::{AssertKind, RepeatKind};
use crate::memory::Stop;
use crate::opcode::Op;

/// An instruction that encloses a subpattern.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Enclosure {
    Nothing,
    OriginMark(u32),
    Atomic,
    Assert(AssertKind),
    Conditional(u32),
}

impl Enclosure {
    /// How many words it has.
    #[inline(always)]
    pub(crate) fn length(self) -> u32 {
        match self {
            Enclosure::Nothing => 0,
            Enclosure::OriginMark(_) | Enclosure::Atomic => 2,
            Enclosure::Assert(_) | Enclosure::Conditional(_) => 3,
        }
    }
}

/// CPython: `re/_compiler.py`, `_compile`
impl Emitter {
    /// Writes what comes before a subpattern.
    #[inline(always)]
    pub(crate) fn open_group(&mut self, enclosure: Enclosure) -> Result<(), Stop> {
        match enclosure {
            Enclosure::Nothing => Ok(()),
            Enclosure::OriginMark(group) => {
                self.note_first_mark();
                self.emit_op_with(Op::MARK, (group - 1) * 2)
            }
            Enclosure::Atomic => self.emit_op_with(Op::ATOMIC_GROUP, 0),
            Enclosure::Assert(kind) => {
                self.emit_op_with(if kind.is_negative() { Op::ASSERT_NOT } else { Op::ASSERT }, 0)?;
                self.emit_words([0])
            }
            Enclosure::Conditional(group) => {
                self.emit_op_with(Op::GROUPREF_EXISTS, group - 1)?;
                self.emit_words([0])
            }
        }
    }

    /// Writes what comes after a subpattern, whose own code began at `content`.
    #[inline(always)]
    pub(crate) fn close_group(&mut self, enclosure: Enclosure, content: CodePos) -> Result<(), Stop> {
        let index = content.index();
        match enclosure {
            Enclosure::Nothing => {}
            Enclosure::OriginMark(group) => self.emit_op_with(Op::MARK, (group - 1) * 2 + 1)?,
            Enclosure::Atomic => {
                self.emit_op(Op::SUCCESS)?;
                self.code[index - 1] = self.here().distance_from(content) + 1;
            }
            Enclosure::Assert(_) => {
                self.emit_op(Op::SUCCESS)?;
                self.code[index - 2] = self.here().distance_from(content) + 2;
            }
            // Jumps over the JUMP that may follow.
            Enclosure::Conditional(_) => self.code[index - 1] = self.here().distance_from(content) + 2,
        }
        Ok(())
    }

    /// Writes a FAILURE in place of what begins there.
    pub(crate) fn fail_instead(&mut self, start: CodePos) -> Result<(), Stop> {
        self.truncate_to(start.index());
        self.emit_op(Op::FAILURE)
    }

    /// Fills in how wide the subpattern of a look-behind is.
    #[inline]
    pub(crate) fn look_back(&mut self, content: CodePos, width: u32) {
        self.code[content.index() - 1] = width;
    }

    /// Writes what is between the alternatives of a conditional, the first of which began at `content`.
    pub(crate) fn begin_else(&mut self, content: CodePos) -> Result<(), Stop> {
        self.emit_op_with(Op::JUMP, 0)?;
        self.code[content.index() - 1] = self.here().distance_from(content) + 2;
        Ok(())
    }

    /// Ends the second alternative of a conditional, which began at `content`; the first one began at `yes`.
    pub(crate) fn end_else(&mut self, content: CodePos, yes: CodePos, is_empty: bool) {
        let index = content.index();
        if is_empty {
            self.truncate_to(index - 2);
            self.code[yes.index() - 1] = self.here().distance_from(yes) + 2;
        } else {
            self.code[index - 1] = self.here().distance_from(content) + 1;
        }
    }

    /// Repeats the code from there on, which matches one character if it is `simple`.
    pub(crate) fn wrap_repeat(
        &mut self,
        start: CodePos,
        kind: RepeatKind,
        simple: bool,
        (min, max): (u32, u32),
    ) -> Result<(), Stop> {
        let (op, until) = match (kind, simple) {
            (kind, true) => (kind.repeat_one(), Op::SUCCESS),
            (RepeatKind::Greedy, false) => (Op::REPEAT, Op::MAX_UNTIL),
            (RepeatKind::Lazy, false) => (Op::REPEAT, Op::MIN_UNTIL),
            (RepeatKind::Possessive, false) => (Op::POSSESSIVE_REPEAT, Op::SUCCESS),
        };
        // The end belongs to what is skipped only where a single character is repeated.
        let skip = 3 + self.here().distance_from(start) + u32::from(simple);
        self.owner.repetition = true;
        self.insert(start.index(), [self.opcode(op), skip, min, max])?;
        self.emit_op(until)?;
        self.owner.repetition = false;
        Ok(())
    }

    /// Repeats what is written next, until [`end_repeat`](Emitter::end_repeat): it matches one character.
    #[inline]
    pub(crate) fn begin_repeat(&mut self, kind: RepeatKind, (min, max): (u32, u32)) -> Result<(), Stop> {
        self.owner.repetition = true;
        self.mark_origin(0)?;
        self.emit_words([self.opcode(kind.repeat_one()), 0, min, max])?;
        self.owner.repetition = false;
        Ok(())
    }

    /// Ends what began to be repeated at `start`.
    #[inline]
    pub(crate) fn end_repeat(&mut self, start: CodePos) -> Result<(), Stop> {
        self.owner.repetition = true;
        self.emit_op(Op::SUCCESS)?;
        self.owner.repetition = false;
        self.patch_skip(start.index() as u32 + 1);
        Ok(())
    }
}

impl RepeatKind {
    /// The opcode that repeats one character.
    #[inline]
    fn repeat_one(self) -> Op {
        match self {
            RepeatKind::Greedy => Op::REPEAT_ONE,
            RepeatKind::Lazy => Op::MIN_REPEAT_ONE,
            RepeatKind::Possessive => Op::POSSESSIVE_REPEAT_ONE,
        }
    }
}
