//! The tree: what `re.DEBUG` prints, and where in the pattern each item stands. The parser tells of each item that it
//! reads, if the tree is asked for: code is written without it.
//!
//! Nodes are in one vector, in the order in which they were read. A subpattern is a stretch of that vector ([`Items`]).
//! The node of a group comes before those of its body and leads over them; that of a group which takes no part itself
//! leads into them, so its items stand in its parent without being moved. What is made of items that are there already (a
//! branch, what is repeated) comes after these.

use alloc::vec::Vec;

use crate::error::Span;
use crate::flags::Flags;
use crate::kind::Leaf;
use crate::member::Packed;
use crate::members::Slice;
use crate::pool::{Budget, Grow, Stop};

/// Names a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct NodeId(u32);

impl NodeId {
    /// The first one of a pattern.
    pub(crate) const FIRST: NodeId = NodeId(0);
}

/// One item of a subpattern, where it stands in the pattern, and the index of what follows it.
#[derive(Clone, Copy, Debug)]
struct Node {
    item: Item,
    span: Span,
    next: u32,
}

/// CPython: `(op, av)`, one item of `SubPattern.data`
#[derive(Clone, Copy, Debug)]
pub(crate) enum Item {
    /// A group that is not there but for its items, which come next.
    Nothing,
    Leaf(Leaf),
    Repeat {
        kind: RepeatKind,
        min: u32,
        max: u32,
        body: Items,
    },
    /// A group that captures, or turns flags on or off. CPython: SUBPATTERN
    Group {
        /// 0 when it does not capture.
        number: u32,
        add: Flags,
        del: Flags,
        body: Items,
    },
    Atomic(Items),
    Assert(AssertKind, Items),
    /// A part of `Tree::alternatives`.
    Branch(Slice),
    /// CPython: GROUPREF_EXISTS
    Conditional {
        group: u32,
        yes: Items,
        no: Option<Items>,
    },
}

/// The items of a subpattern from one on: indices of nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Items {
    next: u32,
    end: u32,
}

impl Items {
    /// Those of a group that is still open.
    pub(crate) const UNKNOWN: Items = Items { next: 0, end: 0 };
}

/// CPython: ASSERT and ASSERT_NOT, and the direction
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AssertKind {
    Ahead,
    NotAhead,
    Behind,
    NotBehind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RepeatKind {
    Greedy,
    Lazy,
    Possessive,
}

/// A subpattern that is being read.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    node: NodeId,
    /// Where its current alternative starts.
    first: u32,
    /// Where its finished alternatives start in `Tree::pending`.
    pending: u32,
}

/// The nodes of one pattern, and their tables.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    members: Vec<Packed>,
    sets: Vec<Slice>,
    alternatives: Vec<Items>,
    open: Vec<Open>,
    pending: Vec<Items>,
    /// What the current alternative ends in, which may yet be repeated.
    last: Option<NodeId>,
    root: Option<Items>,
}

impl AssertKind {
    pub(crate) fn is_negative(self) -> bool {
        matches!(self, AssertKind::NotAhead | AssertKind::NotBehind)
    }

    pub(crate) fn is_behind(self) -> bool {
        matches!(self, AssertKind::Behind | AssertKind::NotBehind)
    }
}

/// What there is to see.
impl Tree {
    /// The whole pattern; none while it is not parsed, or refused.
    pub(crate) fn root(&self) -> Option<Items> {
        self.root
    }

    /// The node of the next of some items, of which the others are left.
    pub(crate) fn next(&self, items: &mut Items) -> Option<NodeId> {
        while items.next != items.end {
            let at = items.next;
            let Node { item, next, .. } = &self.nodes[at as usize];
            items.next = *next;
            if !matches!(item, Item::Nothing) {
                return Some(NodeId(at));
            }
        }
        None
    }

    pub(crate) fn next_item(&self, items: &mut Items) -> Option<Item> {
        self.next(items).map(|node| self.item(node))
    }

