//! A subject on which two sides differ.

use std::collections::BTreeSet;

use sre_case::{Case, Text};
use sre_compiler::{Dialect, Disassembly, compile};
use sre_generate::Subject;

use crate::form::Operation;
use crate::found::Found;
use crate::plan::Pair;

/// A pattern and a subject for which two sides differ, or for which one gives what cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The pattern.
    pub case: Case,
    /// The subject.
    pub subject: Subject,
    /// The sides.
    pub pair: Pair,
    /// The first operation that differs.
    pub operation: Operation,
    /// How, in words that do not depend on the subject.
    pub kind: String,
    /// The outcome of the side that is right.
    pub reference: Found,
    /// The outcome of the tested side.
    pub tested: Found,
    /// The original pattern and subject, if they were minimized.
    pub found_as: Option<Box<(Case, Subject)>>,
}

impl Difference {
    /// Returns the sum of the lengths of pattern and subject.
    pub fn size(&self) -> usize {
        self.case.len() + len(&self.subject.text)
    }

    /// Returns whether a side did not come to an end.
    pub(crate) fn takes_time(&self) -> bool {
        !(self.reference.ended() && self.tested.ended())
    }

    /// Returns the names of the opcodes of the pattern, as a dialect compiles it, without those that
    /// almost every pattern has.
    pub fn opcodes(&self, dialect: Dialect) -> BTreeSet<&'static str> {
        let Ok(program) = compile(self.case.pattern(), self.case.flags, dialect) else {
            return BTreeSet::new();
        };
        let ops = Disassembly::new(program.code(), dialect).instructions();
        let names = ops.filter_map(|instruction| instruction.op).map(|op| op.name());
        names.filter(|name| !["INFO", "SUCCESS", "FAILURE", "JUMP"].contains(name)).collect()
    }

    /// Returns a description without pattern and subject, which the same bug also gives for others.
    pub fn signature(&self, dialect: Dialect) -> String {
        let opcodes: Vec<&str> = self.opcodes(dialect).into_iter().collect();
        format!("{}: {} ({})", self.operation, self.kind, opcodes.join(" "))
    }
}

/// Returns the number of characters.
pub(crate) fn len(text: &Text) -> usize {
    match text {
        Text::Str(text) => text.len(),
        Text::Bytes(bytes) => bytes.len(),
    }
}
