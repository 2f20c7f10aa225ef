//! Setting up a compiler.

use crate::compiler::Compiler;
use crate::dialect::Dialect;

/// The settings of a [`Compiler`], made by [`Compiler::builder`].
///
/// Unless it is set otherwise, only memory is a limit, and neither the tree nor origins are
/// recorded.
///
/// ```
/// use sre_compiler::{Compiler, Dialect, ErrorKind, Flags};
///
/// let mut compiler = Compiler::builder(Dialect::PY313)
///     .nest_limit(100) // groups
///     .size_limit(1 << 20) // bytes
///     .code_limit(10_000) // words
///     .build();
/// let error = compiler.compile(&"(".repeat(101), Flags::empty()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::TooDeep);
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct CompilerBuilder {
    dialect: Dialect,
    nest_limit: usize,
    size_limit: usize,
    code_limit: usize,
    digit_limit: Option<usize>,
    tree: bool,
    origins: bool,
}

impl Compiler {
    /// Returns the default settings for a dialect.
    pub fn builder(dialect: Dialect) -> CompilerBuilder {
        CompilerBuilder {
            dialect,
            nest_limit: usize::MAX,
            size_limit: usize::MAX,
            code_limit: usize::MAX,
            digit_limit: None,
            tree: false,
            origins: false,
        }
    }
}

impl CompilerBuilder {
    /// Limits how deep groups may be nested; see
    /// [`set_max_nesting`](Compiler::set_max_nesting).
    pub fn nest_limit(mut self, groups: usize) -> CompilerBuilder {
        self.nest_limit = groups;
        self
    }

    /// Limits the memory in bytes that the compiler and the program may hold together; see
    /// [`set_max_bytes`](Compiler::set_max_bytes).
    pub fn size_limit(mut self, bytes: usize) -> CompilerBuilder {
        self.size_limit = bytes;
        self
    }

    /// Limits the code of a pattern in words; see [`set_max_code`](Compiler::set_max_code).
    pub fn code_limit(mut self, words: usize) -> CompilerBuilder {
        self.code_limit = words;
        self
    }

    /// Limits how many digits a number may have; see
    /// [`set_max_digits`](Compiler::set_max_digits).
    pub fn digit_limit(mut self, digits: usize) -> CompilerBuilder {
        self.digit_limit = Some(digits);
        self
    }

    /// Sets whether the tree of each pattern is recorded; see [`Compiler::tree`].
    pub fn tree(mut self, record: bool) -> CompilerBuilder {
        self.tree = record;
        self
    }

    /// Sets whether programs record which part of the pattern each instruction comes from; see
    /// [`Program::origins`](crate::Program::origins).
    pub fn origins(mut self, record: bool) -> CompilerBuilder {
        self.origins = record;
        self
    }

    /// Makes the compiler. It allocates nothing until it compiles a pattern.
    #[must_use]
    pub fn build(self) -> Compiler {
        let mut compiler = Compiler::new(self.dialect);
        compiler.set_max_nesting(self.nest_limit);
        compiler.set_max_bytes(self.size_limit);
        compiler.set_max_code(self.code_limit);
        if let Some(digits) = self.digit_limit {
            compiler.set_max_digits(digits);
        }
        compiler.record_tree(self.tree);
        compiler.record_origins(self.origins);
        compiler
    }
}