    pub(crate) fn is_empty(&self, mut items: Items) -> bool {
        self.next(&mut items).is_none()
    }

    pub(crate) fn item(&self, node: NodeId) -> Item {
        self.nodes[node.0 as usize].item
    }

    pub(crate) fn span(&self, node: NodeId) -> Option<Span> {
        self.nodes.get(node.0 as usize).map(|node| node.span)
    }

    pub(crate) fn set(&self, set: u32) -> &[Packed] {
        &self.members[self.sets[set as usize].range()]
    }

    pub(crate) fn branch(&self, alternatives: Slice) -> &[Items] {
        &self.alternatives[alternatives.range()]
    }

    /// The last item of the pattern.
    pub(crate) fn last_node(&self) -> Option<NodeId> {
        let mut items = self.root?;
        core::iter::from_fn(|| self.next(&mut items)).last()
    }

    /// The bytes of memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.nodes.bytes()
            + self.members.bytes()
            + self.sets.bytes()
            + self.alternatives.bytes()
            + self.open.bytes()
            + self.pending.bytes()
    }
}

/// What the parser tells. Each gives the node that the code which is written next belongs to.
impl Tree {
    /// A pattern begins.
    pub(crate) fn begin(&mut self, budget: &mut Budget) -> Result<NodeId, Stop> {
        self.nodes.clear();
        self.members.clear();
        self.sets.clear();
        self.alternatives.clear();
        self.open.clear();
        self.pending.clear();
        self.last = None;
        self.open.try_push(Open::default(), budget)?;
        Ok(NodeId::FIRST)
    }

    /// The pattern is no longer the last one.
    pub(crate) fn forget(&mut self) {
        self.root = None;
    }

    /// An item that holds no subpattern; of a set the members.
    pub(crate) fn leaf(
        &mut self,
        leaf: Leaf,
        members: &[Packed],
        span: Span,
        budget: &mut Budget,
    ) -> Result<NodeId, Stop> {
        let leaf = match leaf {
            Leaf::In(_) => {
                let start = self.members.len() as u32;
                self.members.try_extend(members, budget)?;
                let members = Slice { start, end: self.members.len() as u32 };
                self.sets.try_push(members, budget)?;
                Leaf::In(self.sets.len() as u32 - 1)
            }
            leaf => leaf,
        };
        self.append(Item::Leaf(leaf), span, budget)
    }

    /// A subpattern begins; its item will be this, with the items that are read until it is closed.
    pub(crate) fn open(&mut self, item: Item, span: Span, budget: &mut Budget) -> Result<NodeId, Stop> {
        let node = self.append(item, span, budget)?;
        let (first, pending) = (self.nodes.len() as u32, self.pending.len() as u32);
        self.open.try_push(Open { node, first, pending }, budget)?;
        self.last = None;
        Ok(node)
    }

    /// The alternative is complete.
    pub(crate) fn end_alternative(&mut self, budget: &mut Budget) -> Result<NodeId, Stop> {
        let items = self.take_items();
        self.pending.try_push(items, budget)?;
        Ok(NodeId::FIRST)
    }

    /// The first alternative of a conditional is complete.
    pub(crate) fn otherwise(&mut self) -> NodeId {
        let items = self.take_items();
        let node = self.current().node;
        self.nodes[node.0 as usize].item.fill(items);
        node
    }

    /// The first item is the same in all alternatives, and leaves them.
    pub(crate) fn hoist(&mut self, budget: &mut Budget) -> Result<NodeId, Stop> {
        let mut common = NodeId::FIRST;
        for n in (self.current().pending as usize..self.pending.len()).rev() {
            let mut items = self.pending[n];
            common = self.next(&mut items).unwrap_or(common);
            self.pending[n] = items;
        }
        let Node { item, span, .. } = self.nodes[common.0 as usize];
        self.append(item, span, budget)
    }

