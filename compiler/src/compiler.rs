//! The compiler: what holds the memory, and the way through the rooms.

use core::fmt;

use crate::dialect::Dialect;
use crate::dump::TreeDump;
use crate::error::{Error, ErrorKind, Raise};
use crate::flags::Flags;
use crate::input::{Pattern, Units};
use crate::lower::{Generator, Scratch};
use crate::program::Program;
use crate::syntax::{self, Desk, State};
use crate::tree::Tree;
use crate::warning::{Warning, Warnings};

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
/// let program = compile("(?P<year>[0-9]{4})-", Flags::NONE, dialect)?;
/// assert_eq!(program.groups(), 1);
/// assert_eq!(program.group_index().next(), Some(("year", 1)));
///
/// let error = compile("a(b", Flags::NONE, dialect).unwrap_err();
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
///     compiler.compile_into(pattern, Flags::NONE, &mut program)?;
///     for warning in compiler.warnings() {
///         println!("{}: {warning}", warning.category());
///     }
///     println!("{}", program.disassembly());
/// }
/// # Ok::<(), sre_compiler::Error>(())
/// ```
pub struct Compiler {
    dialect: Dialect,
    record_origins: bool,
    max_nesting: usize,
    tree: Tree,
    state: State,
    warnings: Warnings,
    scratch: Scratch,
}

impl Compiler {
    /// A compiler for a dialect. It takes memory when it first needs it.
    pub fn new(dialect: Dialect) -> Compiler {
        Compiler {
            dialect,
            record_origins: false,
            max_nesting: usize::MAX,
            tree: Tree::default(),
            state: State::default(),
            warnings: Warnings::default(),
            scratch: Scratch::default(),
        }
    }

    /// Compiles for another dialect from now on.
    pub fn set_dialect(&mut self, dialect: Dialect) {
        self.dialect = dialect;
    }

    /// Whether programs tell which part of the pattern each instruction came from; see [`Program::origins`].
    pub fn record_origins(&mut self, record: bool) {
        self.record_origins = record;
    }

    /// Refuses patterns with more groups nested than that, as CPython does at a depth that depends on its caller.
    /// Without it, memory is the only limit.
    pub fn set_max_nesting(&mut self, groups: usize) {
        self.max_nesting = groups;
    }

    /// Compiles a pattern.
    ///
    /// # Errors
    /// What the dialect's CPython raises; also when memory runs out, or a limit that was set is passed.
    pub fn compile<'p>(&mut self, pattern: impl Into<Pattern<'p>>, flags: Flags) -> Result<Program, Error> {
        let mut program = Program::new(self.dialect);
        self.compile_into(pattern, flags, &mut program)?;
        Ok(program)
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
        let pattern = pattern.into();
        self.run(pattern, flags, program).map_err(|raise| {
            program.code.clear();
            Error::new(raise, pattern, self.dialect.0)
        })
    }

    /// The warnings that the last pattern gave, in order, whether it compiled or not.
    pub fn warnings(&self) -> impl ExactSizeIterator<Item = Warning<'_>> + Clone {
        self.warnings.iter()
    }

    /// The last pattern's tree as `re.DEBUG` prints it; none if the parser refused the pattern.
    pub fn tree_dump(&self) -> Option<TreeDump<'_>> {
        let root = self.tree.root()?;
        Some(TreeDump { tree: &self.tree, root, rules: self.dialect.0 })
    }

    fn run(&mut self, pattern: Pattern<'_>, flags: Flags, program: &mut Program) -> Result<(), Raise> {
        let rules = self.dialect.0;
        program.dialect = self.dialect;
        program.code.clear();
        program.origins.clear();
        self.warnings.clear();
        self.tree.clear();
        self.tree.record_spans = self.record_origins;
        if pattern.len() > Self::LONGEST {
            return Err(Raise::plain(ErrorKind::OutOfMemory));
        }
        let desk = Desk {
            tree: &mut self.tree,
            state: &mut self.state,
            names: &mut program.names,
            warnings: &mut self.warnings,
        };
        let nesting = self.max_nesting;
        match pattern.0 {
            Units::Utf8(text) => syntax::parse(text, pattern, flags, rules, nesting, desk)?,
            Units::CodePoints(text) => syntax::parse(text, pattern, flags, rules, nesting, desk)?,
            Units::Bytes(bytes) => syntax::parse(bytes, pattern, flags, rules, nesting, desk)?,
        }
        program.flags = flags | self.state.flags;
        program.groups = self.state.groups() - 1;
        let Some(root) = self.tree.root() else { return Ok(()) };
        let mut generator = Generator {
            tree: &self.tree,
            rules,
            scratch: &mut self.scratch,
            code: &mut program.code,
            origins: self.record_origins.then_some(&mut program.origins),
            item: None,
        };
        generator.generate(root, program.flags)
    }

    /// Positions, ids and words are 32 bits wide; the code of a pattern has at most a few words per character.
    const LONGEST: usize = u32::MAX as usize / 16;
}

impl fmt::Debug for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Compiler({})", self.dialect)
    }
}
