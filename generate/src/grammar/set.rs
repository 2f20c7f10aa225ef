//! Sets.

use super::Writer;
use crate::{characters::above, characters::character};

impl Writer<'_, '_, '_> {
    pub(super) fn set(&mut self) {
        self.text("[");
        if self.choices.one_in(4) {
            self.text("^");
        }
        if self.choices.one_in(16) {
            let first = self.choices.pick(&["]", "-", "[", "--", "&&", "]-a"]);
            self.text(first);
        }
        let members = match self.choices.below(16) {
            0..=12 => self.choices.within(1, 4),
            13..=14 => self.choices.within(3, 10),
            _ => self.choices.within(10, 40),
        };
        for _ in 0..members {
            self.member();
        }
        if self.choices.one_in(16) {
            self.text("-");
        }
        self.text("]");
    }

    fn member(&mut self) {
        match self.choices.below(16) {
            0..=7 => {
                let c = character(self.choices, self.is_bytes);
                self.member_of(c);
            }
            8..=11 => self.range(),
            12 => self.category(),
            13..=14 => self.escape(),
            _ => {
                let doubled = self.choices.pick(&["&&", "||", "~~", "\\b", "&", "[", "[:a:]", "^"]);
                self.text(doubled);
            }
        }
    }

    fn range(&mut self) {
        let low = character(self.choices, self.is_bytes);
        let high = above(self.choices, low, self.is_bytes);
        self.member_of(low);
        self.text("-");
        if high == u32::from('-') && !self.choices.one_in(4) {
            self.text("\\");
        }
        self.member_of(high);
    }

    /// Writes a character as a member, with a backslash if it needs one.
    fn member_of(&mut self, c: u32) {
        if matches!(u8::try_from(c), Ok(b'\\' | b']' | b'-' | b'^')) {
            self.text("\\");
        }
        self.out.push(c);
    }
}
