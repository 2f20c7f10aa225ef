//! Errors as data: what is wrong, where, and the part of the pattern concerned.
//! CPython's text of each is in `message.rs`.

use alloc::vec::Vec;

use crate::dialect::Rules;
use crate::input::Pattern;
use crate::pool::{Budget, Stop, grow};

/// Why a pattern is refused.
///
/// `Display` writes what `str(exception)` gives in Python; [`message`](Error::message) the text without position.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    pub(crate) kind: ErrorKind,
    /// The piece of the pattern that the message quotes.
    pub(crate) argument: Vec<u32>,
    pub(crate) place: Option<Place>,
    pub(crate) is_bytes: bool,
    pub(crate) rules: &'static Rules,
}

/// Where in the pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub pos: usize,
    pub lineno: usize,
    pub colno: usize,
    /// Does the pattern have several lines? Only then the text names line and column.
    pub multiline: bool,
}

/// What is wrong with a pattern; [`Error`] adds where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
#[allow(missing_docs)] // each name says what CPython's message says; see message.rs
pub enum ErrorKind {
    // escapes
    BadEscapeAtEnd,
    BadEscape,
    IncompleteEscape,
    /// `\U80000000` and above raised a bare OverflowError (up to 3.12).
    EscapeBeyondInt,
    OctalEscapeTooLarge,
    MissingBraceOfName,
    UndefinedCharacterName,
    /// A named sequence where one character is wanted raised a bare TypeError (up to 3.8).
    NamedSequence {
        length: u32,
    },
    // names and references
    MissingGroupName,
    MissingCharacterName,
    UnterminatedName {
        terminator: char,
    },
    BadGroupName,
    UnknownGroupName,
    RedefinedGroupName {
        group: u32,
        was: u32,
    },
    BadGroupNumber,
    InvalidGroupReference,
    OpenGroup,
    LookbehindGroup,
    TooManyGroups,
    // groups
    ConditionalBranches,
    UnexpectedEnd,
    UnknownExtension,
    UnterminatedSubpattern,
    UnterminatedComment,
    UnbalancedParenthesis,
    // flags
    GlobalFlagsNotFirst,
    UnknownFlag,
    MissingFlag,
    MissingFlagsEnd,
    MissingColon,
    GlobalFlagTurnedOn,
    GlobalFlagTurnedOff,
    FlagTurnedOnAndOff,
    TypeFlagTurnedOff,
    TypeFlagsIncompatible,
    LocaleFlagInStr,
    UnicodeFlagInBytes,
    LocaleWithStr,
    UnicodeWithBytes,
    AsciiWithUnicode,
    AsciiWithLocale,
    /// The parser's own signal to start again, which CPython lets escape where it comes twice (up to 3.10).
    VerboseRestart,
    // sets
    UnterminatedSet,
    BadRange,
    // repeats
    NothingToRepeat,
    MultipleRepeat,
    MinGreaterThanMax,
    RepeatTooLarge,
    IntegerTooLong {
        digits: usize,
    },
    // code generation
    TemplateRepeat {
        operator: &'static str,
    },
    VariableLookbehind,
    LookbehindTooLong,
    // limits
    /// More groups are nested than [`Compiler::set_max_nesting`](crate::Compiler::set_max_nesting) allows.
    TooDeep,
    OutOfMemory,
    /// More memory is needed than [`Compiler::set_max_bytes`](crate::Compiler::set_max_bytes) allows.
    MemoryLimit,
    /// The code is longer than [`Compiler::set_max_code`](crate::Compiler::set_max_code) allows.
    CodeLimit,
}

/// The class of exception that CPython raises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Exception {
    /// `re.error`, called `PatternError` from 3.13.
    PatternError,
    OverflowError,
    ValueError,
    TypeError,
    RecursionError,
    MemoryError,
    /// `sre_parse.Verbose`.
    Verbose,
}

impl Exception {
    /// `error` for `re.error`, else the name of the class.
    pub fn name(self) -> &'static str {
        match self {
            Exception::PatternError => "error",
            Exception::OverflowError => "OverflowError",
            Exception::ValueError => "ValueError",
            Exception::TypeError => "TypeError",
            Exception::RecursionError => "RecursionError",
            Exception::MemoryError => "MemoryError",
            Exception::Verbose => "Verbose",
        }
    }
}

impl ErrorKind {
    /// The class of exception that CPython raises.
    pub fn exception(self) -> Exception {
        match self {
            ErrorKind::RepeatTooLarge | ErrorKind::EscapeBeyondInt => Exception::OverflowError,
            ErrorKind::LocaleWithStr
            | ErrorKind::UnicodeWithBytes
            | ErrorKind::AsciiWithUnicode
            | ErrorKind::AsciiWithLocale
            | ErrorKind::IntegerTooLong { .. } => Exception::ValueError,
            ErrorKind::NamedSequence { .. } => Exception::TypeError,
            ErrorKind::VerboseRestart => Exception::Verbose,
            ErrorKind::TooDeep => Exception::RecursionError,
            ErrorKind::OutOfMemory | ErrorKind::MemoryLimit | ErrorKind::CodeLimit => Exception::MemoryError,
            _ => Exception::PatternError,
        }
    }
}

