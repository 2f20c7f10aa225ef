//! Comparing two outcomes.

use std::fmt;

use serde::{Deserialize, Serialize};

use sre_case::wire::InterpreterInfo;
use sre_case::{Accepted, Case, Outcome, Rejected};
use sre_compiler::Dialect;

use crate::known::Known;
use crate::{rows, signature};

/// The dialects of the two outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dialects {
    /// The dialect of sre-compiler.
    pub rust: Dialect,
    /// The interpreter's.
    pub cpython: Dialect,
}

/// An interpreter that was compared with another one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct TestedPython {
    /// Its version.
    pub label: String,
    /// The argument that selected it.
    pub argument: String,
}

/// The first aspect in which two outcomes differ, in the order of compilation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Aspect {
    /// sre-compiler panicked.
    Panic,
    /// The tested interpreter crashed, or gave no answer.
    NoAnswer,
    /// Only one side rejects the pattern, or both do with a different type, text or position.
    Error,
    /// The tree dump, if both sides have one.
    Tree,
    /// The code words, or, for dialects that number opcodes differently, the instructions.
    Code,
    /// The flags.
    Flags,
    /// The number of groups, or their names.
    Groups,
    /// The warnings.
    Warning,
    /// The disassembly of the same code, if both sides have one.
    Dis,
    /// Whether `_sre` accepts the code, if both sides say.
    Validity,
}

/// A case for which the outcomes of sre-compiler and CPython differ.
#[derive(Clone, Debug)]
pub struct Divergence {
    /// The case.
    pub case: Case,
    /// The original case, if `case` was minimized.
    pub found_as: Option<Case>,
    /// The version of the interpreter.
    pub python: String,
    /// The argument of `--pythons` for the interpreter; `None` for a recorded outcome.
    pub interpreter: Option<String>,
    /// The interpreter in the place of sre-compiler, if two interpreters were compared.
    pub tested: Option<TestedPython>,
    /// The dialect of each side.
    pub dialects: Dialects,
    /// Whether the interpreter has no dialect: then that in `dialects` is the nearest one.
    pub is_nearest: bool,
    /// The first difference.
    pub aspect: Aspect,
    /// A short, stable description without the pattern, which the same bug also gives for other
    /// patterns.
    pub signature: String,
    /// The outcome of sre-compiler, or of the tested interpreter.
    pub rust: Outcome,
    /// The outcome of CPython.
    pub cpython: Outcome,
}

impl Divergence {
    /// Returns whether both sides accept the case with the same code.
    pub(crate) fn has_same_code(&self) -> bool {
        let codes = self.rust.accepted().zip(self.cpython.accepted());
        codes.is_some_and(|(rust, cpython)| rows::same_code(self.dialects, &rust.code, &cpython.code))
    }
}

/// How two outcomes compare.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The outcomes are equal.
    Equal,
    /// The interpreter gave no outcome.
    NoAnswer {
        /// What happened instead.
        why: String,
    },
    /// A known, deliberate difference.
    Known(Known),
    /// An unknown difference: a bug.
    Divergent(Box<Divergence>),
}

/// Compares the outcomes of sre-compiler and an interpreter for a case.
pub fn compare(
    case: &Case,
    python: &InterpreterInfo,
    dialect: Dialect,
    rust: &Outcome,
    cpython: &Outcome,
) -> Verdict {
    if let Outcome::NoAnswer { why } = cpython {
        return Verdict::NoAnswer { why: why.clone() };
    }
    // Finding the dialect takes longer than comparing most outcomes, and equal ones do not need it.
    if rust == cpython {
        return Verdict::Equal;
    }
    let dialects = Dialects { rust: dialect, cpython: python.nearest_dialect() };
    let Some(aspect) = first_difference(dialects, rust, cpython) else { return Verdict::Equal };
    if let Some(known) = Known::of(case, python, rust, cpython) {
        return Verdict::Known(known);
    }
    Verdict::Divergent(Box::new(Divergence {
        case: case.clone(),
        found_as: None,
        python: python.label(),
        interpreter: None,
        tested: None,
        dialects,
        is_nearest: python.dialect().is_err(),
        aspect,
        signature: signature::of(aspect, dialects, rust, cpython),
        rust: rust.clone(),
        cpython: cpython.clone(),
    }))
}

/// The beginning of the reason why sre-compiler gave no answer, if it panicked.
pub(crate) const PANIC: &str = "panic: ";

/// Returns the first difference of two outcomes; `None` if they are equal.
pub fn first_difference(dialects: Dialects, rust: &Outcome, cpython: &Outcome) -> Option<Aspect> {
    match (rust, cpython) {
        (Outcome::Accepted(rust), Outcome::Accepted(cpython)) => accepted_difference(dialects, rust, cpython),
        (Outcome::Rejected(rust), Outcome::Rejected(cpython)) => rejected_difference(rust, cpython),
        (Outcome::NoAnswer { why }, _) if why.starts_with(PANIC) => Some(Aspect::Panic),
        (Outcome::NoAnswer { .. }, _) => Some(Aspect::NoAnswer),
        _ => Some(Aspect::Error),
    }
}

fn accepted_difference(dialects: Dialects, rust: &Accepted, cpython: &Accepted) -> Option<Aspect> {
    let shown_differently = |rust: &Option<String>, cpython: &Option<String>| match (rust, cpython) {
        (Some(rust), Some(cpython)) => rust != cpython,
        _ => false,
    };
    let groups = (rust.groups, &rust.group_index) != (cpython.groups, &cpython.group_index);
    [
        (Aspect::Tree, shown_differently(&rust.tree, &cpython.tree)),
        (Aspect::Code, !rows::same_code(dialects, &rust.code, &cpython.code)),
        (Aspect::Flags, rust.flags != cpython.flags),
        (Aspect::Groups, groups),
        (Aspect::Warning, rust.warnings != cpython.warnings),
        (Aspect::Dis, shown_differently(&rust.dis, &cpython.dis)),
        (Aspect::Validity, rust.valid.zip(cpython.valid).is_some_and(|(rust, cpython)| rust != cpython)),
    ]
    .into_iter()
    .find_map(|(aspect, differs)| differs.then_some(aspect))
}

fn rejected_difference(rust: &Rejected, cpython: &Rejected) -> Option<Aspect> {
    let Rejected { exception, message, pos, lineno, colno, warnings } = rust;
    // The text of CPython's RecursionError depends on where the limit is reached.
    let recursion = *exception == "RecursionError";
    let same_text =
        (message, pos, lineno, colno) == (&cpython.message, &cpython.pos, &cpython.lineno, &cpython.colno);
    let same = *exception == cpython.exception && (recursion || same_text);
    (!same).then_some(Aspect::Error).or((*warnings != cpython.warnings).then_some(Aspect::Warning))
}

impl Aspect {
    /// Returns its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Aspect::Panic => "panic",
            Aspect::NoAnswer => "no answer",
            Aspect::Error => "error",
            Aspect::Tree => "tree",
            Aspect::Code => "code",
            Aspect::Flags => "flags",
            Aspect::Groups => "groups",
            Aspect::Warning => "warning",
            Aspect::Dis => "dis",
            Aspect::Validity => "validity",
        }
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
