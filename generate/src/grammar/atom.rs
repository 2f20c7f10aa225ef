//! Items that match one character, and positions.

use sre_compiler::Flags;

use super::{Made, Writer};
use crate::characters::character;

/// Names for `\N{…}`, some of them known only to some versions.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "DIGIT ONE", "LATIN SMALL LETTER A", "KELVIN SIGN", "latin small letter long s", "EM DASH", "NBSP", "LF",
    "GREEK SMALL LETTER FINAL SIGMA", "DESERET CAPITAL LETTER LONG I", "HANGUL SYLLABLE GAG", "Hangul Syllable Gag",
    "CJK UNIFIED IDEOGRAPH-4E00", "cjk unified ideograph-4e00", "TANGUT IDEOGRAPH-17000", "VS17", "BELL",
    "LATIN CAPITAL LETTER GHA", "CYRILLIC SMALL LETTER ROUNDED VE", "CJK UNIFIED IDEOGRAPH-20000",
];

impl Writer<'_, '_, '_> {
    /// Writes a literal, an escape, a set or the dot.
    pub(super) fn atom(&mut self) -> Made {
        match self.choices.below(16) {
            0..=7 => self.literal(),
            8..=9 => self.word(),
            10 => self.escape(),
            11 => self.category(),
            12 => self.text("."),
            _ => self.set(),
        }
        Made::Item
    }

    /// Writes a run of letters.
    fn word(&mut self) {
        for _ in 0..self.choices.within(2, 5) {
            let letter = self.choices.pick(b"abcaabx");
            self.out.push(u32::from(letter));
        }
    }

    pub(super) fn literal(&mut self) {
        let c = character(self.choices, self.is_bytes);
        self.literal_of(c);
    }

    /// Writes a character as a literal, with a backslash if it needs one.
    fn literal_of(&mut self, c: u32) {
        let special = match u8::try_from(c) {
            Ok(b'.' | b'\\' | b'[' | b'(' | b')' | b'*' | b'+' | b'?' | b'^' | b'$' | b'|') => true,
            Ok(b'{') => !self.choices.one_in(4),
            Ok(b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | b'#') => self.on.intersects(Flags::VERBOSE),
            _ => false,
        };
        if special {
            self.text("\\");
        }
        self.out.push(c);
    }

    pub(super) fn category(&mut self) {
        let category = self.choices.pick(&["\\d", "\\w", "\\s", "\\D", "\\W", "\\S"]);
        self.text(category);
    }

    /// Writes an escape of one character that is also valid in sets.
    pub(super) fn escape(&mut self) {
        let c = character(self.choices, self.is_bytes);
        let text = match self.choices.below(if self.is_bytes { 5 } else { 9 }) {
            0 => String::from(self.choices.pick(&["\\n", "\\t", "\\r", "\\f", "\\v", "\\a", "\\\\"])),
            1 => String::from(
                self.choices.pick(&["\\.", "\\-", "\\]", "\\/", "\\ ", "\\#", "\\&", "\\_", "\\{"]),
            ),
            2 => format!("\\x{:02x}", c & 0xff),
            3 => format!("\\{:03o}", c & 0xff),
            4 => format!("\\0{:o}", c & 7),
            5 => format!("\\u{:04X}", c & 0xffff),
            6 => format!("\\U{c:08x}"),
            7 => format!("\\N{{{}}}", self.choices.pick(NAMES)),
            _ => {
                // A backslash has no effect except before ASCII letters and digits.
                self.out.extend([u32::from('\\'), c | 0x80]);
                return;
            }
        };
        self.text(&text);
    }

    pub(super) fn position(&mut self) -> Made {
        let position = self.choices.pick(&["^", "$", "\\b", "\\B", "\\A", "\\Z"]);
        self.text(position);
        Made::Position
    }
}
