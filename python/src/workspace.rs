//! What compiling a pattern needs, kept from one pattern to the next.
//!
//! It belongs to one interpreter and is taken out of its cell while in use. Code that runs meanwhile, such as a
//! finalizer that the collector calls, or another thread, finds none and makes another.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sre_compiler::{Compiler, Dialect, Error, Flags, Pattern, Program};

use crate::code_list::CodeList;
use crate::numbers::Numbers;

/// More groups than this are not nested: the pattern is left to CPython, which fails at a depth that depends on its
/// caller's.
pub(crate) const MAX_NESTING: usize = 100;
/// The lowest limit that `sys.set_int_max_str_digits` allows.
pub(crate) const MAX_DIGITS: usize = 640;
/// A program that holds more bytes is not kept.
const LARGEST_KEPT: usize = 1 << 20;

#[derive(Debug)]
pub(crate) struct Workspace {
    compiler: Compiler,
    pub(crate) program: Program,
    pub(crate) list: CodeList,
    pub(crate) numbers: Numbers,
}

/// How a compilation ended.
#[derive(Debug)]
pub(crate) enum Compiled {
    /// The program is in the workspace.
    Plain,
    /// The same, and the pattern has warnings.
    Warned,
    Failed(Error),
    Panicked,
}

impl Workspace {
    /// Makes the workspace. `None` with an exception set.
    pub(crate) fn new(dialect: Dialect) -> Option<Workspace> {
        let compiler = Compiler::builder(dialect).nest_limit(MAX_NESTING).digit_limit(MAX_DIGITS).build();
        let list = CodeList::with_capacity(512)?;
        Some(Workspace { compiler, program: Program::new(dialect), list, numbers: Numbers::new()? })
    }

    /// Compiles a pattern.
    pub(crate) fn compile(&mut self, pattern: Pattern<'_>, flags: Flags) -> Compiled {
        let Workspace { compiler, program, .. } = self;
        // After a panic the workspace is dropped, and nothing else uses it.
        let result = catch_unwind(AssertUnwindSafe(|| compiler.compile_into(pattern, flags, program)));
        match result {
            Err(_) => Compiled::Panicked,
            Ok(Err(error)) => Compiled::Failed(error),
            Ok(Ok(())) if self.compiler.warnings().len() > 0 => Compiled::Warned,
            Ok(Ok(())) => Compiled::Plain,
        }
    }

    /// Returns category and text of each warning about the last pattern.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = (&str, String)> {
        self.compiler.warnings().map(|warning| (warning.category(), warning.to_string()))
    }

    /// Frees what an unusually large pattern needed.
    #[inline]
    pub(crate) fn release_excess(&mut self) {
        if self.program.allocated_bytes() > LARGEST_KEPT {
            self.program = Program::new(self.program.dialect());
        }
    }
}
