//! The parser, and what all of its parts need.

use core::fmt;

use super::frame::{Frame, Last};
use super::state::State;
use super::stop::{FirstError, ParseStop};
use crate::codegen::Emitter;
use crate::diagnostics::{ErrorKind, RawError, WarningKind, Warnings};
use crate::dialect::Rules;
use crate::flags::Flags;
use crate::group_names::GroupNames;
use crate::input::{Pattern, Source, Tokenizer};
use crate::memory::{Abort, Budget};
use crate::span::Span;
use crate::tree::{NodeId, Tree};

/// What the caller lends to the parser.
pub(crate) struct ParseContext<'a> {
    /// The tree to record, if one is wanted.
    pub tree: Option<&'a mut Tree>,
    pub state: &'a mut State,
    pub names: &'a mut GroupNames,
    pub warnings: &'a mut Warnings,
    pub emitter: &'a mut Emitter,
}

/// What the caller limits.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// How deep groups may be nested.
    pub nesting: usize,
    /// How many digits a number may have.
    pub digits: usize,
}

pub(super) struct Parser<'a, S> {
    pub pattern: Pattern<'a>,
    pub rules: &'static Rules,
    pub limits: Limits,
    pub tokens: Tokenizer<S>,
    pub tree: Option<&'a mut Tree>,
    pub state: &'a mut State,
    pub names: &'a mut GroupNames,
    pub warnings: &'a mut Warnings,
    pub emitter: &'a mut Emitter,
    /// The innermost open subpattern.
    pub frame: Frame,
    /// What the current alternative ends with.
    pub last: Last,
    /// The flags inside the pattern that an earlier pass found and that apply from its start.
    pub known_flags: Flags,
    /// Why code generation fails, and the first item for which it does. It is reported
    /// only if parsing succeeds, as CPython generates code afterwards.
    pub codegen_error: Option<(Span, ErrorKind)>,
    pub error: FirstError,
}

impl<'a, S: Source> Parser<'a, S> {
    pub(super) fn new(
        source: S,
        pattern: Pattern<'a>,
        flags: Flags,
        rules: &'static Rules,
        limits: Limits,
        context: ParseContext<'a>,
    ) -> Parser<'a, S> {
        let ParseContext { tree, state, names, warnings, emitter } = context;
        Parser {
            pattern,
            rules,
            limits,
            tokens: Tokenizer::new(source),
            tree,
            state,
            names,
            warnings,
            emitter,
            frame: Frame::of_pattern(flags, flags),
            last: Last::None,
            known_flags: Flags::empty(),
            codegen_error: None,
            error: FirstError::NONE,
        }
    }
}

impl<S: Source> Parser<'_, S> {
    /// Records a node if the tree is enabled. Code that follows is attributed to it.
    #[inline(always)]
    pub(super) fn record(
        &mut self,
        record: impl FnOnce(&mut Tree, &mut Budget) -> Result<NodeId, Abort>,
    ) -> Result<(), Abort> {
        if let Some(tree) = &mut self.tree {
            cold_path();
            let node = record(tree, &mut self.emitter.budget)?;
            self.emitter.set_origin(node);
        }
        Ok(())
    }

    /// Notes that no code can be generated for the item from `start` to the next token. The first
    /// such item counts.
    #[cold]
    pub(super) fn refuse_codegen(&mut self, start: u32, kind: ErrorKind) {
        if self.codegen_error.is_none_or(|(first, _)| start <= first.start) {
            self.codegen_error = Some((Span { start, end: self.tokens.tell() }, kind));
        }
    }

    /// Raises an error about what a preview does not support. `syntax` is the beginning of the
    /// message, with its verb.
    #[cold]
    pub(super) fn refuse_preview(&mut self, syntax: &'static str, start: u32, end: u32) -> ParseStop {
        self.raise(RawError::at(ErrorKind::UnsupportedInPreview { syntax }, start).until(end))
    }

    /// Stores why the pattern is invalid.
    ///
    /// CPython reads one token ahead, so a backslash at the end of the pattern is found before any
    /// error of the token before it.
    #[cold]
    pub(super) fn raise(&mut self, error: RawError) -> ParseStop {
        let error = if self.tokens.ends_in_backslash() {
            RawError::at(ErrorKind::BadEscapeAtEnd, self.tokens.tell())
        } else {
            error
        };
        self.error.store(error)
    }

    /// Adds a warning about the part of the pattern from `start` to `end`.
    pub(super) fn warn(&mut self, start: u32, end: u32, kind: WarningKind<'static>) -> Result<(), ParseStop> {
        self.warn_quoting(Span { start, end }, kind, |_| Ok(()))
    }

    /// Adds a warning about a part of the pattern; `quote` writes the part of the pattern that it
    /// quotes.
    pub(super) fn warn_quoting(
        &mut self,
        span: Span,
        kind: WarningKind<'static>,
        quote: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Result<(), ParseStop> {
        if self.tokens.ends_in_backslash() {
            return Err(self.raise(RawError::new(ErrorKind::BadEscapeAtEnd)));
        }
        Ok(self.warnings.try_push(self.pattern, span, kind, &mut self.emitter.budget, quote)?)
    }

    /// Returns the characters between two indices.
    pub(super) fn text(&self, start: u32, end: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        self.pattern.chars_between(start as usize, end as usize)
    }
}

/// Marks a branch as unlikely. `core::hint::cold_path` needs Rust 1.95.
#[cold]
#[inline]
fn cold_path() {}
