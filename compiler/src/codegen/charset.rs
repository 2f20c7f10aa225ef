//! Emitting a character set in the form that was chosen for it.

use super::charset_optimizer::Form;
use super::emitter::Emitter;
use crate::flags::Flags;
use crate::memory::Abort;
use crate::opcode::{Category, Op};
use crate::set::{BmpBitmap, PackedSetItem, Runs, SetBuilder, SetItem};

impl Emitter {
    /// Emits a set and the FAILURE that ends it. `items` are those of the pattern.
    ///
    /// CPython: `re/_compiler.py`, `_compile_charset`
    #[inline(always)]
    pub(super) fn compile_charset(
        &mut self,
        set: &SetBuilder,
        items: &[PackedSetItem],
        form: Form,
        flags: Flags,
    ) -> Result<(), Abort> {
        if let Form::Original = form {
            for item in items {
                self.emit_set_item(item.get(), flags)?;
            }
            return self.emit_op(Op::FAILURE);
        }
        if set.negated {
            self.emit_op(Op::NEGATE)?;
        }
        match form {
            Form::Charset => {
                self.emit_op(Op::CHARSET)?;
                self.emit_words(set.bmp.block(0))?;
            }
            Form::BigCharset => self.emit_big_charset(&set.bmp)?,
            Form::Runs(Runs { runs, len }) => {
                for &(first, last) in &runs[..len] {
                    let is_literal = first == last;
                    let item = if is_literal { SetItem::Literal(first) } else { SetItem::Range(first, last) };
                    self.emit_set_item(item, flags)?;
                }
            }
            Form::Original | Form::Any | Form::Never => {}
        }
        for &item in &set.rest {
            self.emit_set_item(item, flags)?;
        }
        self.emit_op(Op::FAILURE)
    }

    #[inline(always)]
    fn emit_set_item(&mut self, item: SetItem, flags: Flags) -> Result<(), Abort> {
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

    /// Emits BIGCHARSET: how many distinct blocks there are, the number of each block in a byte,
    /// and the distinct blocks.
    fn emit_big_charset(&mut self, bmp: &BmpBitmap) -> Result<(), Abort> {
        self.emit_op(Op::BIGCHARSET)?;
        let (numbers, distinct) = bmp.distinct_blocks();
        self.emit_words([distinct.as_slice().len() as u32])?;
        for &bytes in numbers.as_chunks().0 {
            self.emit_words([u32::from_le_bytes(bytes)])?;
        }
        for &block in distinct.as_slice() {
            self.emit_words(bmp.block(block as usize))?;
        }
        Ok(())
    }
}

impl Category {
    /// Returns the number of the category that this one becomes under `flags`.
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
