//! Runs of literals whose case is ignored.

use super::case::{ASCII_EXTRAS, Case, ascii_extra_case, is_ascii_letter};
use super::emitter::Emitter;
use crate::flags::Flags;
use crate::input::{LANES, Unit};
use crate::literal_run::push_run;
use crate::memory::Abort;
use crate::opcode::Op;

impl Emitter {
    /// Emits the first `length` units as literals.
    #[inline(never)]
    pub(super) fn literals_ignoring_case<U: Unit>(
        &mut self,
        units: &[U],
        length: usize,
        flags: Flags,
    ) -> Result<(), Abort> {
        let case = Case::of(flags, self.rules);
        let by_unicode = matches!(case, Case::Unicode { .. });
        let mut at = 0;
        while at < length {
            let rest = &units[at..];
            if by_unicode && let Some(block) = U::block(rest) {
                let simple = block.first_special(&ASCII_EXTRAS).unwrap_or(LANES).min(length - at);
                let [literal, ignoring] = [Op::LITERAL, Op::LITERAL_UNI_IGNORE].map(|op| self.opcode(op));
                push_run(&mut self.code, rest, simple, &mut self.budget, |c| {
                    let if_letter = u32::from(is_ascii_letter(c)).wrapping_neg();
                    [literal ^ ((literal ^ ignoring) & if_letter), c | (0x20 & if_letter)]
                })?;
                at += simple;
                if at == length {
                    self.last_literal = self.here().minus(2);
                    break;
                }
                if simple == LANES {
                    continue;
                }
            }
            self.last_literal = self.here();
            let c = units[at].into();
            if by_unicode && c < 0x80 {
                self.ascii_by_unicode(c)?;
            } else {
                self.emit_char(c, flags, Op::LITERAL)?;
            }
            at += 1;
        }
        Ok(())
    }

    #[inline(always)]
    fn ascii_by_unicode(&mut self, c: u32) -> Result<(), Abort> {
        let is_letter = is_ascii_letter(c);
        let lower = c | u32::from(is_letter) << 5;
        let [literal, ignoring, set, failure] =
            [Op::LITERAL, Op::LITERAL_UNI_IGNORE, Op::IN_UNI_IGNORE, Op::FAILURE].map(|op| self.opcode(op));
        match ascii_extra_case(lower) {
            None => self.emit_words([if is_letter { ignoring } else { literal }, lower]),
            Some(other) => self.emit_words([set, 6, literal, lower, literal, other, failure]),
        }
    }
}
