//! Comparing two outcomes.

use std::fmt;

use sre_case::wire::InterpreterInfo;
use sre_case::{Accepted, Case, Outcome, Rejected};
use sre_compiler::Dialect;

use crate::known::Known;
use crate::{rows, signature};

/// The dialects of two outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dialects {
    /// What our compiler was asked to be.
    pub rust: Dialect,
    /// The interpreter's.
    pub cpython: Dialect,
}

/// What two outcomes differ in first, in the order in which a pattern is compiled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Aspect {
    /// Our compiler panicked.
    Panic,
    /// One accepts and one refuses; or both refuse, with another type, text or position.
    Error,
    /// The tree dump. Compared only if both sides have it.
    Tree,
    /// The words; between dialects that number opcodes differently, the instructions.
    Code,
    /// The flags.
    Flags,
    /// The number of groups, or their names.
    Groups,
    /// The warnings.
    Warning,
    /// The disassembly of the same words. Compared only if both sides have it.
    Dis,
    /// Whether `_sre` takes the words. Compared only if both sides have it.
    Validity,
}

/// A case that our compiler and CPython treat differently.
#[derive(Clone, Debug)]
pub struct Divergence {
    /// The case.
    pub case: Case,
    /// The case that it was found with, if this one was made from it by leaving away what does not matter.
    pub found_as: Option<Case>,
    /// The version of the interpreter.
    pub python: String,
    /// What `--pythons` takes for the same interpreter; none if no interpreter at hand gave the outcome.
    pub interpreter: Option<String>,
    /// The dialect of each side.
    pub dialects: Dialects,
    /// Where the outcomes differ first.
    pub aspect: Aspect,
    /// Short and stable, without the pattern: what the same bug gives for another pattern, too.
    pub signature: String,
    /// Our outcome.
    pub rust: Outcome,
    /// CPython's.
    pub cpython: Outcome,
}

impl Divergence {
    /// Whether both sides accept the case with the same code.
    pub(crate) fn has_same_code(&self) -> bool {
        let codes = self.rust.accepted().zip(self.cpython.accepted());
        codes.is_some_and(|(rust, cpython)| rows::same_code(self.dialects, &rust.code, &cpython.code))
    }
}

/// How two outcomes compare.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The same, in everything.
    Equal,
    /// The interpreter gave none.
    NoAnswer {
        /// What happened instead.
        why: String,
    },
    /// Different, as is known and meant.
    Known(Known),
    /// Different: a bug.
    Divergent(Box<Divergence>),
}

/// Compares our outcome of a case with an interpreter's.
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
    // Identical outcomes need no dialect, which takes longer to find than most outcomes to compare.
    if rust == cpython {
        return Verdict::Equal;
    }
    let dialects = Dialects { rust: dialect, cpython: python.dialect().unwrap_or(dialect) };
    let Some(aspect) = first_difference(dialects, rust, cpython) else { return Verdict::Equal };
    if let Some(known) = Known::of(case, python, rust, cpython) {
        return Verdict::Known(known);
    }
    Verdict::Divergent(Box::new(Divergence {
        case: case.clone(),
        found_as: None,
        python: python.label(),
        interpreter: None,
        dialects,
        aspect,
        signature: signature::of(aspect, dialects, rust, cpython),
        rust: rust.clone(),
        cpython: cpython.clone(),
    }))
}

/// What two outcomes differ in first; none if they are the same.
pub fn first_difference(dialects: Dialects, rust: &Outcome, cpython: &Outcome) -> Option<Aspect> {
    match (rust, cpython) {
        (Outcome::Accepted(rust), Outcome::Accepted(cpython)) => accepted_difference(dialects, rust, cpython),
        (Outcome::Rejected(rust), Outcome::Rejected(cpython)) => rejected_difference(rust, cpython),
        (Outcome::NoAnswer { .. }, _) => Some(Aspect::Panic),
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
        (Aspect::Validity, rust.taken.zip(cpython.taken).is_some_and(|(rust, cpython)| rust != cpython)),
    ]
    .into_iter()
    .find_map(|(aspect, differs)| differs.then_some(aspect))
}

fn rejected_difference(rust: &Rejected, cpython: &Rejected) -> Option<Aspect> {
    let Rejected { exception, message, pos, lineno, colno, warnings } = rust;
    // CPython's text of a RecursionError depends on where exactly the limit is met.
    let recursion = *exception == "RecursionError";
    let told =
        (message, pos, lineno, colno) == (&cpython.message, &cpython.pos, &cpython.lineno, &cpython.colno);
    let same = *exception == cpython.exception && (recursion || told);
    (!same).then_some(Aspect::Error).or((*warnings != cpython.warnings).then_some(Aspect::Warning))
}

impl Aspect {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Aspect::Panic => "panic",
            Aspect::Error => "error",
            Aspect::Tree => "tree",
            Aspect::Code => "code",
            Aspect::Flags => "flags",
            Aspect::Groups => "groups",
            Aspect::Warning => "warning",
            Aspect::Dis => "dis",
            Aspect::Validity => "taken",
        }
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
