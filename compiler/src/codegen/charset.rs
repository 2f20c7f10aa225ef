//! Writing a character set.

use super::charset_optimizer::Form;
use super::emitter::Emitter;
use crate::flags::Flags;
use crate::memory::Stop;
use crate::opcode::{Category, Op};
use crate::set::{PackedSetItem, Runs, SetItem};

impl Emitter {
    /// Writes a set in the form that the optimizer has just chosen for it.
    ///
    /// CPython: `re/_compiler.py`, `_compile_charset`
    #[inline(always)]
    pub(super) fn compile_charset(
        &mut self,
        items: &[PackedSetItem],
        form: Form,
        flags: Flags,
    ) -> Result<(), Stop> {
        if form == Form::Original {
            for item in items {
                self.compile_set_item(item.get(), flags)?;
            }
            return self.emit_op(Op::FAILURE);
        }
        if self.optimizer.negate {
            self.emit_op(Op::NEGATE)?;
        }
        match form {
            Form::Charset => {
                self.emit_op(Op::CHARSET)?;
                self.compile_block(0)?;
            }
            Form::BigCharset => self.compile_big_charset()?,
            _ => {
                let Runs { runs, len } = self.optimizer.runs;
                for &(first, last) in &runs[..len] {
                    let item =
                        if first == last { SetItem::Literal(first) } else { SetItem::Range(first, last) };
                    self.compile_set_item(item, flags)?;
                }
            }
        }
        for index in 0..self.optimizer.characters.rest.len() {
            self.compile_set_item(self.optimizer.characters.rest[index], flags)?;
        }
        self.emit_op(Op::FAILURE)
    }

    #[inline(always)]
    fn compile_set_item(&mut self, item: SetItem, flags: Flags) -> Result<(), Stop> {
        let (op, arguments, count) = match item {
            SetItem::Negate => (Op::NEGATE, [0, 0], 0),
            SetItem::Literal(c) => (Op::LITERAL, [c, 0], 1),
            SetItem::Range(first, last) => (Op::RANGE, [first, last], 2),
            SetItem::RangeUniIgnore(first, last) => (Op::RANGE_UNI_IGNORE, [first, last], 2),
            SetItem::Category(category) => (Op::CATEGORY, [category.code(flags), 0], 1),
        };
        self.mark_origin(0)?;
        self.emit_first_n([self.opcode(op), arguments[0], arguments[1]], 1 + count)
    }

    fn compile_block(&mut self, block: usize) -> Result<(), Stop> {
        let words = self.optimizer.characters.bmp.block(block);
        self.emit_words(words)
    }

    /// How many different blocks there are, the number of each block, one byte each, and the blocks.
    fn compile_big_charset(&mut self) -> Result<(), Stop> {
        self.emit_op(Op::BIGCHARSET)?;
        let (numbers, distinct) = self.optimizer.characters.bmp.distinct_blocks();
        self.emit_words([distinct.as_slice().len() as u32])?;
        for &bytes in numbers.as_chunks().0 {
            self.emit_words([u32::from_le_bytes(bytes)])?;
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
        if flags.intersects(Flags::LOCALE) {
            match self {
                Category::Word | Category::NotWord => code + TO_LOCALE_WORD,
                _ => code,
            }
        } else if flags.intersects(Flags::UNICODE) {
            code + TO_UNICODE
        } else {
            code
        }
    }
}
