//! Numbers in the pattern: the bounds of quantifiers, and the group that a conditional asks for.

use super::context::Parser;
use crate::diagnostics::{ErrorKind, RawError};
use crate::dialect::MAXREPEAT;
use crate::input::Source;
use crate::memory::Stop;
use crate::unicode;

/// `sys.get_int_max_str_digits()`, unless it was set to something else.
pub(super) const MAX_DIGITS: usize = 4300;
/// What Python's `int` makes of a text.
pub(super) enum Integer {
    /// Saturated.
    Value(u32),
    Invalid,
}
/// Digits in a row.
#[derive(Clone, Copy)]
pub(super) struct Number {
    pub(super) digits: usize,
    /// What they mean, saturated.
    pub(super) value: u64,
}

impl<S: Source> Parser<'_, S> {
    /// What `int` makes of a part of the pattern: white space around it, a sign, any decimal digits, single
    /// underscores between them.
    pub(super) fn python_int(&self, start: u32, end: u32) -> Integer {
        // Of ASCII fewer characters count as white space than `str.isspace` has.
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
        let valid = after_digit && rest.all(is_space) && digits <= MAX_DIGITS && !(negative && value > 0);
        if valid { Integer::Value(value) } else { Integer::Invalid }
    }

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

    /// The number as a bound; none where there are no digits.
    #[inline]
    pub(super) fn repeat_bound(&mut self, Number { digits, value }: Number) -> Result<Option<u32>, Stop> {
        match u32::try_from(value) {
            _ if digits == 0 => Ok(None),
            _ if digits > MAX_DIGITS => Err(self.raise(RawError::new(ErrorKind::IntegerTooLong { digits }))),
            Ok(value) if value < MAXREPEAT => Ok(Some(value)),
            _ => Err(self.raise(RawError::new(ErrorKind::RepeatTooLarge))),
        }
    }
}
