//! What the parser keeps track of.

use alloc::vec::Vec;

use super::frame::{Alternative, Frame};
use super::name_index::NameIndex;
use crate::flags::Flags;
use crate::item::PackedItem;
use crate::memory::{Abort, Budget, TryVecExt};
use crate::set::{SetBuilder, Sets};
use crate::span::Span;
use crate::stack::Stack;
use crate::width::Width;

/// What the parser keeps track of. Its memory is reused from one pattern to the next.
///
/// CPython: `re/_parser.py`, `State`
#[derive(Debug, Default)]
pub(crate) struct State {
    pub flags: Flags,
    /// The width of each group once it is closed. The first entry stands for group 0.
    pub(super) group_widths: Vec<Option<Width>>,
    pub(super) name_index: NameIndex,
    /// The number of groups where the outermost open look-behind begins.
    pub(super) lookbehind_groups: Option<u32>,
    /// The groups that conditionals refer to by number before they are defined, and where they do.
    /// CPython: `grouprefpos`
    pub(super) conditional_refs: Vec<(u32, Span)>,
    /// The open subpatterns, without the innermost one.
    pub(super) frames: Vec<Frame>,
    /// The items of the open subpatterns.
    pub(super) items: Stack<PackedItem>,
    /// The finished alternatives of the open subpatterns.
    pub(super) alternatives: Stack<Alternative>,
    pub sets: Sets,
    /// The current set.
    pub set_builder: SetBuilder,
}

impl State {
    pub(super) fn reset(&mut self, flags: Flags, budget: &mut Budget) -> Result<(), Abort> {
        self.flags = flags;
        self.group_widths.clear();
        self.group_widths.try_push(None, budget)?;
        self.name_index.clear();
        self.lookbehind_groups = None;
        self.conditional_refs.clear();
        self.frames.clear();
        self.items.clear();
        self.alternatives.clear();
        self.sets.clear();
        Ok(())
    }

    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.group_widths.bytes()
            + self.name_index.bytes()
            + self.conditional_refs.bytes()
            + self.frames.bytes()
            + self.items.bytes()
            + self.alternatives.bytes()
            + self.sets.bytes()
            + self.set_builder.bytes()
    }

    /// Returns the number of groups, including group 0.
    pub(crate) fn groups(&self) -> u32 {
        self.group_widths.len() as u32
    }

    /// Returns whether a group exists and is closed.
    ///
    /// CPython: `State.checkgroup`
    pub(super) fn is_closed(&self, group: u32) -> bool {
        matches!(self.group_widths.get(group as usize), Some(Some(_)))
    }
}
