//! Locating the first difference of two outcomes, in their lines and in the pattern.

use std::ops::Range;

use sre_case::{Outcome, Warning};
use sre_compiler::{Compiler, Program};

use crate::divergence::{Aspect, Divergence};
use crate::rows;

/// The first difference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The line of tree or code of sre-compiler; `None` at its end, or if no lines are compared.
    pub rust: Option<String>,
    /// The line of CPython.
    pub cpython: Option<String>,
    /// Whether the line is a member of a set.
    in_set: bool,
    /// The part of the pattern that it came from, in characters, if known.
    pub span: Option<Range<usize>>,
}

/// The lines of the info block after its first one.
const IN_INFO: [&str; 4] = ["prefix_skip", "prefix", "overlap", "in"];

impl Place {
    /// Returns the first words of the lines that differ, opcodes or parts of the info block: that of
    /// CPython, then that of sre-compiler.
    pub(super) fn words(&self) -> [&str; 2] {
        [&self.cpython, &self.rust].map(|line| line.as_deref().map_or("", first_word))
    }

    /// Returns the word that decides for both sides, if there is one.
    pub(super) fn word_of_both(&self) -> Option<&str> {
        if self.in_set {
            return Some("RANGE");
        }
        // What only one side has in its info block is what differs, not what follows on the other.
        let words = self.words();
        IN_INFO.into_iter().find(|name| words.contains(name))
    }

    /// Returns whether the instruction of one side ignores case, and that of the other side does not.
    pub(super) fn ignores_case_on_one_side(&self) -> bool {
        self.words().iter().filter(|word| word.ends_with("_IGNORE")).count() == 1
    }

    /// Returns whether only one side has a prefix or a set in its info block.
    pub(super) fn is_in_one_info(&self) -> bool {
        self.words().iter().filter(|word| IN_INFO.contains(word)).count() == 1
    }
}

/// Locates the first difference; `None` for differences without a place, such as that of flags.
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
            // Lines of the dump have no spans; the code of the nodes has.
            let span = in_code(divergence).and_then(|place| place.span);
            Some(Place { rust: found.rust, cpython: found.cpython, in_set: false, span })
        }
        Aspect::Code | Aspect::Dis | Aspect::Validity => in_code(divergence),
        Aspect::Panic | Aspect::NoAnswer | Aspect::Flags | Aspect::Groups => None,
    }
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

fn character(pos: usize) -> Option<Place> {
    Some(Place { rust: None, cpython: None, in_set: false, span: Some(pos..pos + 1) })
}

/// Returns the position that ends a warning's text, if it has one.
fn position(warning: &Warning) -> Option<usize> {
    let text = warning.text.to_string();
    let (_, after) = text.rsplit_once("at position ")?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn in_code(divergence: &Divergence) -> Option<Place> {
    let (rust, cpython) = (divergence.rust.accepted()?, divergence.cpython.accepted()?);
    let [rust_rows, cpython_rows] = rows::of_code(divergence.dialects, rust, cpython);
    let found = rows::first_difference(rust_rows, cpython_rows)?;
    let span = found.word.and_then(|word| span(divergence, &rust.code, word));
    Some(Place { rust: found.rust, cpython: found.cpython, in_set: found.in_set, span })
}

/// Returns the part of the pattern that an instruction of sre-compiler came from.
fn span(divergence: &Divergence, code: &[u32], word: usize) -> Option<Range<usize>> {
    let dialect = divergence.dialects.rust;
    let mut compiler = Compiler::new(dialect);
    compiler.record_origins(true);
    let mut program = Program::new(dialect);
    compiler.compile_into(divergence.case.pattern(), divergence.case.flags, &mut program).ok()?;
    // The outcome was changed on purpose, or is of another build.
    if program.code() != code {
        return None;
    }
    let origin = program.origins().iter().rfind(|origin| origin.word <= word)?;
    (!origin.span.is_empty()).then(|| origin.span.clone())
}
