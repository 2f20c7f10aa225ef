//! Where in a pattern two outcomes begin to differ.

use std::ops::Range;

use sre_case::{Outcome, Warning};
use sre_compiler::{Compiler, Program};

use crate::divergence::{Aspect, Divergence};
use crate::rows;

/// The first difference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Our line of the tree or the code; none where only theirs goes on, or it is not about lines.
    pub rust: Option<String>,
    /// Theirs.
    pub cpython: Option<String>,
    /// The line is that of a set's member.
    in_set: bool,
    /// The part of the pattern that it came from, in characters, if that is known.
    pub span: Option<Range<usize>>,
}

impl Place {
    /// The first word of what differs: an opcode.
    pub(super) fn word(&self) -> &str {
        let line = self.cpython.as_ref().or(self.rust.as_ref());
        let word = line.and_then(|line| line.split_whitespace().next()).unwrap_or_default();
        if self.in_set { "RANGE" } else { word }
    }
}

/// Finds it; none where a difference has no place, as that of flags.
pub(super) fn find(divergence: &Divergence) -> Option<Place> {
    let (rust, cpython) = (&divergence.rust, &divergence.cpython);
    match divergence.aspect {
        Aspect::Error => {
            let pos = |outcome: &Outcome| match outcome {
                Outcome::Rejected(rejected) => rejected.pos.and_then(|pos| usize::try_from(pos).ok()),
                _ => None,
            };
            character(pos(cpython).or(pos(rust))?)
        }
        Aspect::Warning => {
            let (rust, cpython) = (rust.warnings(), cpython.warnings());
            let differs = |n: &usize| rust.get(*n) != cpython.get(*n);
            let at = (0..rust.len().max(cpython.len())).find(differs)?;
            character(cpython.get(at).and_then(position).or_else(|| position(rust.get(at)?))?)
        }
        Aspect::Tree => {
            let tree = |outcome| Outcome::accepted(outcome).and_then(|accepted| accepted.tree.as_deref());
            let found = rows::first_difference(rows::of_text(tree(rust)), rows::of_text(tree(cpython)))?;
            // Nodes do not know their part of the pattern; the code made of them does.
            let span = in_code(divergence).and_then(|place| place.span);
            Some(Place { rust: found.rust, cpython: found.cpython, in_set: false, span })
        }
        Aspect::Code | Aspect::Dis | Aspect::Validity => in_code(divergence),
        Aspect::Panic | Aspect::Flags | Aspect::Groups => None,
    }
}

fn character(pos: usize) -> Option<Place> {
    Some(Place { rust: None, cpython: None, in_set: false, span: Some(pos..pos + 1) })
}

/// A warning's text ends in its position, if it has one.
fn position(warning: &Warning) -> Option<usize> {
    let text = warning.text.to_string();
    let (_, after) = text.rsplit_once("at position ")?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn in_code(divergence: &Divergence) -> Option<Place> {
    let (rust, cpython) = (divergence.rust.accepted()?, divergence.cpython.accepted()?);
    let [rust_rows, cpython_rows] = rows::of_code(divergence.dialects, rust, cpython);
    let found = rows::first_difference(rust_rows, cpython_rows)?;
    let ends_set = |row: &String| row.starts_with("LITERAL") || row == "FAILURE";
    let in_set = found.in_set && found.rust.as_ref().is_some_and(ends_set);
    let span = found.word.and_then(|word| span(divergence, &rust.code, word));
    Some(Place { rust: found.rust, cpython: found.cpython, in_set, span })
}

/// The part of the pattern that an instruction of our code came from.
fn span(divergence: &Divergence, code: &[u32], word: usize) -> Option<Range<usize>> {
    let dialect = divergence.dialects.rust;
    let mut compiler = Compiler::new(dialect);
    compiler.record_origins(true);
    let mut program = Program::new(dialect);
    compiler.compile_into(divergence.case.pattern(), divergence.case.flags, &mut program).ok()?;
    // Another outcome than it was: planted, or of another compiler.
    if program.code() != code {
        return None;
    }
    let origin = program.origins().iter().rfind(|origin| origin.word <= word)?;
    (!origin.span.is_empty()).then(|| origin.span.clone())
}
