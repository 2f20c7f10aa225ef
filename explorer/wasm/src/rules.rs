//! The rules of the dialect that make the difference between two versions.

use alloc::vec::Vec;

use sre_compiler::{Compiler, Dialect};

use crate::answer::Answer;
use crate::request::Request;

/// The rules in which two dialects in a row differ.
pub(crate) struct Boundary(Vec<Changed>);

/// A rule in which two dialects differ.
struct Changed {
    name: &'static str,
    /// The older dialect with the rule of the newer one.
    older: Dialect,
    /// The newer dialect with the rule of the older one.
    newer: Dialect,
}

impl Boundary {
    /// Makes the dialects that are asked. They are leaked, so this is to be called once.
    pub(crate) fn between(older: Dialect, newer: Dialect) -> Boundary {
        let (old, new) = (older.with_rules_of(newer), newer.with_rules_of(older));
        // The numbers of opcodes do not depend on the pattern.
        let changed = old.into_iter().zip(new).filter(|((name, _), _)| *name != "numbering");
        Boundary(changed.map(|((name, older), (_, newer))| Changed { name, older, newer }).collect())
    }

    /// Returns the rules that change one of the two answers when they alone are changed.
    pub(crate) fn involved(
        &self,
        compiler: &mut Compiler,
        request: &Request,
        older: &Answer,
        newer: &Answer,
    ) -> Vec<&'static str> {
        let mut changes =
            |dialect, answer: &Answer| !Answer::of(compiler, request, dialect).is_same_as(answer);
        let is_involved = |changed: &&Changed| changes(changed.newer, newer) || changes(changed.older, older);
        self.0.iter().filter(is_involved).map(|changed| changed.name).collect()
    }
}
