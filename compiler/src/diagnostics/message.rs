//! CPython's text of each error.

use alloc::string::String;
use core::fmt::{self, Write};

use super::error::{Error, ErrorText};
use super::kind::ErrorKind;
use super::repr::write_str_repr;
use crate::dialect::{Dialect, DigitLimitText};

/// How a message shows the part of the pattern that it quotes.
enum Quote {
    Not,
    Raw,
    Repr,
    /// As a number in ASCII digits.
    Number,
}

impl Error {
    /// Returns the text before the quotation and how the quotation is shown. The text after it is
    /// appended to `tail`.
    fn parts(&self, tail: &mut String) -> Result<(&'static str, Quote), fmt::Error> {
        use ErrorKind::*;
        use Quote::*;
        Ok(match self.kind {
            BadEscapeAtEnd => ("bad escape (end of pattern)", Not),
            BadEscape => ("bad escape ", Raw),
            IncompleteEscape => ("incomplete escape ", Raw),
            EscapeBeyondInt => ("Python int too large to convert to C int", Not),
            OctalEscapeTooLarge => {
                tail.write_str(" outside of range 0-0o377")?;
                ("octal escape value ", Raw)
            }
            MissingBraceOfName => ("missing {", Not),
            UndefinedCharacterName => ("undefined character name ", Repr),
            NamedSequence { length } => {
                write!(tail, "{length} found")?;
                ("ord() expected a character, but string of length ", Not)
            }
            MissingGroupName => ("missing group name", Not),
            MissingCharacterName => ("missing character name", Not),
            UnterminatedName { terminator } => {
                write!(tail, "{terminator}, unterminated name")?;
                ("missing ", Not)
            }
            BadGroupName => ("bad character in group name ", Repr),
            UnknownGroupName => ("unknown group name ", Repr),
            RedefinedGroupName { group, was } => {
                write!(tail, " as group {group}; was group {was}")?;
                ("redefinition of group name ", Repr)
            }
            BadGroupNumber => ("bad group number", Not),
            InvalidGroupReference => ("invalid group reference ", Number),
            OpenGroup => ("cannot refer to an open group", Not),
            LookbehindGroup => ("cannot refer to group defined in the same lookbehind subpattern", Not),
            TooManyGroups => ("too many groups", Not),
            ConditionalBranches => ("conditional backref with more than two branches", Not),
            UnexpectedEnd => ("unexpected end of pattern", Not),
            UnknownExtension => ("unknown extension ", Raw),
            UnterminatedSubpattern => ("missing ), unterminated subpattern", Not),
            UnterminatedComment => ("missing ), unterminated comment", Not),
            UnbalancedParenthesis => ("unbalanced parenthesis", Not),
            GlobalFlagsNotFirst => ("global flags not at the start of the expression", Not),
            UnknownFlag => ("unknown flag", Not),
            MissingFlag => ("missing flag", Not),
            MissingFlagsEnd => ("missing -, : or )", Not),
            MissingColon => ("missing :", Not),
            GlobalFlagTurnedOn => ("bad inline flags: cannot turn on global flag", Not),
            GlobalFlagTurnedOff => ("bad inline flags: cannot turn off global flag", Not),
            FlagTurnedOnAndOff => ("bad inline flags: flag turned on and off", Not),
            TypeFlagTurnedOff => ("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", Not),
            TypeFlagsIncompatible => ("bad inline flags: flags 'a', 'u' and 'L' are incompatible", Not),
            LocaleFlagInStr => ("bad inline flags: cannot use 'L' flag with a str pattern", Not),
            UnicodeFlagInBytes => ("bad inline flags: cannot use 'u' flag with a bytes pattern", Not),
            LocaleWithStr => ("cannot use LOCALE flag with a str pattern", Not),
            UnicodeWithBytes => ("cannot use UNICODE flag with a bytes pattern", Not),
            AsciiWithUnicode => ("ASCII and UNICODE flags are incompatible", Not),
            AsciiWithLocale => ("ASCII and LOCALE flags are incompatible", Not),
            VerboseRestart => ("", Not),
            UnterminatedSet => ("unterminated character set", Not),
            BadRange => ("bad character range ", Raw),
            NothingToRepeat => ("nothing to repeat", Not),
            MultipleRepeat => ("multiple repeat", Not),
            MinGreaterThanMax => ("min repeat greater than max repeat", Not),
            RepeatTooLarge => ("the repetition number is too large", Not),
            IntegerTooLong { digits } => {
                let advice = "; use sys.set_int_max_str_digits() to increase the limit";
                let (unit, advice) = match self.rules.digit_limit_text {
                    DigitLimitText::Bare => ("", ""),
                    DigitLimitText::Advice => ("", advice),
                    DigitLimitText::AdviceInDigits => (" digits", advice),
                };
                write!(
                    tail,
                    "(4300{unit}) for integer string conversion: value has {digits} digits{advice}"
                )?;
                ("Exceeds the limit ", Not)
            }
            TemplateRepeat { operator } => {
                tail.write_str(operator)?;
                ("internal: unsupported template operator ", Not)
            }
            VariableLookbehind => ("look-behind requires fixed-width pattern", Not),
            LookbehindTooLong => ("looks too much behind", Not),
            UnsupportedInPreview { syntax } => {
                write!(tail, " not supported yet in the preview of CPython {}", Dialect(self.rules))?;
                (syntax, Not)
            }
            NamesNotIncluded => {
                ("\\N{…} is not supported: sre-compiler was built without the feature `names`", Not)
            }
            TooDeep => ("maximum recursion depth exceeded", Not),
            OutOfMemory => ("", Not),
            MemoryLimit => ("more memory is needed than the limit allows", Not),
            CodeLimit => ("the code is longer than the limit allows", Not),
        })
    }

