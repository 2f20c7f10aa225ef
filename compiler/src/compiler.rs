//! The compiler as callers see it.

use core::fmt;

use crate::debug::TreeDump;
use crate::diagnostics::{Error, Warning};
use crate::dialect::Dialect;
use crate::flags::Flags;
use crate::input::Pattern;
use crate::memory::Budget;
use crate::pool::{MemoryUsage, Pool, Settings, Stage};
use crate::program::Program;

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

/// A compiler that keeps its memory from one pattern to the next.
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
    max_nesting: usize,
    max_bytes: usize,
    max_code: usize,
    pool: Pool,
}

impl Compiler {
    /// The most memory, in bytes, that is kept from one pattern to the next. When a pattern needed more, the next
    /// one starts by giving all of it back.
    pub const HIGH_WATER: usize = 4 << 20;

    /// A compiler for a dialect. It takes memory when it first needs it.
    pub fn new(dialect: Dialect) -> Compiler {
        Compiler {
            dialect,
            record_tree: false,
            record_origins: false,
            max_nesting: usize::MAX,
            max_bytes: usize::MAX,
            max_code: usize::MAX,
            pool: Pool::default(),
        }
    }

    /// Compiles for another dialect from now on.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// Whether the tree is kept that the pattern is parsed into; see [`tree_dump`](Compiler::tree_dump).
    pub fn record_tree(&mut self, record: bool) {
        self.record_tree = record;
    }

    /// Whether programs tell which part of the pattern each instruction came from; see [`Program::origins`].
    pub fn record_origins(&mut self, record: bool) {
        self.record_origins = record;
    }

    /// Refuses patterns with more groups nested than that ([`ErrorKind::TooDeep`]), as CPython does at a depth that
    /// depends on its caller. Without it, memory is the only limit.
    pub fn set_max_nesting(&mut self, groups: usize) {
        self.max_nesting = groups;
    }

    /// Refuses patterns for which the compiler and the program together would hold more memory than that, in bytes
    /// ([`ErrorKind::MemoryLimit`]). What grows counts twice while it is moved. What an error quotes may take as much
    /// again.
    pub fn set_max_bytes(&mut self, bytes: usize) {
        self.max_bytes = bytes;
    }

    /// Refuses patterns whose code has more words than that ([`ErrorKind::CodeLimit`]). That is known when the code is
    /// complete; what it takes until then, [`set_max_bytes`](Compiler::set_max_bytes) bounds.
    pub fn set_max_code(&mut self, words: usize) {
        self.max_code = words;
    }

    /// How many bytes of memory the compiler holds.
    pub fn memory_usage(&self) -> MemoryUsage {
        self.pool.memory_usage()
    }

    /// Gives all memory back if the compiler holds more than that, in bytes. It then has forgotten the last
    /// pattern's warnings and tree.
    pub fn shrink_to(&mut self, bytes: usize) {
        if self.pool.memory_usage().total() > bytes {
            self.pool = Pool::default();
        }
    }

    /// Compiles a pattern. Once warm, that takes one allocation: the program (with [origins](Program::origins) two).
    ///
    /// # Errors
    /// What the dialect's CPython raises; also when memory runs out, or a limit that was set is passed.
    pub fn compile<'p>(&mut self, pattern: impl Into<Pattern<'p>>, flags: Flags) -> Result<Program, Error> {
        let pattern = pattern.into();
        // The program counts to the pool, which it leaves for a while.
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

    /// Compiles a pattern into a program whose memory is used again. After an error it holds no code.
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

    /// The same, and tells when each stage is done: to see what it took.
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

    /// The warnings that the last pattern gave, in order, whether it compiled or not.
    pub fn warnings(&self) -> impl ExactSizeIterator<Item = Warning<'_>> + Clone {
        self.pool.warnings.iter()
    }

    /// The last pattern's tree as `re.DEBUG` prints it; none if the parser refused the pattern, or nobody asked for it
    /// ([`record_tree`](Compiler::record_tree)).
    pub fn tree_dump(&self) -> Option<TreeDump<'_>> {
        let tree = &self.pool.tree;
        let root = tree.root()?;
        Some(TreeDump { tree, root, rules: self.dialect.0 })
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
            max_nesting: self.max_nesting,
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
