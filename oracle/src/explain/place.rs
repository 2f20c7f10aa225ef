//! Where in a pattern two outcomes begin to differ.

use std::ops::Range;

use sre_compiler::{Compiler, Disassembly, Program};

use crate::divergence::{Divergence, Stage};
use crate::outcome::{Outcome, Warning};
use crate::signature::{first_line, instructions};

/// The first difference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Our line of the tree or the code; none where only theirs goes on, or it is not about lines.
    pub ours: Option<String>,
    /// Theirs.
    pub theirs: Option<String>,
    /// The line is that of a set's member.
    in_set: bool,
    /// The part of the pattern that it came from, in characters, if that is known.
    pub span: Option<Range<usize>>,
}

impl Place {
    /// The first word of what differs: an opcode.
    pub(super) fn word(&self) -> &str {
        let line = self.theirs.as_ref().or(self.ours.as_ref());
        let word = line.and_then(|line| line.split_whitespace().next()).unwrap_or_default();
        if self.in_set { "RANGE" } else { word }
    }
}

/// Finds it; none where a difference has no place, as that of flags.
pub(super) fn find(divergence: &Divergence) -> Option<Place> {
    let (ours, theirs) = (&divergence.ours, &divergence.theirs);
    match divergence.stage {
        Stage::Error => {
            let pos = |outcome: &Outcome| match outcome {
                Outcome::Rejected(rejected) => rejected.pos.and_then(|pos| usize::try_from(pos).ok()),
                _ => None,
            };
            character(pos(theirs).or(pos(ours))?)
        }
        Stage::Warning => {
            let (ours, theirs) = (ours.warnings(), theirs.warnings());
            let differs = |n: &usize| ours.get(*n) != theirs.get(*n);
            let at = (0..ours.len().max(theirs.len())).find(differs)?;
            character(theirs.get(at).and_then(position).or_else(|| position(ours.get(at)?))?)
        }
        Stage::Tree => {
            let lines = |outcome: &Outcome| -> Vec<String> {
                let tree = outcome.accepted().and_then(|accepted| accepted.tree.as_deref());
                tree.into_iter().flat_map(str::lines).map(|line| line.trim().to_owned()).collect()
            };
            let (ours, theirs) = (lines(ours), lines(theirs));
            let at = first_line(&ours, &theirs)?;
            // Nodes do not know their part of the pattern; the code made of them does.
            let span = in_code(divergence).and_then(|place| place.span);
            let (ours, theirs) = (ours.get(at).cloned(), theirs.get(at).cloned());
            Some(Place { ours, theirs, in_set: false, span })
        }
        Stage::Code | Stage::Dis | Stage::Taken => in_code(divergence),
        Stage::Panic | Stage::Flags | Stage::Groups => None,
    }
}

fn character(pos: usize) -> Option<Place> {
    Some(Place { ours: None, theirs: None, in_set: false, span: Some(pos..pos + 1) })
}

/// A warning's text ends in its position, if it has one.
fn position(warning: &Warning) -> Option<usize> {
    let text = warning.text.to_string();
    let (_, after) = text.rsplit_once("at position ")?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn in_code(divergence: &Divergence) -> Option<Place> {
    let (ours, theirs) = (divergence.ours.accepted()?, divergence.theirs.accepted()?);
    let (our_lines, their_lines) =
        (instructions(&ours.code, divergence.dialect), instructions(&theirs.code, divergence.dialect));
    let at = first_line(&our_lines, &their_lines)?;
    let is_set = |line: &String| line.starts_with("IN") && !line.starts_with("INFO");
    let ends_set = |line: &String| line == "FAILURE";
    // Of a set the dump shows the members, and FAILURE at its end.
    let before = our_lines.iter().take(at).rev();
    let in_set = before.take_while(|line| !ends_set(line)).any(is_set)
        && our_lines.get(at).is_some_and(|line| line.starts_with("LITERAL") || ends_set(line));
    Some(Place {
        ours: our_lines.get(at).cloned(),
        theirs: their_lines.get(at).cloned(),
        in_set,
        span: span(divergence, &ours.code, at),
    })
}

/// The part of the pattern that a line of our code came from, or else the line before it.
fn span(divergence: &Divergence, code: &[u32], line: usize) -> Option<Range<usize>> {
    let mut compiler = Compiler::new(divergence.dialect);
    compiler.record_origins(true);
    let mut program = Program::new(divergence.dialect);
    compiler.compile_into(divergence.case.pattern(), divergence.case.flags, &mut program).ok()?;
    // Another outcome than it was: planted, or of another compiler.
    if program.code() != code {
        return None;
    }
    let lines = Disassembly::new(code, divergence.dialect).lines();
    let word = lines.iter().take(line + 1).rev().find_map(|line| line.word)?;
    let origin = program.origins().iter().rfind(|origin| origin.word <= word)?;
    (!origin.span.is_empty()).then(|| origin.span.clone())
}
