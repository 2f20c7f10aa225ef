//! Numbers in the pattern: the bounds of quantifiers, and the group of a conditional.

use super::context::Parser;
use super::stop::ParseStop;
use crate::diagnostics::{ErrorKind, RawError};
use crate::dialect::MAXREPEAT;
use crate::input::Source;
use crate::unicode;

/// The default of `sys.get_int_max_str_digits()`.
pub(crate) const MAX_DIGITS: usize = 4300;
/// The result of Python's `int` for a text.
pub(super) enum Integer {
    /// The value, saturated.
    Value(u32),
    Invalid,
}
/// A run of digits.
#[derive(Clone, Copy)]
pub(super) struct Number {
    pub(super) digits: usize,
    /// Their value, saturated.
    pub(super) value: u64,
}

impl<S: Source> Parser<'_, S> {
    /// Returns the result of `int` for a part of the pattern. It accepts white space around the
    /// number, a sign, decimal digits of any script, and single underscores between digits.
    pub(super) fn python_int(&self, start: u32, end: u32) -> Integer {
        // In ASCII, `int` skips fewer characters than `str.isspace` accepts.
        let is_space = |c: u32| match c {
            0..0x80 => matches!(c, 0x20 | 0x09..=0x0d),
            _ => unicode::is_space(c),
        };
        let mut rest = self.text(start, end).skip_while(|&c| is_space(c)).peekable();
        let negative = rest.next_if(|&c| c == 0x2b || c == 0x2d) == Some(0x2d);
        let (mut value, mut digits, mut after_digit) = (0u32, 0, false);
        while let Some(c) = rest.next_if(|&c| !is_space(c)) {
            match self.rules.unicode.decimal(c) {
                Some(digit) => {
                    value = value.saturating_mul(10).saturating_add(u32::from(digit));
                    digits += 1;
                    after_digit = true;
                }
                None if c == u32::from('_') && after_digit => after_digit = false,
                None => return Integer::Invalid,
            }
        }
        let valid =
            after_digit && rest.all(is_space) && !self.too_many_digits(digits) && !(negative && value > 0);
        if valid { Integer::Value(value) } else { Integer::Invalid }
    }

    /// Parses the digits that follow, if any.
    #[inline]
    pub(super) fn parse_number(&mut self) -> Number {
        let mut number = Number { digits: 0, value: 0 };
        while let Some(digit @ 0x30..=0x39) = self.tokens.unit() {
            number.digits += 1;
            number.value = number.value.saturating_mul(10).saturating_add(u64::from(digit - 0x30));
            self.tokens.skip();
        }
        number
    }

    /// Returns whether `int` refuses a number of that many digits.
    pub(super) fn too_many_digits(&self, digits: usize) -> bool {
        digits > self.limits.digits && self.rules.digits_limited
    }

    /// Returns a number as a bound of the repeat that begins at `start`, or `None` if it has no
    /// digits.
    #[inline]
    pub(super) fn repeat_bound(
        &mut self,
        Number { digits, value }: Number,
        start: u32,
    ) -> Result<Option<u32>, ParseStop> {
        if digits == 0 {
            return Ok(None);
        }
        if self.too_many_digits(digits) {
            return Err(self.raise(
                RawError::new(ErrorKind::IntegerTooLong { digits }).spanning(start, self.tokens.tell()),
            ));
        }
        match u32::try_from(value) {
            Ok(value) if value < MAXREPEAT => Ok(Some(value)),
            _ => {
                Err(self.raise(RawError::new(ErrorKind::RepeatTooLarge).spanning(start, self.tokens.tell())))
            }
        }
    }
}
