//! Items that hold a subpattern: what comes before its code, and after it.

use super::emitter::Generator;
use super::patch::Here;
use crate::item::{AssertKind, RepeatKind};
use crate::memory::Stop;
use crate::opcode::Op;

/// An instruction that encloses a subpattern.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Opening {
    Nothing,
    Mark(u32),
    Atomic,
    Assert(AssertKind),
    Conditional(u32),
}

impl Opening {
    /// How many words it has.
    #[inline(always)]
    pub(crate) fn length(self) -> u32 {
        match self {
            Opening::Nothing => 0,
            Opening::Mark(_) | Opening::Atomic => 2,
            Opening::Assert(_) | Opening::Conditional(_) => 3,
        }
    }
}

/// CPython: `re/_compiler.py`, `_compile`
impl Generator {
    /// Writes what comes before a subpattern.
    #[inline(always)]
    pub(crate) fn open(&mut self, opening: Opening) -> Result<(), Stop> {
        match opening {
            Opening::Nothing => Ok(()),
            Opening::Mark(group) => {
                self.begins_with_mark();
                self.op_with(Op::MARK, (group - 1) * 2)
            }
            Opening::Atomic => self.op_with(Op::ATOMIC_GROUP, 0),
            Opening::Assert(kind) => {
                self.op_with(if kind.is_negative() { Op::ASSERT_NOT } else { Op::ASSERT }, 0)?;
                self.words([0])
            }
            Opening::Conditional(group) => {
                self.op_with(Op::GROUPREF_EXISTS, group - 1)?;
                self.words([0])
            }
        }
    }

    /// Writes what comes after a subpattern, whose own code began at `content`.
    #[inline(always)]
    pub(crate) fn close(&mut self, opening: Opening, content: Here) -> Result<(), Stop> {
        let index = content.index();
        match opening {
            Opening::Nothing => {}
            Opening::Mark(group) => self.op_with(Op::MARK, (group - 1) * 2 + 1)?,
            Opening::Atomic => {
                self.op(Op::SUCCESS)?;
                self.code[index - 1] = self.here().since(content) + 1;
            }
            Opening::Assert(_) => {
                self.op(Op::SUCCESS)?;
                self.code[index - 2] = self.here().since(content) + 2;
            }
            // Jumps over the JUMP that may follow.
            Opening::Conditional(_) => self.code[index - 1] = self.here().since(content) + 2,
        }
        Ok(())
    }

    /// Writes a FAILURE in place of what begins there.
    pub(crate) fn fail_instead(&mut self, start: Here) -> Result<(), Stop> {
        self.take_back(start.index());
        self.op(Op::FAILURE)
    }

    /// Fills in how wide the subpattern of a look-behind is.
    #[inline]
    pub(crate) fn look_back(&mut self, content: Here, width: u32) {
        self.code[content.index() - 1] = width;
    }

    /// Writes what is between the alternatives of a conditional, the first of which began at `content`.
    pub(crate) fn otherwise(&mut self, content: Here) -> Result<(), Stop> {
        self.op_with(Op::JUMP, 0)?;
        self.code[content.index() - 1] = self.here().since(content) + 2;
        Ok(())
    }

    /// Ends the second alternative of a conditional, which began at `content`; the first one began at `yes`.
    pub(crate) fn end_otherwise(&mut self, content: Here, yes: Here, is_empty: bool) {
        let index = content.index();
        if is_empty {
            self.take_back(index - 2);
            self.code[yes.index() - 1] = self.here().since(yes) + 2;
        } else {
            self.code[index - 1] = self.here().since(content) + 1;
        }
    }

    /// Repeats the code from there on, which matches one character if it is `simple`.
    pub(crate) fn repeat(
        &mut self,
        start: Here,
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
        let skip = 3 + self.here().since(start) + u32::from(simple);
        self.owner.repetition = true;
        self.insert(start.index(), [self.number(op), skip, min, max])?;
        self.op(until)?;
        self.owner.repetition = false;
        Ok(())
    }

    /// Repeats what is written next, until [`end_repeat`](Generator::end_repeat): it matches one character.
    #[inline]
    pub(crate) fn begin_repeat(&mut self, kind: RepeatKind, (min, max): (u32, u32)) -> Result<(), Stop> {
        self.owner.repetition = true;
        self.mark(0)?;
        self.words([self.number(kind.repeat_one()), 0, min, max])?;
        self.owner.repetition = false;
        Ok(())
    }

    /// Ends what began to be repeated at `start`.
    #[inline]
    pub(crate) fn end_repeat(&mut self, start: Here) -> Result<(), Stop> {
        self.owner.repetition = true;
        self.op(Op::SUCCESS)?;
        self.owner.repetition = false;
        self.fill(start.index() as u32 + 1);
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
