//! The parser, and what all its parts need.

use core::fmt;

use super::frame::{Frame, Last};
use super::state::State;
use crate::codegen::{CodePos, Emitter};
use crate::diagnostics::{ErrorKind, RawError, WarningKind, Warnings};
use crate::dialect::Rules;
use crate::flags::Flags;
use crate::group_names::GroupNames;
use crate::input::{Pattern, Source, Tokenizer};
use crate::memory::{Budget, Stop};
use crate::tree::{NodeId, Tree};
use crate::width::Width;

/// What one parse works on.
pub(crate) struct Parser<'a, S> {
    pub(super) pattern: Pattern<'a>,
    pub(super) rules: &'static Rules,
    pub(super) max_nesting: usize,
    pub(super) tokens: Tokenizer<S>,
    pub(super) tree: Option<&'a mut Tree>,
    pub(super) state: &'a mut State,
    pub(super) names: &'a mut GroupNames,
    pub(super) warnings: &'a mut Warnings,
    pub(super) emitter: &'a mut Emitter,
    pub(super) frame: Frame,
    /// What the current alternative ends in.
    pub(super) last: Last,
    /// Where its code starts, unless that is literals.
    pub(super) last_code: CodePos,
    /// Where an item starts that is not just one character, or a group, how wide it is, and what comes before it.
    pub(super) last_start: u32,
    pub(super) last_width: Width,
    pub(super) width_before: Width,
    /// Where the items of a group start that takes no part itself.
    pub(super) last_items: u32,
    /// Flags within the pattern that count from its start on, as far as an earlier reading has found.
    pub(super) known_flags: Flags,
    /// Why no code can be generated, and where the first item is for which that is so.
    pub(super) refused: Option<(u32, ErrorKind)>,
    /// Why the pattern is refused, once something has stopped.
    pub(super) raised: RawError,
}

impl<S: Source> Parser<'_, S> {
    /// Tells the tree, if there is to be one, and has the code that comes next belong to the node that it gives.
    #[inline(always)]
    pub(super) fn record(
        &mut self,
        tell: impl FnOnce(&mut Tree, &mut Budget) -> Result<NodeId, Stop>,
    ) -> Result<(), Stop> {
        if let Some(tree) = &mut self.tree {
            core::hint::cold_path();
            let node = tell(tree, &mut self.emitter.budget)?;
            self.emitter.set_origin(node);
        }
        Ok(())
    }

    /// Keeps why no code can be generated for the item that is at `start`, unless there is an earlier one.
    #[cold]
    pub(super) fn refuse(&mut self, start: u32, kind: ErrorKind) {
        if self.refused.is_none_or(|(first, _)| start <= first) {
            self.refused = Some((start, kind));
        }
    }

    /// Keeps why the pattern is refused.
    #[cold]
    pub(super) fn raise(&mut self, raise: RawError) -> Stop {
        let before_backslash = self.tokens.ends_in_backslash();
        self.raised = if before_backslash {
            RawError::at(ErrorKind::BadEscapeAtEnd, self.tokens.tell())
        } else {
            raise
        };
        Stop::Raised
    }

    pub(super) fn warn(&mut self, index: u32, kind: WarningKind<'static>) -> Result<(), Stop> {
        self.warn_quoting(index, kind, |_| Ok(()))
    }

    pub(super) fn warn_quoting(
        &mut self,
        index: u32,
        kind: WarningKind<'static>,
        quote: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
    ) -> Result<(), Stop> {
        if self.tokens.ends_in_backslash() {
            return Err(self.raise(RawError::new(ErrorKind::BadEscapeAtEnd)));
        }
        self.warnings.push(self.pattern, index, kind, &mut self.emitter.budget, quote)
    }

    /// The characters between two indices.
    pub(super) fn text(&self, start: u32, end: u32) -> impl Iterator<Item = u32> + Clone + '_ {
        self.pattern.chars_between(start as usize, end as usize)
    }
}
