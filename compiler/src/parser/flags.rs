//! Inline flags.

use super::context::Parser;
use super::stop::ParseStop;
use crate::diagnostics::{ErrorKind, RawError};
use crate::flags::Flags;
use crate::input::Source;
use crate::input::Token;

/// The flags after `(?`.
pub(super) enum InlineFlags {
    /// `(?i)`, which is added to `State::flags`.
    Global,
    /// `(?i-s:`, for the group that follows.
    Scoped { add: Flags, del: Flags },
}

impl<S: Source> Parser<'_, S> {
    /// Returns the flag that a token stands for.
    ///
    /// CPython: `re/_parser.py`, `FLAGS`
    pub(super) fn flag(&self, token: Token) -> Option<Flags> {
        let flag = Flags::from_letter(token.ascii() as char)?;
        (flag != Flags::TEMPLATE || self.rules.template_flag).then_some(flag)
    }

    /// Returns whether one of the flags cannot be turned on or off in a part of the pattern.
    ///
    /// CPython: `re/_parser.py`, `GLOBAL_FLAGS`
    fn has_global(&self, flags: Flags) -> bool {
        self.rules.template_flag && flags.intersects(Flags::TEMPLATE)
    }

    /// CPython: `re/_parser.py`, `_parse_flags`
    pub(super) fn parse_flags(&mut self, first: Token) -> Result<InlineFlags, ParseStop> {
        let (mut add, mut del) = (Flags::empty(), Flags::empty());
        let mut token = first;
        while let Some(flag) = self.flag(token) {
            self.check_type_flag(flag)?;
            add |= flag;
            if flag.intersects(Flags::TYPE) && add.and(Flags::TYPE) != flag {
                return Err(self.raise(RawError::at(ErrorKind::TypeFlagsIncompatible, self.tokens.tell())));
            }
            token = self.flag_or(b")-:", ErrorKind::MissingFlagsEnd)?;
        }
        if token == Token::CLOSING {
            self.state.flags |= add;
            return Ok(InlineFlags::Global);
        }
        if self.has_global(add) {
            return Err(
                self.raise(RawError::at(ErrorKind::GlobalFlagTurnedOn, self.tokens.tell()).minus_chars(1))
            );
        }
        if token == Token::of('-') {
            token = self.flag_or(&[], ErrorKind::MissingFlag)?;
            while let Some(flag) = self.flag(token) {
                if flag.intersects(Flags::TYPE) {
                    return Err(self.raise(RawError::at(ErrorKind::TypeFlagTurnedOff, self.tokens.tell())));
                }
                del |= flag;
                token = self.flag_or(b":", ErrorKind::MissingColon)?;
            }
        }
        if self.has_global(del) {
            return Err(
                self.raise(RawError::at(ErrorKind::GlobalFlagTurnedOff, self.tokens.tell()).minus_chars(1))
            );
        }
        if add.intersects(del) {
            return Err(
                self.raise(RawError::at(ErrorKind::FlagTurnedOnAndOff, self.tokens.tell()).minus_chars(1))
            );
        }
        Ok(InlineFlags::Scoped { add, del })
    }

    /// Returns the next token, which must be a flag or one of the terminators.
    fn flag_or(&mut self, terminators: &[u8], missing: ErrorKind) -> Result<Token, ParseStop> {
        let start = self.tokens.tell();
        let token = self.tokens.get();
        if self.flag(token).is_some() || terminators.contains(&token.ascii()) {
            return Ok(token);
        }
        let is_letter = token.char().is_some_and(|c| self.rules.unicode.is_alpha(c));
        Err(self.raise(RawError::at(if is_letter { ErrorKind::UnknownFlag } else { missing }, start)))
    }

    /// Checks that `L` is used in `bytes` patterns only, and `u` in `str` patterns only.
    fn check_type_flag(&mut self, flag: Flags) -> Result<(), ParseStop> {
        let kind = if S::TEXT && flag == Flags::LOCALE {
            ErrorKind::LocaleFlagInStr
        } else if !S::TEXT && flag == Flags::UNICODE {
            ErrorKind::UnicodeFlagInBytes
        } else {
            return Ok(());
        };
        Err(self.raise(RawError::at(kind, self.tokens.tell())))
    }
}

/// Checks the flags against the type of the pattern, and adds the default of `str` patterns.
///
/// CPython: `re/_parser.py`, `fix_flags`
pub(super) fn fix_flags(is_text: bool, flags: Flags) -> Result<Flags, ErrorKind> {
    let (ascii, locale, unicode) =
        (flags.intersects(Flags::ASCII), flags.intersects(Flags::LOCALE), flags.intersects(Flags::UNICODE));
    if is_text {
        if locale {
            return Err(ErrorKind::LocaleWithStr);
        }
        if ascii && unicode {
            return Err(ErrorKind::AsciiWithUnicode);
        }
        return Ok(if ascii { flags } else { flags | Flags::UNICODE });
    }
    if unicode {
        return Err(ErrorKind::UnicodeWithBytes);
    }
    if ascii && locale {
        return Err(ErrorKind::AsciiWithLocale);
    }
    Ok(flags)
}
