//! What versions say of a pattern, as data.

use std::ops::Range;

use sre_compiler::{Error, Warning};

use crate::case::Case;
use crate::check::versions::{Version, label};
use crate::text::PyText;

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
    pub fault: Option<Fault>,
    /// The warnings, in order.
    pub warnings: Vec<Remark>,
    /// How the pattern is read otherwise than by the last versions before that accept it, if it is.
    pub difference: Option<Difference>,
}

/// An error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// `error` for `re.error`, else the name of the exception's class.
    pub exception: &'static str,
    /// CPython's text, without the position.
    pub message: PyText,
    /// Where, in characters; with line and column, from 1.
    pub place: Option<(usize, usize, usize)>,
}

/// A warning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// The name of its class.
    pub category: &'static str,
    /// CPython's text.
    pub text: String,
    /// Where, in characters.
    pub pos: usize,
}

/// The trees of a pattern that two versions read differently, as `re.DEBUG` prints them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The version before.
    pub since: Version,
    /// Its tree.
    pub before: String,
    /// The tree from here on.
    pub after: String,
}

impl Report {
    /// Do all versions compile it?
    pub fn is_accepted(&self) -> bool {
        self.answers.iter().all(|answer| answer.fault.is_none())
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

impl Fault {
    pub(super) fn new(error: &Error) -> Fault {
        let place = match (error.pos(), error.lineno(), error.colno()) {
            (Some(pos), Some(lineno), Some(colno)) => Some((pos, lineno, colno)),
            _ => None,
        };
        let message = PyText::from_code_points(&error.message());
        Fault { exception: error.exception().name(), message, place }
    }

    /// Where, in characters.
    pub fn pos(&self) -> Option<usize> {
        self.place.map(|(pos, ..)| pos)
    }
}

impl Remark {
    pub(super) fn new(warning: &Warning<'_>) -> Remark {
        Remark { category: warning.category(), text: warning.to_string(), pos: warning.pos() }
    }
}
