//! The compiler as callers see it.

use core::fmt;

use crate::debug::TreeDump;
use crate::diagnostics::{Error, Warning, WarningList};
use crate::dialect::Dialect;
use crate::flags::Flags;
use crate::input::Pattern;
use crate::memory::Budget;
use crate::parser::{Limits, MAX_DIGITS};
use crate::pool::{MemoryUsage, Pool, Settings, Stage};
use crate::program::Program;
use crate::syntax_tree::Tree;

/// Compiles a pattern as one CPython does: what `re.compile` passes to `_sre.compile`.
///
/// To compile many patterns, or for warnings, see [`Compiler`].
///
/// # Errors
/// What that CPython raises; also when memory runs out.
///
/// ```
/// use sre_compiler::{Dialect, Flags, compile};
/// let dialect: Dialect = "3.13".parse()?;
/// let program = compile("(?P<year>[0-9]{4})-", Flags::empty(), dialect)?;
/// assert_eq!(program.group_count(), 1);
/// assert_eq!(program.group_index().next(), Some(("year", 1)));
///
/// let error = compile("a(b", Flags::empty(), dialect).unwrap_err();
/// assert_eq!(error.to_string(), "missing ), unterminated subpattern at position 1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compile<'p>(
    pattern: impl Into<Pattern<'p>>,
    flags: Flags,
    dialect: Dialect,
) -> Result<Program, Error> {
    Compiler::new(dialect).compile(pattern, flags)
}

/// Compiles a pattern like [`compile`], and returns the warnings as well, whether it compiled or
/// not.
///
/// ```
/// use sre_compiler::{Dialect, Flags, compile_with_warnings};
/// let (program, warnings) = compile_with_warnings("[[a]", Flags::empty(), Dialect::LATEST);
/// assert!(program.is_ok());
/// let warnings: Vec<String> = warnings.iter().map(|warning| warning.to_string()).collect();
/// assert_eq!(warnings, ["Possible nested set at position 1"]);
/// ```
pub fn compile_with_warnings<'p>(
    pattern: impl Into<Pattern<'p>>,
    flags: Flags,
    dialect: Dialect,
) -> (Result<Program, Error>, WarningList) {
    let mut compiler = Compiler::new(dialect);
    let result = compiler.compile(pattern, flags);
    (result, compiler.take_warnings())
}

/// A compiler that reuses its memory from one pattern to the next.
///
/// ```
/// use sre_compiler::{Compiler, Dialect, Flags, Program};
/// let dialect = Dialect::default();
/// let mut compiler = Compiler::new(dialect);
/// let mut program = Program::new(dialect);
/// for pattern in ["[[a]", "b+"] {
///     compiler.compile_into(pattern, Flags::empty(), &mut program)?;
///     for warning in compiler.warnings() {
///         println!("{}: {warning}", warning.category());
///     }
///     println!("{}", program.disassembly());
/// }
/// # Ok::<(), sre_compiler::Error>(())
/// ```
pub struct Compiler {
    dialect: Dialect,
    record_tree: bool,
    record_origins: bool,
    limits: Limits,
    max_bytes: usize,
    max_code: usize,
    pool: Pool,
}

impl Compiler {
    /// The most memory in bytes that is kept from one pattern to the next. If a pattern needed
    /// more, the next one first frees all of it.
    pub const HIGH_WATER: usize = 4 << 20;

    /// Makes a compiler for a dialect. It allocates nothing until it compiles a pattern.
    pub fn new(dialect: Dialect) -> Compiler {
        Compiler {
            dialect,
            record_tree: false,
            record_origins: false,
            limits: Limits { nesting: usize::MAX, digits: MAX_DIGITS },
            max_bytes: usize::MAX,
            max_code: usize::MAX,
            pool: Pool::default(),
        }
    }

    /// Sets the dialect of the patterns that are compiled next.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// Sets whether the tree of each pattern is recorded; see [`tree_dump`](Compiler::tree_dump).
    pub fn record_tree(&mut self, record: bool) {
        self.record_tree = record;
    }

    /// Sets whether programs record which part of the pattern each instruction comes from; see
    /// [`Program::origins`].
    pub fn record_origins(&mut self, record: bool) {
        self.record_origins = record;
    }

    /// Limits how deep groups may be nested; a deeper pattern is
    /// [`ErrorKind::TooDeep`](crate::ErrorKind::TooDeep). In CPython the limit depends on the depth
    /// of the caller. By default only memory is a limit.
    pub fn set_max_nesting(&mut self, groups: usize) {
        self.limits.nesting = groups;
    }

    /// Limits how many digits a number in a pattern may have, such as the bound of a repeat, where
    /// the version limits them at all; the default is 4300. CPython:
    /// `sys.set_int_max_str_digits`, whose 0 is `usize::MAX` here
    ///
    /// The message of the error mentions 4300 whatever the limit is.
    pub fn set_max_digits(&mut self, digits: usize) {
        self.limits.digits = digits;
    }

    /// Limits the memory in bytes that the compiler and the program may hold together; a pattern
    /// that needs more is [`ErrorKind::MemoryLimit`](crate::ErrorKind::MemoryLimit). A block that
    /// grows counts twice while its content is moved. The quotation of an error may take as much
    /// again.
    pub fn set_max_bytes(&mut self, bytes: usize) {
        self.max_bytes = bytes;
    }

