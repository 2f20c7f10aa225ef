//! Literals in a row whose case is ignored.

use super::case::{ASCII_EXTRAS, Case, ascii_extra_case, is_ascii_letter};
use super::emitter::Generator;
use crate::flags::Flags;
use crate::input::{PIECE, Unit};
use crate::literal_run::add_run;
use crate::memory::Stop;
use crate::opcode::Op;

impl Generator {
    /// Writes literals, the first of some units.
    #[inline(never)]
    pub(super) fn literals_ignoring_case<U: Unit>(
        &mut self,
        units: &[U],
        length: usize,
        flags: Flags,
    ) -> Result<(), Stop> {
        let case = Case::of(flags, self.rules);
        let by_unicode = matches!(case, Case::Unicode { .. });
        let mut at = 0;
        while at < length {
            let rest = &units[at..];
            if by_unicode && let Some(piece) = U::piece(rest) {
                let simple = piece.before(&ASCII_EXTRAS).unwrap_or(PIECE).min(length - at);
                let [literal, ignoring] = [Op::LITERAL, Op::LITERAL_UNI_IGNORE].map(|op| self.number(op));
                add_run(&mut self.code, rest, simple, &mut self.budget, |c| {
                    let if_letter = u32::from(is_ascii_letter(c)).wrapping_neg();
                    [literal ^ ((literal ^ ignoring) & if_letter), c | (0x20 & if_letter)]
                })?;
                at += simple;
                if at == length {
                    self.last_literal = self.here().back(2);
                    break;
                }
                if simple == PIECE {
                    continue;
                }
            }
            self.last_literal = self.here();
            let c = units[at].into();
            if by_unicode && c < 0x80 {
                self.ascii_by_unicode(c)?;
            } else {
                self.literal(c, flags, Op::LITERAL)?;
            }
            at += 1;
        }
        Ok(())
    }

    #[inline(always)]
    fn ascii_by_unicode(&mut self, c: u32) -> Result<(), Stop> {
        let is_letter = is_ascii_letter(c);
        let lower = c | u32::from(is_letter) << 5;
        let [literal, ignoring, set, failure] =
            [Op::LITERAL, Op::LITERAL_UNI_IGNORE, Op::IN_UNI_IGNORE, Op::FAILURE].map(|op| self.number(op));
        match ascii_extra_case(lower) {
            None => self.words([if is_letter { ignoring } else { literal }, lower]),
            Some(other) => self.words([set, 6, literal, lower, literal, other, failure]),
        }
    }
}