    /// Writes CPython's text without the position, one code point at a time.
    pub(crate) fn write_message(&self, out: &mut dyn FnMut(u32)) {
        // Only the quotation can have characters beyond ASCII.
        let escape = self.is_bytes && self.rules.bytes_messages_are_ascii;
        let mut out = |c: u32| match c {
            0x80.. if escape => {
                let mut text = String::new();
                let _ = write!(text, "\\x{c:02x}");
                text.chars().for_each(|c| out(u32::from(c)));
            }
            _ => out(c),
        };
        let mut tail = String::new();
        let Ok((head, quote)) = self.parts(&mut tail) else { return };
        head.chars().for_each(|c| out(u32::from(c)));
        let quoted = self.quoted.iter().copied();
        match quote {
            Quote::Not => {}
            Quote::Raw => quoted.for_each(&mut out),
            Quote::Repr => {
                let mut text = String::new();
                let _ = write_str_repr(&mut text, quoted, self.rules.unicode);
                text.chars().for_each(|c| out(u32::from(c)));
            }
            Quote::Number => {
                let digits = quoted.filter_map(|c| self.rules.unicode.decimal(c));
                let mut significant = digits.skip_while(|&d| d == 0).peekable();
                if significant.peek().is_none() {
                    out(u32::from('0'));
                }
                significant.for_each(|d| out(u32::from(b'0' + d)));
            }
        }
        tail.chars().for_each(|c| out(u32::from(c)));
    }
}

impl fmt::Display for ErrorText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut result = Ok(());
        self.0.write_message(&mut |c| {
            result =
                result.and_then(|()| f.write_char(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)));
        });
        result
    }
}

impl fmt::Debug for ErrorText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ErrorText({self})")
    }
}

/// Writes what `str(exception)` returns. A lone surrogate is replaced by U+FFFD.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)?;
        if let Some(place) = self.place {
            write!(f, " at position {}", place.pos)?;
            if place.multiline {
                write!(f, " (line {}, column {})", place.lineno, place.colno)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.kind)
    }
}

impl core::error::Error for Error {}
