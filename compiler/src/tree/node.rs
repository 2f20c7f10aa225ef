//! A node of the tree.

use crate::flags::Flags;
use crate::item::{AssertKind, Atom, RepeatKind};
use crate::span::{IndexRange, Span};

/// Names a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct NodeId(pub(super) u32);

impl NodeId {
    /// The first one of a pattern.
    pub(crate) const FIRST: NodeId = NodeId(0);
}
/// One item of a subpattern, where it stands in the pattern, and the index of what follows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) item: Item,
    pub(super) span: Span,
    pub(super) next: u32,
}
/// CPython: `(op, av)`, one item of `SubPattern.data`
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item {
    /// A group that is not there but for its items, which come next.
    Spliced,
    Atom(Atom),
    Repeat {
        kind: RepeatKind,
        min: u32,
        max: u32,
        body: NodeRange,
    },
    /// A group that captures, or turns flags on or off. CPython: SUBPATTERN
    Group {
        /// 0 when it does not capture.
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
/// The items of a subpattern from one on: indices of nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct NodeRange {
    pub(super) next: u32,
    pub(super) end: u32,
}

impl NodeRange {
    /// Those of a group that is still open.
    pub(crate) const UNKNOWN: NodeRange = NodeRange { next: 0, end: 0 };
}
impl Item {
    /// Gives the item its subpattern.
    pub(super) fn fill(&mut self, items: NodeRange) {
        match self {
            Item::Group { body, .. } | Item::Atomic(body) | Item::Assert(_, body) => *body = items,
            Item::Conditional { yes, .. } if *yes == NodeRange::UNKNOWN => *yes = items,
            Item::Conditional { no, .. } => *no = Some(items),
            Item::Spliced | Item::Atom(_) | Item::Repeat { .. } | Item::Branch(_) => {}
        }
    }
}