impl Error {
    /// What is wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The class of exception that CPython raises.
    pub fn exception(&self) -> Exception {
        self.kind.exception()
    }

    /// Where, in characters from the pattern's start; none where CPython tells none.
    pub fn pos(&self) -> Option<usize> {
        self.place.map(|place| place.pos)
    }

    /// The line of [`pos`](Error::pos), from 1.
    pub fn lineno(&self) -> Option<usize> {
        self.place.map(|place| place.lineno)
    }

    /// The column of [`pos`](Error::pos), from 1.
    pub fn colno(&self) -> Option<usize> {
        self.place.map(|place| place.colno)
    }

    /// CPython's text, without the position, as code points: it may quote a lone surrogate.
    pub fn message(&self) -> Vec<u32> {
        let mut text = Vec::new();
        self.write_message(&mut |c| text.push(c));
        text
    }

    /// Gives what was raised its pattern, of which it may quote that many bytes.
    pub(crate) fn new(raise: Raise, pattern: Pattern<'_>, rules: &'static Rules, max_bytes: usize) -> Error {
        let (raise, argument) = match raise.quoted(pattern, max_bytes) {
            Ok(argument) => (raise, argument),
            Err(stop) => (stop.into(), Vec::new()),
        };
        let place = (raise.index != NOWHERE).then(|| {
            let pos = pattern.count_between(0, raise.index as usize) - raise.back as usize;
            Place::new(pattern, pos)
        });
        Error { kind: raise.kind, argument, place, is_bytes: pattern.is_bytes(), rules }
    }
}

impl Place {
    /// CPython: `re/_constants.py`, `PatternError.__init__`
    fn new(pattern: Pattern<'_>, pos: usize) -> Place {
        let newline = u32::from('\n');
        let (mut lineno, mut line_start, mut multiline) = (1, 0, false);
        for (index, _) in pattern.chars().enumerate().filter(|&(_, c)| c == newline) {
            multiline = true;
            if index >= pos {
                break;
            }
            lineno += 1;
            line_start = index + 1;
        }
        Place { pos, lineno, colno: pos - line_start + 1, multiline }
    }
}

/// A part of the pattern, as indices of code units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Span {
    pub start: u32,
    pub end: u32,
}

const NOWHERE: u32 = u32::MAX;

/// The characters of `\a-\b`.
const LONGEST_RANGE: usize = 5;

/// An error on its way up: small, and without the pattern, whose positions are only counted at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Raise {
    pub kind: ErrorKind,
    /// The code unit that the position is counted at.
    index: u32,
    /// How many characters before it the error is.
    back: u32,
    /// What the message quotes. For a bad range the start of each of its two tokens.
    argument: Span,
}

impl Raise {
    /// An error without position.
    pub(crate) fn plain(kind: ErrorKind) -> Raise {
        Raise { kind, index: NOWHERE, back: 0, argument: Span::default() }
    }

    /// An error at a code unit.
    pub(crate) fn at(kind: ErrorKind, index: u32) -> Raise {
        Raise { kind, index, back: 0, argument: Span::default() }
    }

    /// The position is that many characters further left.
    pub(crate) fn back(mut self, characters: u32) -> Raise {
        self.back = characters;
        self
    }

    /// The part of the pattern that the message quotes.
    fn quoted(&self, pattern: Pattern<'_>, max_bytes: usize) -> Result<Vec<u32>, Stop> {
        let (start, end) = (self.argument.start as usize, self.argument.end as usize);
        let is_range = self.kind == ErrorKind::BadRange;
        let length = if is_range { LONGEST_RANGE } else { pattern.count_between(start, end) };
        let mut argument = Vec::new();
        if length > 0 {
            grow(&mut argument, length, &mut Budget(max_bytes))?;
        }
        if !is_range {
            argument.extend(pattern.chars_between(start, end));
            return Ok(argument);
        }
        for token in [start, end] {
            argument.extend((!argument.is_empty()).then_some(u32::from('-')));
            let escaped = pattern.chars_between(token, token + 1).eq([u32::from('\\')]);
            let length = if escaped { 2 } else { 1 };
            argument.extend(pattern.chars_between(token, pattern.len()).take(length));
        }
        Ok(argument)
    }

    /// The message quotes this part of the pattern.
    pub(crate) fn quoting(mut self, start: u32, end: u32) -> Raise {
        self.argument = Span { start, end };
        self
    }
}

/// For what stops by itself; what was raised has to be asked for.
impl From<Stop> for Raise {
    fn from(stop: Stop) -> Raise {
        Raise::plain(match stop {
            Stop::MemoryLimit => ErrorKind::MemoryLimit,
            Stop::CodeLimit => ErrorKind::CodeLimit,
            Stop::OutOfMemory | Stop::Raised | Stop::FlagsChanged => ErrorKind::OutOfMemory,
        })
    }
}
