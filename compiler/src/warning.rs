//! Warnings as data.

use alloc::string::String;
use core::fmt;

/// A warning that compiling a pattern gives, in the words of CPython through `Display`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// What is warned of.
    pub kind: WarningKind,
    /// Where, in characters from the pattern's start.
    pub position: usize,
}

/// What a [`Warning`] is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WarningKind {
    /// `[[`: a set within a set, to a future syntax.
    NestedSet,
    /// `--` within a set.
    SetDifference,
    /// `&&` within a set.
    SetIntersection,
    /// `~~` within a set.
    SetSymmetricDifference,
    /// `||` within a set.
    SetUnion,
    /// A group's name or number that later versions refuse (3.11).
    BadGroupName {
        /// The name, as `repr` quotes it.
        name: String,
    },
    /// `(?i)` elsewhere than at the start (up to 3.10).
    FlagsNotAtStart {
        /// The first 20 characters of the pattern, as `repr` quotes them.
        start: String,
        /// Is the pattern longer than that?
        truncated: bool,
        /// Does the text of this version tell the position?
        positioned: bool,
    },
}

impl Warning {
    /// The name of the warning's class in Python.
    pub fn category(&self) -> &'static str {
        match self.kind {
            WarningKind::BadGroupName { .. } | WarningKind::FlagsNotAtStart { .. } => "DeprecationWarning",
            _ => "FutureWarning",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = match &self.kind {
            WarningKind::NestedSet => "nested set",
            WarningKind::SetDifference => "set difference",
            WarningKind::SetIntersection => "set intersection",
            WarningKind::SetSymmetricDifference => "set symmetric difference",
            WarningKind::SetUnion => "set union",
            WarningKind::BadGroupName { name } => {
                return write!(f, "bad character in group name {name} at position {}", self.position);
            }
            WarningKind::FlagsNotAtStart { start, truncated, positioned } => {
                write!(f, "Flags not at the start of the expression {start}")?;
                if *truncated {
                    f.write_str(" (truncated)")?;
                }
                if *positioned {
                    write!(f, " but at position {}", self.position)?;
                }
                return Ok(());
            }
        };
        write!(f, "Possible {set} at position {}", self.position)
    }
}
