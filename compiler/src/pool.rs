//! The memory of a compiler, and one pass through the stages of compiling.

use crate::codegen::Emitter;
use crate::diagnostics::{ErrorKind, RawError, Warnings};
use crate::dialect::Rules;
use crate::flags::Flags;
use crate::group_names::GroupNames;
use crate::input::{Pattern, Units};
use crate::memory::Abort;
use crate::parser::{self, Limits, ParseContext, State};
use crate::program::Program;
use crate::tree::Tree;

/// All memory that compiling takes, except for the program of the caller. It is cleared, not freed,
/// between patterns.
#[derive(Default)]
pub(crate) struct Pool {
    pub tree: Tree,
    pub state: State,
    pub names: GroupNames,
    pub warnings: Warnings,
    pub emitter: Emitter,
    /// The program of [`Compiler::compile`](crate::Compiler::compile), which returns an exact copy.
    pub program: Program,
    /// Whether the pool grew since [`Compiler`](crate::Compiler) last checked its size.
    pub grew: bool,
}

/// How many bytes of memory a [`Compiler`](crate::Compiler) holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct MemoryUsage {
    /// The parser: open groups, names, sets with their bitmaps.
    pub parser: usize,
    /// The tree, if it is recorded.
    pub tree: usize,
    /// The warnings, with the text that they quote.
    pub warnings: usize,
    /// Code generation: the code of the items and its patches.
    pub codegen: usize,
    /// The program of [`Compiler::compile`](crate::Compiler::compile), before it is copied for the
    /// caller.
    pub program: usize,
}

impl MemoryUsage {
    /// Returns the sum.
    pub fn total(&self) -> usize {
        self.parser + self.tree + self.warnings + self.codegen + self.program
    }
}

/// A stage of compiling; see [`Compiler::compile_in_stages`](crate::Compiler::compile_in_stages).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Stage {
    /// Parsing the pattern and emitting the code of its items.
    Parse,
    /// Emitting the info block: widths, prefix, first characters.
    Info,
    /// Assembling the program.
    Code,
}

/// What a caller asked for.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub rules: &'static Rules,
    pub record_tree: bool,
    pub record_origins: bool,
    pub limits: Limits,
    pub max_code: usize,
}

impl Pool {
    pub(crate) fn memory_usage(&self) -> MemoryUsage {
        MemoryUsage {
            parser: self.state.bytes() + self.names.bytes(),
            tree: self.tree.bytes(),
            warnings: self.warnings.bytes(),
            codegen: self.emitter.bytes(),
            program: self.program.allocated_bytes(),
        }
    }

    /// Compiles a pattern, and reports each completed stage to `done`.
    pub(crate) fn compile(
        &mut self,
        pattern: Pattern<'_>,
        flags: Flags,
        settings: Settings,
        program: &mut Program,
        done: &mut dyn FnMut(Stage),
    ) -> Result<(), RawError> {
        let Settings { rules, record_tree, record_origins, limits, max_code } = settings;
        let Pool { tree, state, names, warnings, emitter, .. } = self;
        warnings.clear();
        tree.invalidate();
        if pattern.len() > Self::LONGEST {
            return Err(RawError::new(ErrorKind::OutOfMemory));
        }
        emitter.begin(rules, record_origins);
        let recorded = (record_tree || record_origins).then_some(&mut *tree);
        let context = ParseContext { tree: recorded, state, names, warnings, emitter };
        let width = match pattern.0 {
            #[cfg(not(sre_compiler_without_utf8))]
            Units::Utf8(text) => parser::parse(text, pattern, flags, rules, limits, context)?,
            // For a WebAssembly module that passes code points: a parser less, a seventh smaller.
            #[cfg(sre_compiler_without_utf8)]
            Units::Utf8(_) => return Err(RawError::new(ErrorKind::OutOfMemory)),
            Units::CodePoints(text) => parser::parse(text, pattern, flags, rules, limits, context)?,
            Units::Bytes(bytes) => parser::parse(bytes, pattern, flags, rules, limits, context)?,
        };
        done(Stage::Parse);
        program.flags = flags | state.flags;
        program.group_count = state.groups() - 1;
        emitter.write_info(width, &state.sets, &mut state.set_builder, program)?;
        done(Stage::Info);
        let tree = record_origins.then_some(&*tree);
        emitter.write_code(tree, program)?;
        if program.words.len() > max_code {
            return Err(Abort::CodeLimit.into());
        }
        program.finish(names, &mut emitter.budget)?;
        done(Stage::Code);
        Ok(())
    }

    /// The longest pattern in code units. Indices, ids and words have 32 bits, and the code of a
    /// pattern has at most a few words for each character.
    const LONGEST: usize = u32::MAX as usize / 16;
}
