//! Where instructions come from.

use crate::tree::{Item, NodeId, Tree};

/// An instruction's index, and its item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OriginMark {
    pub word: u32,
    pub owner: OriginRef,
}
/// What an instruction belongs to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OriginRef {
    pub node: NodeId,
    /// To the repetition of the node's item, not to the item itself.
    pub repetition: bool,
}
impl OriginRef {
    /// The node that knows where in the pattern this is. What is repeated stands in the tree once more.
    pub(super) fn node(self, tree: &Tree) -> NodeId {
        match tree.item(self.node) {
            Item::Repeat { mut body, .. } if !self.repetition => tree.next(&mut body).unwrap_or(self.node),
            _ => self.node,
        }
    }
}