    /// The alternatives make up one item.
    pub(crate) fn branch_of_alternatives(&mut self, span: Span, budget: &mut Budget) -> Result<NodeId, Stop> {
        let start = self.alternatives.len() as u32;
        let base = self.current().pending as usize;
        self.alternatives.try_extend(&self.pending[base..], budget)?;
        self.forget_alternatives();
        let alternatives = Slice { start, end: self.alternatives.len() as u32 };
        self.append(Item::Branch(alternatives), span, budget)
    }

    /// The alternatives are left out, since a set will stand in their place.
    pub(crate) fn forget_alternatives(&mut self) {
        let base = self.current().pending as usize;
        self.pending.truncate(base);
    }

    /// The last item is repeated; the quantifier ends at `end`.
    pub(crate) fn repeat(
        &mut self,
        kind: RepeatKind,
        (min, max): (u32, u32),
        end: u32,
        budget: &mut Budget,
    ) -> Result<NodeId, Stop> {
        let Some(last) = self.last else { return Ok(NodeId::FIRST) };
        let Node { item, span, next } = self.nodes[last.0 as usize];
        let start = match item {
            Item::Nothing => next,
            // It stands in the tree once more, as the only one of a subpattern.
            _ => self.append(item, span, budget)?.0,
        };
        let body = Items { next: start, end: self.nodes.len() as u32 };
        self.nodes[last.0 as usize].item = Item::Repeat { kind, min, max, body };
        self.end_node(last, end);
        Ok(last)
    }

    /// The subpattern ends, at `end` in the pattern.
    pub(crate) fn close(&mut self, end: u32) -> NodeId {
        let items = self.take_items();
        let node = self.current().node;
        self.open.pop();
        let Node { item, next, .. } = &mut self.nodes[node.0 as usize];
        match item {
            Item::Nothing => *next = items.next,
            item => {
                item.fill(items);
                self.end_node(node, end);
            }
        }
        self.last = Some(node);
        node
    }

    /// The group that was closed last is an item that never matches.
    pub(crate) fn fail(&mut self) -> NodeId {
        let node = self.last.unwrap_or(NodeId::FIRST);
        self.nodes[node.0 as usize].item = Item::Leaf(Leaf::Failure);
        node
    }

    /// The pattern is complete.
    pub(crate) fn finish(&mut self) {
        self.root = Some(self.take_items());
    }

    fn append(&mut self, item: Item, span: Span, budget: &mut Budget) -> Result<NodeId, Stop> {
        let node = NodeId(self.nodes.len() as u32);
        self.nodes.try_push(Node { item, span, next: node.0 + 1 }, budget)?;
        self.last = Some(node);
        Ok(node)
    }

    /// Has a node lead over all that comes after it, and end there.
    fn end_node(&mut self, node: NodeId, end: u32) {
        let next = self.nodes.len() as u32;
        let node = &mut self.nodes[node.0 as usize];
        (node.next, node.span.end) = (next, end);
    }

    /// The innermost subpattern that is being read.
    fn current(&self) -> Open {
        self.open.last().copied().unwrap_or_default()
    }

    /// Ends the current alternative, and gives its items.
    fn take_items(&mut self) -> Items {
        let end = self.nodes.len() as u32;
        self.last = None;
        let first = self.open.last_mut().map_or(0, |open| core::mem::replace(&mut open.first, end));
        Items { next: first, end }
    }
}

impl Item {
    /// Gives the item its subpattern.
    fn fill(&mut self, items: Items) {
        match self {
            Item::Group { body, .. } | Item::Atomic(body) | Item::Assert(_, body) => *body = items,
            Item::Conditional { yes, .. } if *yes == Items::UNKNOWN => *yes = items,
            Item::Conditional { no, .. } => *no = Some(items),
            Item::Nothing | Item::Leaf(_) | Item::Repeat { .. } | Item::Branch(_) => {}
        }
    }
}
