//! The tree, and reading it.

use alloc::vec::Vec;

use super::node::{Item, Node, NodeId, NodeRange};
use crate::memory::TryVecExt;
use crate::set::PackedSetItem;
use crate::span::IndexRange;
use crate::span::Span;

/// A subpattern that is being parsed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Open {
    pub(super) node: NodeId,
    /// The index of the first node of its current alternative.
    pub(super) first: u32,
    /// Where its finished alternatives begin in `Tree::pending`.
    pub(super) pending: u32,
}

/// The nodes of one pattern, and their tables. Their memory is reused from one pattern to the next.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) set_items: Vec<PackedSetItem>,
    pub(super) sets: Vec<IndexRange>,
    pub(super) alternatives: Vec<NodeRange>,
    pub(super) open: Vec<Open>,
    pub(super) pending: Vec<NodeRange>,
    /// The last node of the current alternative, to which a quantifier applies.
    pub(super) last: Option<NodeId>,
    pub(super) root: Option<NodeRange>,
}

/// Reading.
impl Tree {
    /// Returns the nodes of the whole pattern, or `None` if the pattern was rejected or is still
    /// being parsed.
    pub(crate) fn root(&self) -> Option<NodeRange> {
        self.root
    }

    /// Removes the first node of a range and returns it.
    pub(crate) fn next(&self, items: &mut NodeRange) -> Option<NodeId> {
        while items.next != items.end {
            let at = items.next;
            let Node { item, next, .. } = &self.nodes[at as usize];
            items.next = *next;
            if !matches!(item, Item::Spliced) {
                return Some(NodeId(at));
            }
        }
        None
    }

    pub(crate) fn next_item(&self, items: &mut NodeRange) -> Option<Item> {
        self.next(items).map(|node| self.item(node))
    }

    pub(crate) fn is_empty(&self, mut items: NodeRange) -> bool {
        self.next(&mut items).is_none()
    }

    pub(crate) fn item(&self, node: NodeId) -> Item {
        self.nodes[node.0 as usize].item
    }

    pub(crate) fn span(&self, node: NodeId) -> Option<Span> {
        self.nodes.get(node.0 as usize).map(|node| node.span)
    }

    pub(crate) fn set(&self, set: u32) -> &[PackedSetItem] {
        &self.set_items[self.sets[set as usize].range()]
    }

    pub(crate) fn branch(&self, alternatives: IndexRange) -> &[NodeRange] {
        &self.alternatives[alternatives.range()]
    }

    /// Returns the last node of the pattern.
    pub(crate) fn last_node(&self) -> Option<NodeId> {
        let mut items = self.root?;
        core::iter::from_fn(|| self.next(&mut items)).last()
    }

    /// Returns the number of bytes allocated.
    pub(crate) fn bytes(&self) -> usize {
        self.nodes.bytes()
            + self.set_items.bytes()
            + self.sets.bytes()
            + self.alternatives.bytes()
            + self.open.bytes()
            + self.pending.bytes()
    }
}
