//! sre-compiler as an oracle.

use std::fmt;
use std::mem::take;

use sre_case::{Accepted, Case, Oracle, Outcome, PyText, Rejected, Warning};
use sre_compiler::{Compiler, Dialect, Error, Flags, Pattern, Program};

use crate::bounded;

/// A mark in the outcome of a case whose results from UTF-8 and from code points differ. No tree or
/// error of CPython contains it.
pub(crate) const DIFFERS: &str = "the result from code points differs";

/// The start of a text in place of the tree, if recording the tree changes the program.
const CHANGES: &str = "recording the tree changes the program";

/// Returns whether an outcome contains one of the marks.
pub(crate) fn differs_by_form(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Accepted(accepted) => {
            accepted.tree.as_deref().is_some_and(|tree| tree == DIFFERS || tree.starts_with(CHANGES))
        }
        Outcome::Rejected(rejected) => rejected.message.to_string().contains(DIFFERS),
        Outcome::NoAnswer { .. } => false,
    }
}

/// sre-compiler for one dialect, which reuses its memory for every case.
///
/// The compiler has separate code for text as UTF-8, the usual form, and as code points, which text
/// with surrogates needs. With debug output, text without surrogates is compiled from both forms,
/// and if the results differ, the tree or the error says so.
pub struct RustCompiler {
    dialect: Dialect,
    compiler: Compiler,
    program: Program,
    /// Compiles from code points what `compiler` compiles from UTF-8.
    by_code_points: Compiler,
    program_by_code_points: Program,
    utf8: String,
    /// Records the tree. All else is compared as `compiler` gives it, which records none, as is the
    /// default.
    recorder: Compiler,
    recorded: Program,
    debug: bool,
}

/// Length of a pattern, in characters, above which its memory is released afterwards.
const HUGE: usize = 100_000;

fn recorder(dialect: Dialect) -> Compiler {
    let mut recorder = Compiler::new(dialect);
    recorder.record_tree(true);
    recorder
}

impl RustCompiler {
    /// Creates a compiler for a dialect.
    pub fn new(dialect: Dialect) -> RustCompiler {
        RustCompiler {
            dialect,
            compiler: Compiler::new(dialect),
            program: Program::new(dialect),
            by_code_points: Compiler::new(dialect),
            program_by_code_points: Program::new(dialect),
            utf8: String::new(),
            recorder: recorder(dialect),
            recorded: Program::new(dialect),
            debug: false,
        }
    }

    /// Switches to another dialect and reuses the memory.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
        self.compiler.set_dialect(dialect);
        self.by_code_points.set_dialect(dialect);
        self.recorder.set_dialect(dialect);
    }

    /// Returns the program of the last case; empty if the case was rejected.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Returns whether compiling from code points gives a different result.
    fn differs_by_form(&mut self, case: &Case, result: &Result<(), Error>) -> bool {
        let program = &mut self.program_by_code_points;
        let other = self.by_code_points.compile_into(case.pattern(), case.flags, program);
        *result != other
            || other.is_ok() && self.program != self.program_by_code_points
            || self.compiler.warnings().ne(self.by_code_points.warnings())
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
                self.recorder.tree_dump().map(bounded::text).unwrap_or_default()
            }
            // No tree has this text, so that it shows up as a difference.
            result => bounded::text(format_args!("{CHANGES}: {result:?}, {:?}", self.recorded)),
        }
    }

    fn accepted(&self, tree: Option<String>) -> Accepted {
        Accepted {
            code: self.program.code().to_vec(),
            flags: self.program.flags().bits(),
            groups: self.program.group_count(),
            group_index: self.program.group_index().map(|(name, group)| (name.to_owned(), group)).collect(),
            warnings: self.warnings(),
            tree,
            dis: self.debug.then(|| bounded::text(self.program.disassembly())),
            valid: self.debug.then(|| self.program.validate().is_ok()),
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

impl Oracle for RustCompiler {
    fn outcome(&mut self, case: &Case) -> Outcome {
        let mut utf8 = take(&mut self.utf8);
        let pattern = case.pattern_in(&mut utf8);
        let result = self.compiler.compile_into(pattern, case.flags, &mut self.program);
        let differs = self.debug && self.differs_by_form(case, &result);
        // The compilers for debug output release their memory one after the other.
        let is_huge = self.debug && case.len() > HUGE;
        if is_huge {
            self.by_code_points = Compiler::new(self.dialect);
            self.program_by_code_points = Program::new(self.dialect);
        }
        let outcome = match result {
            Ok(()) => {
                let tree = self.debug.then(|| self.tree(pattern, case.flags));
                if is_huge {
                    self.recorder = recorder(self.dialect);
                    self.recorded = Program::new(self.dialect);
                }
                let tree = if differs { Some(DIFFERS.to_owned()) } else { tree };
                Outcome::Accepted(self.accepted(tree))
            }
            Err(error) => {
                let mut rejected = self.rejected(&error);
                if differs {
                    rejected.message = PyText::from(format!("{} ({DIFFERS})", rejected.message));
                }
                Outcome::Rejected(rejected)
            }
        };
        self.utf8 = utf8;
        outcome
    }

    fn set_debug(&mut self, debug: bool) {
        self.debug = debug;
    }
}

impl fmt::Debug for RustCompiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RustCompiler({:?})", self.compiler)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_different_result_from_code_points_is_reported() {
        let mut rust = RustCompiler::new("3.11".parse().unwrap());
        rust.set_debug(true);
        let reports = |rust: &mut RustCompiler, pattern| match rust
            .outcome(&Case::str(pattern, Flags::empty()))
        {
            Outcome::Accepted(accepted) => accepted.tree.is_some_and(|tree| tree == DIFFERS),
            Outcome::Rejected(rejected) => rejected.message.to_string().ends_with(&format!("({DIFFERS})")),
            Outcome::NoAnswer { .. } => false,
        };
        assert_eq!(["a++", "(", "[[a]"].map(|pattern| reports(&mut rust, pattern)), [false; 3]);
        // 3.8 numbers opcodes differently, and rejects possessive quantifiers and more.
        rust.by_code_points.set_dialect("3.8".parse().unwrap());
        assert_eq!(["a++", "a", "a(?i)"].map(|pattern| reports(&mut rust, pattern)), [true; 3]);
    }
}
