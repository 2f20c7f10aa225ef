//! Writing a character set.

use super::charset_optimizer::Form;
use super::emitter::Generator;
use crate::flags::Flags;
use crate::memory::Stop;
use crate::opcode::{Category, Op};
use crate::set::{Member, Packed, Runs};

impl Generator {
    /// Writes a set in the form that the optimizer has just chosen for it.
    ///
    /// CPython: `re/_compiler.py`, `_compile_charset`
    #[inline(always)]
    pub(super) fn compile_charset(
        &mut self,
        members: &[Packed],
        form: Form,
        flags: Flags,
    ) -> Result<(), Stop> {
        if form == Form::Original {
            for member in members {
                self.compile_member(member.get(), flags)?;
            }
            return self.op(Op::FAILURE);
        }
        if self.optimizer.negate {
            self.op(Op::NEGATE)?;
        }
        match form {
            Form::Charset => {
                self.op(Op::CHARSET)?;
                self.compile_block(0)?;
            }
            Form::BigCharset => self.compile_big_charset()?,
            _ => {
                let Runs { runs, len } = self.optimizer.runs;
                for &(first, last) in &runs[..len] {
                    let member =
                        if first == last { Member::Literal(first) } else { Member::Range(first, last) };
                    self.compile_member(member, flags)?;
                }
            }
        }
        for index in 0..self.optimizer.characters.tail.len() {
            self.compile_member(self.optimizer.characters.tail[index], flags)?;
        }
        self.op(Op::FAILURE)
    }

    #[inline(always)]
    fn compile_member(&mut self, member: Member, flags: Flags) -> Result<(), Stop> {
        let (op, arguments, count) = match member {
            Member::Negate => (Op::NEGATE, [0, 0], 0),
            Member::Literal(c) => (Op::LITERAL, [c, 0], 1),
            Member::Range(first, last) => (Op::RANGE, [first, last], 2),
            Member::RangeUniIgnore(first, last) => (Op::RANGE_UNI_IGNORE, [first, last], 2),
            Member::Category(category) => (Op::CATEGORY, [category.code(flags), 0], 1),
        };
        self.mark(0)?;
        self.keep_words([self.number(op), arguments[0], arguments[1]], 1 + count)
    }

    fn compile_block(&mut self, block: usize) -> Result<(), Stop> {
        let words = self.optimizer.characters.bmp.block(block);
        self.words(words)
    }

    /// How many different blocks there are, the number of each block, one byte each, and the blocks.
    fn compile_big_charset(&mut self) -> Result<(), Stop> {
        self.op(Op::BIGCHARSET)?;
        let (numbers, distinct) = self.optimizer.characters.bmp.distinct_blocks();
        self.words([distinct.as_slice().len() as u32])?;
        for &bytes in numbers.as_chunks().0 {
            self.words([u32::from_le_bytes(bytes)])?;
        }
        for &block in distinct.as_slice() {
            self.compile_block(block as usize)?;
        }
        Ok(())
    }
}

impl Category {
    /// The number of the category that flags make of this one.
    ///
    /// CPython: `re/_constants.py`, `CH_LOCALE` and `CH_UNICODE`
    pub(super) fn code(self, flags: Flags) -> u32 {
        const TO_LOCALE_WORD: u32 = 4;
        const TO_UNICODE: u32 = 10;
        let code = self as u32;
        if flags.any(Flags::LOCALE) {
            match self {
                Category::Word | Category::NotWord => code + TO_LOCALE_WORD,
                _ => code,
            }
        } else if flags.any(Flags::UNICODE) {
            code + TO_UNICODE
        } else {
            code
        }
    }
}
