//! Groups: the instructions before and after the code of a subpattern.

use super::emitter::Emitter;
use super::patch::CodePos;
use crate::item::AssertKind;
use crate::memory::Abort;
use crate::opcode::Op;

/// The instruction that encloses the code of a subpattern.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Enclosure {
    /// None.
    Nothing,
    /// A pair of MARKs, with the number of the group.
    Mark(u32),
    Atomic,
    Assert(AssertKind),
    /// GROUPREF_EXISTS, with the number of the group.
    Conditional(u32),
}

impl Enclosure {
    /// Returns the length in words of what precedes the subpattern.
    #[inline(always)]
    pub(crate) fn length(self) -> u32 {
        match self {
            Enclosure::Nothing => 0,
            Enclosure::Mark(_) | Enclosure::Atomic => 2,
            Enclosure::Assert(_) | Enclosure::Conditional(_) => 3,
        }
    }
}

/// CPython: `re/_compiler.py`, `_compile`
impl Emitter {
    /// Emits what precedes a subpattern.
    #[inline(always)]
    pub(crate) fn open_group(&mut self, enclosure: Enclosure) -> Result<(), Abort> {
        match enclosure {
            Enclosure::Nothing => Ok(()),
            Enclosure::Mark(group) => {
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

    /// Emits what follows a subpattern whose code began at `content`, and patches the skip before
    /// it.
    #[inline(always)]
    pub(crate) fn close_group(&mut self, enclosure: Enclosure, content: CodePos) -> Result<(), Abort> {
        let index = content.index();
        match enclosure {
            Enclosure::Nothing => {}
            Enclosure::Mark(group) => self.emit_op_with(Op::MARK, (group - 1) * 2 + 1)?,
            Enclosure::Atomic => {
                self.emit_op(Op::SUCCESS)?;
                self.code[index - 1] = self.here().distance_from(content) + 1;
            }
            Enclosure::Assert(_) => {
                self.emit_op(Op::SUCCESS)?;
                self.code[index - 2] = self.here().distance_from(content) + 2;
            }
            // The skip leads past the JUMP that an else-part would be preceded by.
            Enclosure::Conditional(_) => self.code[index - 1] = self.here().distance_from(content) + 2,
        }
        Ok(())
    }

    /// Replaces the code from `start` on by a FAILURE.
    pub(crate) fn fail_instead(&mut self, start: CodePos) -> Result<(), Abort> {
        self.truncate_to(start.index());
        self.emit_op(Op::FAILURE)
    }

    /// Patches the width into a look-behind whose subpattern began at `content`.
    #[inline]
    pub(crate) fn patch_lookbehind_width(&mut self, content: CodePos, width: u32) {
        self.code[content.index() - 1] = width;
    }

    /// Emits the JUMP between the two alternatives of a conditional. The first one began at `yes`.
    pub(crate) fn begin_else(&mut self, yes: CodePos) -> Result<(), Abort> {
        self.emit_op_with(Op::JUMP, 0)?;
        self.code[yes.index() - 1] = self.here().distance_from(yes) + 2;
        Ok(())
    }

    /// Ends the second alternative of a conditional. The first one began at `yes`, the second one
    /// at `no`. If the second one is empty, the JUMP before it is removed.
    pub(crate) fn end_else(&mut self, yes: CodePos, no: CodePos, is_empty: bool) {
        if is_empty {
            self.truncate_to(no.index() - 2);
            self.code[yes.index() - 1] = self.here().distance_from(yes) + 2;
        } else {
            self.code[no.index() - 1] = self.here().distance_from(no) + 1;
        }
    }
}
