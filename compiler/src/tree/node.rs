//! The nodes of the tree.

use crate::flags::Flags;
use crate::item::{AssertKind, Atom, RepeatKind};
use crate::span::{IndexRange, Span};

/// The index of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct NodeId(pub(super) u32);

impl NodeId {
    /// The first node of a pattern.
    pub(crate) const FIRST: NodeId = NodeId(0);
}
/// An item of a subpattern with its span, and the index of its successor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) item: Item,
    pub(super) span: Span,
    pub(super) next: u32,
}
/// CPython: `(op, av)`, one item of `SubPattern.data`
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item {
    /// A non-capturing group, which is replaced by its items. They come next.
    Spliced,
    Atom(Atom),
    Repeat {
        kind: RepeatKind,
        min: u32,
        max: u32,
        body: NodeRange,
    },
    /// A group that captures or has flags. CPython: SUBPATTERN
    Group {
        /// 0 if the group does not capture.
        number: u32,
        add: Flags,
        del: Flags,
        body: NodeRange,
    },
    Atomic(NodeRange),
    Assert(AssertKind, NodeRange),
    /// A part of `Tree::alternatives`.
    Branch(IndexRange),
    /// CPython: GROUPREF_EXISTS
    Conditional {
        group: u32,
        yes: NodeRange,
        no: Option<NodeRange>,
    },
}
/// The nodes of a subpattern: the first one, and the index at which they end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct NodeRange {
    pub(super) next: u32,
    pub(super) end: u32,
}

impl NodeRange {
    /// The nodes of a group that is still open.
    pub(crate) const UNKNOWN: NodeRange = NodeRange { next: 0, end: 0 };
}
impl Item {
    /// Sets the subpattern of an item.
    pub(super) fn fill(&mut self, items: NodeRange) {
        match self {
            Item::Group { body, .. } | Item::Atomic(body) | Item::Assert(_, body) => *body = items,
            Item::Conditional { yes, .. } if *yes == NodeRange::UNKNOWN => *yes = items,
            Item::Conditional { no, .. } => *no = Some(items),
            Item::Spliced | Item::Atom(_) | Item::Repeat { .. } | Item::Branch(_) => {}
        }
    }
}
