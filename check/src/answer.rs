//! The results of checking a pattern, as data.

use std::ops::Range;

use sre_case::{Case, PyText, Version, label};
use sre_compiler::{Error, ErrorKind, Warning};

use crate::module::Deprecated;

/// The answers of the checked versions for a pattern.
#[derive(Clone, Debug)]
pub struct Report {
    /// The pattern.
    pub case: Case,
    /// The checked versions, oldest first.
    pub versions: Vec<Version>,
    /// Their answers, each for a range of versions, in order; adjacent answers differ.
    pub answers: Vec<Answer>,
}

/// The answer of a range of versions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The range, as indices into [`Report::versions`].
    pub versions: Range<usize>,
    /// The error; `None` if the pattern compiles.
    pub error: Option<RegexError>,
    /// The warnings, in order.
    pub warnings: Vec<RegexWarning>,
    /// How the pattern matches differently than in the previous version that accepts it, if it
    /// does.
    pub difference: Option<Difference>,
}

/// An error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegexError {
    /// `error` for `re.error`, else the name of the exception's class.
    pub exception: &'static str,
    /// CPython's text, without the position.
    pub message: PyText,
    /// The position in characters, with line and column counted from 1.
    pub place: Option<(usize, usize, usize)>,
    /// What is wrong, if it is the pattern.
    pub kind: Option<ErrorKind>,
}

/// A warning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegexWarning {
    /// The name of its class.
    pub category: &'static str,
    /// CPython's text.
    pub text: String,
    /// The position in characters; `None` for a warning about the call instead of the pattern.
    pub pos: Option<usize>,
}

/// A difference between what the code of two versions matches.
///
/// The texts are for people: the code around the first difference, with the characters that each
/// instruction matches according to the tables of the version. Different code that matches the same
/// is no difference. What the interpreter looks up while it matches is not compared: `\w`, `\d`,
/// `\s` and `\b`, case-insensitive back references, the locale.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The previous version.
    pub since: Version,
    /// What the code of the previous version matches.
    pub before: String,
    /// What the code matches from this version on.
    pub after: String,
}

impl Difference {
    /// Returns the first line that is new or gone, for a message in one line: `: + U+10400 𐐀`
    pub(crate) fn first_change(&self) -> String {
        let diff = similar::TextDiff::from_lines(&self.before, &self.after);
        let change = diff.iter_all_changes().find(|change| change.tag() != similar::ChangeTag::Equal);
        change.map(|change| format!(": {} {}", change.tag(), change.value().trim())).unwrap_or_default()
    }
}

impl Report {
    /// Returns whether all versions accept the pattern.
    pub fn is_accepted(&self) -> bool {
        self.answers.iter().all(|answer| answer.error.is_none())
    }

    /// Returns whether any version warns.
    pub fn has_warnings(&self) -> bool {
        self.answers.iter().any(|answer| !answer.warnings.is_empty())
    }

    /// Returns whether there is an error, a warning or a difference.
    pub fn is_noteworthy(&self) -> bool {
        self.answers.len() > 1 || !self.is_accepted() || self.has_warnings()
    }

    /// Returns the name of an answer's range of versions.
    pub fn label(&self, answer: &Answer) -> String {
        label(&self.versions[answer.versions.clone()], answer.versions.start > 0)
    }
}

impl RegexError {
    pub(super) fn new(error: &Error) -> RegexError {
        let place = match (error.pos(), error.lineno(), error.colno()) {
            (Some(pos), Some(lineno), Some(colno)) => Some((pos, lineno, colno)),
            _ => None,
        };
        let message = PyText::from_code_points(&error.message());
        let exception = error.exception().name();
        RegexError { exception, message, place, kind: Some(error.kind()) }
    }

    /// Creates an error without a position in the pattern.
    pub(super) fn unplaced(exception: &'static str, message: &str) -> RegexError {
        RegexError { exception, message: PyText::from(message), place: None, kind: None }
    }

    /// Returns whether a name of `re` is missing, so that the pattern is not even read.
    pub fn is_about_the_call(&self) -> bool {
        matches!(self.exception, "AttributeError" | "ImportError" | "NameError")
    }

    /// Returns the position in characters.
    pub fn pos(&self) -> Option<usize> {
        self.place.map(|(pos, ..)| pos)
    }
}

impl RegexWarning {
    pub(super) fn new(warning: &Warning<'_>) -> RegexWarning {
        RegexWarning { category: warning.category(), text: warning.to_string(), pos: Some(warning.pos()) }
    }

    /// The class of deprecation warnings.
    pub(super) const DEPRECATION: &'static str = "DeprecationWarning";

    pub(super) fn deprecation(of: Deprecated) -> RegexWarning {
        RegexWarning { category: RegexWarning::DEPRECATION, text: of.to_string(), pos: None }
    }
}
