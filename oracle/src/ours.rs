//! This project's compiler as an oracle.

use std::fmt;

use sre_compiler::{Compiler, Dialect, Error, Flags, Pattern, Program};

use crate::case::Case;
use crate::outcome::{Accepted, Oracle, Outcome, Rejected, Warning};
use crate::text::PyText;

/// This project's compiler, for one dialect, in the same memory for every case.
pub struct Ours {
    compiler: Compiler,
    program: Program,
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
            recorder,
            recorded: Program::new(dialect),
            debug: false,
        }
    }

    /// Compiles for another dialect from now on, in the same memory.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.compiler.set_dialect(dialect);
        self.recorder.set_dialect(dialect);
    }

    /// The outcome of a pattern, in whatever form it is given.
    pub fn outcome_of(&mut self, pattern: Pattern<'_>, flags: Flags) -> Outcome {
        match self.compiler.compile_into(pattern, flags, &mut self.program) {
            Ok(()) => {
                let tree = self.debug.then(|| self.tree(pattern, flags));
                Outcome::Accepted(self.accepted(tree))
            }
            Err(error) => Outcome::Rejected(self.rejected(&error)),
        }
    }

    /// The program that the last case compiled to; empty if it was refused.
    pub fn program(&self) -> &Program {
        &self.program
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
        self.outcome_of(case.pattern(), case.flags)
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
