//! What parsing keeps track of.

use alloc::vec::Vec;

use super::frame::Frame;
use super::name_index::NameIndex;
use crate::codegen::Alternative;
use crate::flags::Flags;
use crate::item::PackedItem;
use crate::memory::{Budget, Stop, TryVecExt};
use crate::set::{Sets, Unique};
use crate::span::Span;
use crate::width::Width;

/// What parsing keeps track of; its memory is reused.
///
/// CPython: `re/_parser.py`, `State`
#[derive(Debug, Default)]
pub(crate) struct State {
    pub flags: Flags,
    /// The width of each group once it is closed; the first stands for group 0.
    pub(super) group_widths: Vec<Option<Width>>,
    pub(super) name_index: NameIndex,
    /// How many groups there were where the outermost open look-behind starts.
    pub(super) lookbehind_groups: Option<u32>,
    /// The groups that conditionals ask for by number, and where. CPython: `grouprefpos`
    pub(super) conditional_refs: Vec<(u32, Span)>,
    pub(super) frames: Vec<Frame>,
    /// The items of the open subpatterns.
    pub(super) items: Vec<PackedItem>,
    /// The finished alternatives of the open subpatterns.
    pub(super) alternatives: Vec<Alternative>,
    pub sets: Sets,
    pub(super) unique: Unique,
}

impl State {
    pub(super) fn reset(&mut self, flags: Flags, budget: &mut Budget) -> Result<(), Stop> {
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

    /// The bytes of memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.group_widths.bytes()
            + self.name_index.bytes()
            + self.conditional_refs.bytes()
            + self.frames.bytes()
            + self.items.bytes()
            + self.alternatives.bytes()
            + self.sets.bytes()
            + self.unique.bytes()
    }

    /// How many groups there are, group 0 among them.
    pub(crate) fn groups(&self) -> u32 {
        self.group_widths.len() as u32
    }
}
impl State {
    /// CPython: `State.checkgroup`
    pub(super) fn is_closed(&self, group: u32) -> bool {
        matches!(self.group_widths.get(group as usize), Some(Some(_)))
    }
}
