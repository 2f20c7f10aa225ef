//! An outcome: what a compiler makes of a case.

use crate::case::Case;
use crate::text::PyText;

/// What a compiler makes of a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It compiled.
    Accepted(Accepted),
    /// It raised.
    Rejected(Rejected),
    /// It gave no answer: the interpreter died, hung, or wrote what is none.
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
    /// How many groups, group 0 not counted.
    pub groups: u32,
    /// The names of groups, in order of definition.
    pub group_index: Vec<(String, u32)>,
    /// The warnings, in order.
    pub warnings: Vec<Warning>,
    /// What `re.DEBUG` prints first, if it was asked for.
    pub tree: Option<String>,
    /// What `re.DEBUG` prints last, if it was asked for.
    pub dis: Option<String>,
    /// Whether `_sre.compile` takes the words, if that was asked and could be answered.
    pub taken: Option<bool>,
}

/// A refused pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// `error` for `re.error`, else the name of the exception's class.
    pub exception: String,
    /// The text, without the position.
    pub message: PyText,
    /// Where, in characters.
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
    /// The compiled pattern, if it is one.
    pub fn accepted(&self) -> Option<&Accepted> {
        match self {
            Outcome::Accepted(accepted) => Some(accepted),
            _ => None,
        }
    }

    /// The warnings, in order.
    pub fn warnings(&self) -> &[Warning] {
        match self {
            Outcome::Accepted(accepted) => &accepted.warnings,
            Outcome::Rejected(rejected) => &rejected.warnings,
            Outcome::NoAnswer { .. } => &[],
        }
    }
}

/// What compiles cases: this project's compiler, or an interpreter.
pub trait Oracle {
    /// What it makes of a case.
    fn outcome(&mut self, case: &Case) -> Outcome;

    /// What it makes of several, in order.
    fn outcomes(&mut self, cases: &[Case]) -> Vec<Outcome> {
        cases.iter().map(|case| self.outcome(case)).collect()
    }

    /// Has the outcomes that follow hold the tree dump, the disassembly and whether `_sre` takes the code, or not.
    fn set_debug(&mut self, debug: bool);
}
