//! Which item of the pattern an instruction comes from.

use crate::tree::{Item, NodeId, Tree};

/// The index of an instruction, and its origin.
#[derive(Clone, Copy, Debug)]
pub(super) struct OriginMark {
    pub word: u32,
    pub origin: OriginRef,
}

/// The origin of an instruction.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OriginRef {
    pub node: NodeId,
    /// Whether the instruction belongs to the repetition of the node's item rather than to the
    /// item.
    pub repetition: bool,
}

impl OriginRef {
    /// Returns the node whose span is that of the instruction. A repeated item has a node of its
    /// own, in the body of the repeat.
    pub(super) fn node(self, tree: &Tree) -> NodeId {
        match tree.item(self.node) {
            Item::Repeat { mut body, .. } if !self.repetition => tree.next(&mut body).unwrap_or(self.node),
            _ => self.node,
        }
    }
}
