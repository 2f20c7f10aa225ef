//! This project's compiler as an oracle.

use std::fmt;

use sre_compiler::{Compiler, Dialect, Error, Flags, Pattern, Program};

use crate::case::Case;
use crate::outcome::{Accepted, Oracle, Outcome, Rejected, Warning};
use crate::text::PyText;

/// This project's compiler, for one dialect, in the same memory for every case.
///
/// It reads text in two forms, each by a way of its own: as UTF-8, as users mostly have it, and as code points, where there are
/// surrogates. With debug output, other text is read as both; where they differ, that is the outcome, which is none of
/// CPython's.
pub struct Ours {
    compiler: Compiler,
    program: Program,
    /// The same from code points, where `compiler` reads UTF-8.
    by_code_points: Compiler,
    program_by_code_points: Program,
    /// Makes the tree, apart: what is compared besides comes from a compiler that makes none, as users have it.
    recorder: Compiler,
    recorded: Program,
    debug: bool,
}

impl Ours {
    /// The compiler of a dialect.
    pub fn new(dialect: Dialect) -> Ours {
        let mut recorder = Compiler::new(dialect);
        recorder.record_tree(true);
        Ours {
            compiler: Compiler::new(dialect),
            program: Program::new(dialect),
            by_code_points: Compiler::new(dialect),
            program_by_code_points: Program::new(dialect),
            recorder,
            recorded: Program::new(dialect),
            debug: false,
        }
    }

    /// Compiles for another dialect from now on, in the same memory.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.compiler.set_dialect(dialect);
        self.by_code_points.set_dialect(dialect);
        self.recorder.set_dialect(dialect);
    }

    /// The program that the last case compiled to; empty if it was refused.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// What differs between compiling the pattern in the form that gave that result and from code points, if anything does.
    fn differing_forms(&mut self, case: &Case, result: &Result<(), Error>) -> Option<Rejected> {
        let program = &mut self.program_by_code_points;
        let other = self.by_code_points.compile_into(case.pattern(), case.flags, program);
        let same = *result == other
            && (other.is_err() || self.program == self.program_by_code_points)
            && self.compiler.warnings().eq(self.by_code_points.warnings());
        let (utf8, code_points) =
            (result.as_ref().map(|()| &self.program), other.map(|()| &self.program_by_code_points));
        (!same).then(|| Rejected {
            exception: "differs from itself".to_owned(),
            message: PyText::from(format!("as UTF-8 {utf8:?}, as code points {code_points:?}")),
            pos: None,
            lineno: None,
            colno: None,
            warnings: Vec::new(),
        })
    }

    fn warnings(&self) -> Vec<Warning> {
        let warnings = self.compiler.warnings();
        warnings
            .map(|warning| Warning {
                category: warning.category().to_owned(),
                text: PyText::from(warning.to_string()),
            })
            .collect()
    }

    fn tree(&mut self, pattern: Pattern<'_>, flags: Flags) -> String {
        match self.recorder.compile_into(pattern, flags, &mut self.recorded) {
            Ok(()) if self.recorded == self.program => {
                self.recorder.tree_dump().map(|dump| dump.to_string()).unwrap_or_default()
            }
            // No tree looks like that, so that it is a difference.
            result => format!("recording the tree changes the program: {result:?}, {:?}", self.recorded),
        }
    }

    fn accepted(&self, tree: Option<String>) -> Accepted {
        Accepted {
            code: self.program.code().to_vec(),
            flags: self.program.flags().bits(),
            groups: self.program.groups(),
            group_index: self.program.group_index().map(|(name, group)| (name.to_owned(), group)).collect(),
            warnings: self.warnings(),
            tree,
            dis: self.debug.then(|| self.program.disassembly().to_string()),
            taken: self.debug.then(|| self.program.validate().is_ok()),
        }
    }

    fn rejected(&self, error: &Error) -> Rejected {
        let number = |n: Option<usize>| n.and_then(|n| i64::try_from(n).ok());
        Rejected {
            exception: error.exception().name().to_owned(),
            message: PyText::from_code_points(&error.message()),
            pos: number(error.pos()),
            lineno: number(error.lineno()),
            colno: number(error.colno()),
            warnings: self.warnings(),
        }
    }
}

impl Oracle for Ours {
    fn outcome(&mut self, case: &Case) -> Outcome {
        let utf8 = case.to_utf8();
        let pattern = utf8.as_deref().map_or(case.pattern(), Pattern::from);
        let result = self.compiler.compile_into(pattern, case.flags, &mut self.program);
        if self.debug
            && utf8.is_some()
            && let Some(differing) = self.differing_forms(case, &result)
        {
            return Outcome::Rejected(differing);
        }
        match result {
            Ok(()) => {
                let tree = self.debug.then(|| self.tree(pattern, case.flags));
                Outcome::Accepted(self.accepted(tree))
            }
            Err(error) => Outcome::Rejected(self.rejected(&error)),
        }
    }

    fn set_debug(&mut self, debug: bool) {
        self.debug = debug;
    }
}

impl fmt::Debug for Ours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ours({:?})", self.compiler)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_itself_is_no_outcome_of_cpython() {
        let mut ours = Ours::new("3.11".parse().unwrap());
        ours.set_debug(true);
        let exception = |ours: &mut Ours, pattern| match ours.outcome(&Case::str(pattern, Flags::NONE)) {
            Outcome::Rejected(rejected) => Some(rejected.exception),
            _ => None,
        };
        assert_eq!(["a++", "("].map(|pattern| exception(&mut ours, pattern)), [None, Some("error".into())]);
        // The one refuses possessive quantifiers, and has other numbers for opcodes.
        ours.by_code_points.set_dialect("3.8".parse().unwrap());
        for pattern in ["a++", "a"] {
            assert_eq!(exception(&mut ours, pattern).as_deref(), Some("differs from itself"), "{pattern}");
        }
    }
}
