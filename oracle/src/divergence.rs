//! Comparing two outcomes.

use std::fmt;

use sre_case::wire::Hello;
use sre_case::{Accepted, Case, Outcome, Rejected};
use sre_compiler::Dialect;

use crate::known::Known;
use crate::{rows, signature};

/// The dialects of two outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dialects {
    /// What our compiler was asked to be.
    pub ours: Dialect,
    /// The interpreter's.
    pub theirs: Dialect,
}

/// What two outcomes differ in first, in the order in which a pattern is compiled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
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
    Taken,
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
    pub stage: Stage,
    /// Short and stable, without the pattern: what the same bug gives for another pattern, too.
    pub signature: String,
    /// Our outcome.
    pub ours: Outcome,
    /// CPython's.
    pub theirs: Outcome,
}

impl Divergence {
    /// Whether both sides accept the case with the same code.
    pub(crate) fn has_same_code(&self) -> bool {
        let codes = self.ours.accepted().zip(self.theirs.accepted());
        codes.is_some_and(|(ours, theirs)| rows::same_code(self.dialects, &ours.code, &theirs.code))
    }
}

/// How two outcomes compare.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The same, in everything.
    Same,
    /// The interpreter gave none.
    Lost {
        /// What happened instead.
        why: String,
    },
    /// Different, as is known and meant.
    Known(Known),
    /// Different: a bug.
    Different(Box<Divergence>),
}

/// Compares our outcome of a case with an interpreter's.
pub fn judge(case: &Case, python: &Hello, dialect: Dialect, ours: &Outcome, theirs: &Outcome) -> Verdict {
    if let Outcome::Lost { why } = theirs {
        return Verdict::Lost { why: why.clone() };
    }
    // Identical outcomes need no dialect, which takes longer to find than most outcomes to compare.
    if ours == theirs {
        return Verdict::Same;
    }
    let dialects = Dialects { ours: dialect, theirs: python.dialect().unwrap_or(dialect) };
    let Some(stage) = first_difference(dialects, ours, theirs) else { return Verdict::Same };
    if let Some(known) = Known::of(case, python, ours, theirs) {
        return Verdict::Known(known);
    }
    Verdict::Different(Box::new(Divergence {
        case: case.clone(),
        found_as: None,
        python: python.label(),
        interpreter: None,
        dialects,
        stage,
        signature: signature::of(stage, dialects, ours, theirs),
        ours: ours.clone(),
        theirs: theirs.clone(),
    }))
}

/// What two outcomes differ in first; none if they are the same.
pub fn first_difference(dialects: Dialects, ours: &Outcome, theirs: &Outcome) -> Option<Stage> {
    match (ours, theirs) {
        (Outcome::Accepted(ours), Outcome::Accepted(theirs)) => accepted_difference(dialects, ours, theirs),
        (Outcome::Rejected(ours), Outcome::Rejected(theirs)) => rejected_difference(ours, theirs),
        (Outcome::Lost { .. }, _) => Some(Stage::Panic),
        _ => Some(Stage::Error),
    }
}

fn accepted_difference(dialects: Dialects, ours: &Accepted, theirs: &Accepted) -> Option<Stage> {
    let shown_differently = |ours: &Option<String>, theirs: &Option<String>| match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours != theirs,
        _ => false,
    };
    let groups = (ours.groups, &ours.group_index) != (theirs.groups, &theirs.group_index);
    [
        (Stage::Tree, shown_differently(&ours.tree, &theirs.tree)),
        (Stage::Code, !rows::same_code(dialects, &ours.code, &theirs.code)),
        (Stage::Flags, ours.flags != theirs.flags),
        (Stage::Groups, groups),
        (Stage::Warning, ours.warnings != theirs.warnings),
        (Stage::Dis, shown_differently(&ours.dis, &theirs.dis)),
        (Stage::Taken, ours.taken.zip(theirs.taken).is_some_and(|(ours, theirs)| ours != theirs)),
    ]
    .into_iter()
    .find_map(|(stage, differs)| differs.then_some(stage))
}

fn rejected_difference(ours: &Rejected, theirs: &Rejected) -> Option<Stage> {
    let Rejected { exception, message, pos, lineno, colno, warnings } = ours;
    // CPython's text of a RecursionError depends on where exactly the limit is met.
    let recursion = *exception == "RecursionError";
    let told = (message, pos, lineno, colno) == (&theirs.message, &theirs.pos, &theirs.lineno, &theirs.colno);
    let same = *exception == theirs.exception && (recursion || told);
    (!same).then_some(Stage::Error).or((*warnings != theirs.warnings).then_some(Stage::Warning))
}

impl Stage {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Panic => "panic",
            Stage::Error => "error",
            Stage::Tree => "tree",
            Stage::Code => "code",
            Stage::Flags => "flags",
            Stage::Groups => "groups",
            Stage::Warning => "warning",
            Stage::Dis => "dis",
            Stage::Taken => "taken",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
