//! The kinds of errors.

/// What is wrong with a pattern. An [`Error`](crate::Error) adds the position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
#[allow(missing_docs)] // each name says what CPython's message says; see message.rs
pub enum ErrorKind {
    // escapes
    BadEscapeAtEnd,
    BadEscape,
    IncompleteEscape,
    /// `\U80000000` or above, which is an OverflowError (up to 3.12).
    EscapeBeyondInt,
    OctalEscapeTooLarge,
    MissingBraceOfName,
    UndefinedCharacterName,
    /// A named sequence in place of a character, which is a TypeError (up to 3.8).
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
    /// The parser's internal signal to start again, which escapes to the caller if it is raised
    /// twice (up to 3.10).
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
    /// Syntax or an optimization of a CPython that is not released yet, which this crate does not
    /// support; see [`Dialect::is_preview`](crate::Dialect::is_preview). That CPython may accept
    /// the pattern.
    UnsupportedInPreview {
        syntax: &'static str,
    },
    /// The pattern has a `\N{…}`, and this crate was built without its feature `names`. CPython
    /// accepts the pattern if there is such a character.
    NamesNotIncluded,
    /// More groups are nested than [`Compiler::set_max_nesting`](crate::Compiler::set_max_nesting)
    /// allows.
    TooDeep,
    OutOfMemory,
    /// More memory is needed than [`Compiler::set_max_bytes`](crate::Compiler::set_max_bytes)
    /// allows.
    MemoryLimit,
    /// The code is longer than [`Compiler::set_max_code`](crate::Compiler::set_max_code) allows.
    CodeLimit,
}
/// The class of an exception that CPython raises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Exception {
    /// `re.error`, which is named `PatternError` since 3.13.
    PatternError,
    OverflowError,
    ValueError,
    TypeError,
    RecursionError,
    MemoryError,
    /// `sre_parse.Verbose`.
    Verbose,
    /// CPython raises none: see [`ErrorKind::UnsupportedInPreview`].
    NotImplementedError,
}
impl Exception {
    /// Returns `error` for `re.error`, otherwise the name of the class.
    pub fn name(self) -> &'static str {
        match self {
            Exception::PatternError => "error",
            Exception::OverflowError => "OverflowError",
            Exception::ValueError => "ValueError",
            Exception::TypeError => "TypeError",
            Exception::RecursionError => "RecursionError",
            Exception::MemoryError => "MemoryError",
            Exception::Verbose => "Verbose",
            Exception::NotImplementedError => "NotImplementedError",
        }
    }
}
impl ErrorKind {
    /// Returns the class of the exception that CPython raises.
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
            ErrorKind::UnsupportedInPreview { .. } => Exception::NotImplementedError,
            ErrorKind::TooDeep => Exception::RecursionError,
            ErrorKind::OutOfMemory | ErrorKind::MemoryLimit | ErrorKind::CodeLimit => Exception::MemoryError,
            _ => Exception::PatternError,
        }
    }
}
