//! What versions say of a pattern, as data.

use std::ops::Range;

use sre_case::{Case, PyText, Version, label};
use sre_compiler::{Error, Warning};

use crate::module::Deprecated;

/// What the versions that were asked say of a pattern.
#[derive(Clone, Debug)]
pub struct Report {
    /// The pattern.
    pub case: Case,
    /// The versions that were asked, oldest first.
    pub versions: Vec<Version>,
    /// Their answers: each of a run of versions, in order, none twice in a row.
    pub answers: Vec<Answer>,
}

/// What a run of versions says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Which, as indices of [`Report::versions`].
    pub versions: Range<usize>,
    /// Why it is refused; none if it compiles.
    pub error: Option<RegexError>,
    /// The warnings, in order.
    pub warnings: Vec<RegexWarning>,
    /// How it matches otherwise than in the last version before that accepts it, if it does.
    pub difference: Option<Difference>,
}

/// An error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegexError {
    /// `error` for `re.error`, else the name of the exception's class.
    pub exception: &'static str,
    /// CPython's text, without the position.
    pub message: PyText,
    /// Where, in characters; with line and column, from 1.
    pub place: Option<(usize, usize, usize)>,
}

/// A warning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegexWarning {
    /// The name of its class.
    pub category: &'static str,
    /// CPython's text.
    pub text: String,
    /// Where, in characters; none for a warning of the call, not of the pattern.
    pub pos: Option<usize>,
}

/// What the code of two versions matches, where that is not the same.
///
/// The texts are for readers: the parts of the code around the first difference, with the characters that each
/// instruction matches, by the tables of the version. How the code is written does not count, nor does what the
/// interpreter looks up while it matches: `\w`, `\d`, `\s` and `\b`, back references that ignore case, the locale.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The version before.
    pub since: Version,
    /// What its code matches.
    pub before: String,
    /// What the code matches from here on.
    pub after: String,
}

impl Report {
    /// Do all versions compile it?
    pub fn is_accepted(&self) -> bool {
        self.answers.iter().all(|answer| answer.error.is_none())
    }

    /// Does any version warn?
    pub fn has_warnings(&self) -> bool {
        self.answers.iter().any(|answer| !answer.warnings.is_empty())
    }

    /// Is there anything to say but that all versions compile it alike?
    pub fn is_noteworthy(&self) -> bool {
        self.answers.len() > 1 || !self.is_accepted() || self.has_warnings()
    }

    /// What the versions of an answer are called.
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
        RegexError { exception: error.exception().name(), message, place }
    }

    /// An error that has no position in the pattern.
    pub(super) fn unplaced(exception: &'static str, message: &str) -> RegexError {
        RegexError { exception, message: PyText::from(message), place: None }
    }

    /// Where, in characters.
    pub fn pos(&self) -> Option<usize> {
        self.place.map(|(pos, ..)| pos)
    }
}

impl RegexWarning {
    pub(super) fn new(warning: &Warning<'_>) -> RegexWarning {
        RegexWarning { category: warning.category(), text: warning.to_string(), pos: Some(warning.pos()) }
    }

    /// The class of a warning of something deprecated.
    pub(super) const DEPRECATION: &'static str = "DeprecationWarning";

    pub(super) fn deprecation(of: Deprecated) -> RegexWarning {
        RegexWarning { category: RegexWarning::DEPRECATION, text: of.to_string(), pos: None }
    }
}