    /// Limits the code of a pattern in words; longer code is
    /// [`ErrorKind::CodeLimit`](crate::ErrorKind::CodeLimit). The length is checked when the code
    /// is complete. Until then only [`set_max_bytes`](Compiler::set_max_bytes) limits it.
    pub fn set_max_code(&mut self, words: usize) {
        self.max_code = words;
    }

    /// Returns how many bytes of memory the compiler holds.
    pub fn memory_usage(&self) -> MemoryUsage {
        self.pool.memory_usage()
    }

    /// Frees all memory if the compiler holds more than this number of bytes. The warnings and the
    /// tree of the last pattern are lost then.
    pub fn shrink_to(&mut self, bytes: usize) {
        if self.pool.memory_usage().total() > bytes {
            self.pool = Pool::default();
        }
    }

    /// Compiles a pattern. A compiler that has compiled similar patterns before makes one
    /// allocation, the program; with [origins](Program::origins) two.
    ///
    /// # Errors
    /// What the dialect's CPython raises. Also if memory runs out or a limit is exceeded.
    pub fn compile<'p>(&mut self, pattern: impl Into<Pattern<'p>>, flags: Flags) -> Result<Program, Error> {
        let pattern = pattern.into();
        // The program counts as part of the pool, from which it is taken for a while.
        self.release_excess();
        let mut program = core::mem::replace(&mut self.pool.program, Program::new(self.dialect));
        let result = self.compile_into(pattern, flags, &mut program);
        let copy = result.and_then(|()| {
            let held = self.pool.memory_usage().total() + program.allocated_bytes();
            let copy = program.try_clone(self.max_bytes.saturating_sub(held));
            copy.map_err(|abort| Error::new(abort.into(), pattern, self.dialect.0, 0))
        });
        self.pool.program = program;
        copy
    }

    /// Compiles a pattern into an existing program, whose memory is reused. After an error the
    /// program has no code.
    ///
    /// # Errors
    /// As [`compile`](Compiler::compile).
    pub fn compile_into<'p>(
        &mut self,
        pattern: impl Into<Pattern<'p>>,
        flags: Flags,
        program: &mut Program,
    ) -> Result<(), Error> {
        self.run(pattern.into(), flags, program, &mut |_| ())
    }

    /// Compiles a pattern like [`compile_into`](Compiler::compile_into), and calls `done` after
    /// each stage, to measure what the stage took.
    ///
    /// # Errors
    /// As [`compile`](Compiler::compile).
    pub fn compile_in_stages<'p>(
        &mut self,
        pattern: impl Into<Pattern<'p>>,
        flags: Flags,
        program: &mut Program,
        done: &mut dyn FnMut(Stage),
    ) -> Result<(), Error> {
        self.run(pattern.into(), flags, program, done)
    }

    /// Returns the warnings about the last pattern in order, whether it compiled or not.
    pub fn warnings(&self) -> impl ExactSizeIterator<Item = Warning<'_>> + Clone {
        self.pool.warnings.iter()
    }

    /// Returns the warnings about the last pattern apart from the compiler, which has none then and
    /// allocates memory for the next ones.
    pub fn take_warnings(&mut self) -> WarningList {
        WarningList::new(core::mem::take(&mut self.pool.warnings))
    }

    /// Returns the tree of the last pattern, which `Display` writes as `re.DEBUG` prints it. `None`
    /// if the parser rejected the pattern, or [`record_tree`](Compiler::record_tree) was not
    /// enabled.
    pub fn tree_dump(&self) -> Option<TreeDump<'_>> {
        self.tree().map(Tree::dump)
    }

    /// Returns the tree of the last pattern, or `None` if the parser rejected the pattern or
    /// [`record_tree`](Compiler::record_tree) was not enabled. A pattern for which only no code can
    /// be generated, such as `(?<=a*)`, has a tree.
    pub fn tree(&self) -> Option<Tree<'_>> {
        Tree::new(&self.pool.tree, self.dialect.0)
    }

    fn run(
        &mut self,
        pattern: Pattern<'_>,
        flags: Flags,
        program: &mut Program,
        done: &mut dyn FnMut(Stage),
    ) -> Result<(), Error> {
        self.release_excess();
        let mut budget = Budget(usize::MAX);
        if self.max_bytes != usize::MAX {
            if self.pool.memory_usage().total() + program.allocated_bytes() > self.max_bytes {
                *program = Program::new(self.dialect);
            }
            let held = self.pool.memory_usage().total() + program.allocated_bytes();
            budget = Budget(self.max_bytes.saturating_sub(held));
        }
        program.clear();
        program.dialect = self.dialect;
        self.pool.emitter.budget = budget;
        let settings = Settings {
            rules: self.dialect.0,
            record_tree: self.record_tree,
            record_origins: self.record_origins,
            limits: self.limits,
            max_code: self.max_code,
        };
        let result = self.pool.compile(pattern, flags, settings, program, done);
        self.pool.grew = self.pool.emitter.budget != budget;
        result.map_err(|error| {
            program.clear();
            Error::new(error, pattern, self.dialect.0, self.max_bytes)
        })
    }

    /// Shrinks the pool to [`HIGH_WATER`](Compiler::HIGH_WATER) and to `max_bytes`.
    fn release_excess(&mut self) {
        if core::mem::take(&mut self.pool.grew) {
            self.shrink_to(Self::HIGH_WATER);
        }
        if self.max_bytes != usize::MAX {
            self.shrink_to(self.max_bytes);
        }
    }
}

impl fmt::Debug for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compiler({})", self.dialect)
    }
}
