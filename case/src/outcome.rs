//! The outcome of compiling a case.

use crate::case::Case;
use crate::text::PyText;

/// The outcome of compiling a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The pattern compiled.
    Accepted(Accepted),
    /// The pattern was rejected.
    Rejected(Rejected),
    /// No outcome: the interpreter died, hung, or wrote an invalid reply.
    NoAnswer {
        /// What happened instead.
        why: String,
    },
}

/// A compiled pattern.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Accepted {
    /// The words of `_code(parse(p, flags), flags)`.
    pub code: Vec<u32>,
    /// `flags | state.flags`.
    pub flags: i64,
    /// Number of groups, not counting group 0.
    pub groups: u32,
    /// The names of groups, in order of definition.
    pub group_index: Vec<(String, u32)>,
    /// The warnings, in order.
    pub warnings: Vec<Warning>,
    /// The tree printed by `re.DEBUG`, if it was requested.
    pub tree: Option<String>,
    /// The disassembly printed by `re.DEBUG`, if it was requested.
    pub dis: Option<String>,
    /// Whether `_sre.compile` accepts the code, if it was requested and could be determined.
    pub valid: Option<bool>,
}

/// A rejected pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// `error` for `re.error`, else the name of the exception's class.
    pub exception: String,
    /// The text, without the position.
    pub message: PyText,
    /// The position in characters.
    pub pos: Option<i64>,
    /// The line of it, from 1.
    pub lineno: Option<i64>,
    /// The column of it, from 1.
    pub colno: Option<i64>,
    /// The warnings that came before, in order.
    pub warnings: Vec<Warning>,
}

/// A warning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// The name of its class.
    pub category: String,
    /// Its text.
    pub text: PyText,
}

impl Outcome {
    /// Returns the compiled pattern, if it was accepted.
    pub fn accepted(&self) -> Option<&Accepted> {
        match self {
            Outcome::Accepted(accepted) => Some(accepted),
            _ => None,
        }
    }

    /// Returns the warnings, in order.
    pub fn warnings(&self) -> &[Warning] {
        match self {
            Outcome::Accepted(accepted) => &accepted.warnings,
            Outcome::Rejected(rejected) => &rejected.warnings,
            Outcome::NoAnswer { .. } => &[],
        }
    }
}

/// A source of outcomes: sre-compiler or an interpreter.
pub trait Oracle {
    /// Returns the outcome of a case.
    fn outcome(&mut self, case: &Case) -> Outcome;

    /// Returns the outcomes of several cases, in order.
    fn outcomes(&mut self, cases: &[Case]) -> Vec<Outcome> {
        cases.iter().map(|case| self.outcome(case)).collect()
    }

    /// Sets whether later outcomes contain the tree dump, the disassembly, and whether `_sre`
    /// accepts the code.
    fn set_debug(&mut self, debug: bool);
}
