//! Sequences and nodes.

use core::fmt;
use core::ops::Range;
use core::slice;

use crate::tree::{Item, NodeId, NodeRange, Tree as Arena};

/// The items of a pattern, of a group, or of an alternative, in order. CPython: `SubPattern`
///
/// A sequence is an iterator over its [`Node`]s. It is `Copy`, so a copy starts from where it was
/// made.
#[derive(Clone, Copy)]
pub struct Sequence<'t> {
    pub(super) arena: &'t Arena,
    pub(super) range: NodeRange,
}

/// An item of a pattern, with its [kind](Node::kind) and its [span](Node::span).
///
/// CPython: `(op, av)`
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(super) arena: &'t Arena,
    id: NodeId,
}

/// The sequences inside a node: the content of a group, or the alternatives of a branch.
#[derive(Clone)]
pub struct Sequences<'t> {
    arena: &'t Arena,
    first: Option<NodeRange>,
    second: Option<NodeRange>,
    alternatives: slice::Iter<'t, NodeRange>,
}

impl<'t> Sequence<'t> {
    /// Returns whether there are no items.
    pub fn is_empty(self) -> bool {
        self.arena.is_empty(self.range)
    }

    /// Returns the part of the pattern from the first item to the last, in code units (see
    /// [`Node::span`]), or `None` if there are no items. Takes a step for each item.
    pub fn span(self) -> Option<Range<usize>> {
        let union = |all: Range<usize>, next: Range<usize>| all.start.min(next.start)..all.end.max(next.end);
        self.map(Node::span).reduce(union)
    }
}

impl<'t> Iterator for Sequence<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let arena = self.arena;
        arena.next(&mut self.range).map(|id| Node { arena, id })
    }
}

impl<'t> Node<'t> {
    /// Returns the part of the pattern that the item was parsed from, in code units of the pattern
    /// as it was passed: bytes of UTF-8 for `&str`, otherwise indices.
    ///
    /// The span of a repeat includes the quantifier; that of a group its parentheses. An item that
    /// all alternatives begin with has the span that it has in the first of them. A set made of
    /// alternatives, and a branch, have the span of all alternatives.
    pub fn span(self) -> Range<usize> {
        let span = self.arena.span(self.id).unwrap_or_default();
        span.start as usize..span.end as usize
    }

    /// Returns the sequences inside the item, in order. An item that holds none has no children.
    pub fn children(self) -> Sequences<'t> {
        let arena = self.arena;
        let (first, second, alternatives): (_, _, &[NodeRange]) = match self.item() {
            Item::Spliced | Item::Atom(_) => (None, None, &[]),
            Item::Repeat { body, .. }
            | Item::Group { body, .. }
            | Item::Atomic(body)
            | Item::Assert(_, body) => (Some(body), None, &[]),
            Item::Branch(alternatives) => (None, None, arena.branch(alternatives)),
            Item::Conditional { yes, no, .. } => (Some(yes), no, &[]),
        };
        Sequences { arena, first, second, alternatives: alternatives.iter() }
    }

    pub(super) fn item(self) -> Item {
        self.arena.item(self.id)
    }
}

impl<'t> Iterator for Sequences<'t> {
    type Item = Sequence<'t>;

    fn next(&mut self) -> Option<Sequence<'t>> {
        let next = self.first.take().or_else(|| self.second.take());
        let range = next.or_else(|| self.alternatives.next().copied())?;
        Some(Sequence { arena: self.arena, range })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let length =
            usize::from(self.first.is_some()) + usize::from(self.second.is_some()) + self.alternatives.len();
        (length, Some(length))
    }
}

impl ExactSizeIterator for Sequences<'_> {}

/// Writes the items without those inside them.
impl fmt::Debug for Sequence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

impl fmt::Debug for Sequences<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
