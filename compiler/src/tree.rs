//! The pool: a parsed pattern as nodes in one vector, in the order in which it was read.
//!
//! A subpattern is a stretch of that vector ([`Items`]). The node of a group comes before those of its body and leads
//! over them; that of a group which takes no part itself leads into them, so its items stand in its parent without
//! being moved. What is made of items that are there already (a branch, what is repeated) comes after these.
//! Literals in a row, most of a pattern, are one item.

use alloc::vec::Vec;
use core::ops::Range;

use crate::error::Span;
use crate::flags::Flags;
use crate::members::{Member, Outline, Set};
use crate::opcode::{At, Category};
use crate::pool::{Budget, Grow, Stop};
use crate::width::Width;

/// Names a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct NodeId(u32);

impl NodeId {
    /// The first one of a pattern.
    pub(crate) const FIRST: NodeId = NodeId(0);
}

/// Names a subpattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SequenceId(u32);

impl SequenceId {
    /// That of a group which is still open.
    pub(crate) const OPEN: SequenceId = SequenceId(u32::MAX);
}

/// One item of a subpattern, and the index of what follows it.
#[derive(Clone, Copy, Debug)]
struct Node {
    item: Item,
    next: u32,
}

/// A part of one of the pool's tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Slice {
    pub start: u32,
    pub end: u32,
}

/// CPython: `(op, av)`, one item of `SubPattern.data`; a bare number is an index into the table of its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    /// A group that is not there but for its items, which come next.
    Nothing,
    /// One LITERAL or several in a row: a part of `Tree::literals`.
    Literals(Slice),
    NotLiteral(u32),
    Any,
    At(At),
    GroupRef(u32),
    Failure,
    /// IN of one category, not negated.
    Category(Category),
    /// Another IN.
    In(u32),
    Repeat(u32),
    /// A group that captures.
    Group {
        number: u32,
        body: SequenceId,
    },
    /// A group that turns flags on or off.
    FlagGroup(u32),
    Atomic(SequenceId),
    Assert(AssertKind, SequenceId),
    Branch(u32),
    Conditional(u32),
}

/// The items of a subpattern from one on: indices of nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Items {
    next: u32,
    end: u32,
}

/// CPython: `SubPattern`
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence {
    pub items: Items,
    pub width: Width,
}

/// CPython: ASSERT and ASSERT_NOT, and the direction
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
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

#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    pub kind: RepeatKind,
    pub min: u32,
    pub max: u32,
    pub body: Sequence,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch {
    /// A part of `Tree::alternatives`.
    pub alternatives: Slice,
    pub width: Width,
}

/// A group of either kind. CPython: SUBPATTERN
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    /// Its number; 0 when it does not capture.
    pub number: u32,
    pub add: Flags,
    pub del: Flags,
    pub body: SequenceId,
}

/// CPython: GROUPREF_EXISTS
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditional {
    pub group: u32,
    pub yes: SequenceId,
    pub no: Option<SequenceId>,
}

/// The nodes of one pattern, and their tables.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    sequences: Vec<Sequence>,
    pub literals: Vec<u32>,
    pub members: Vec<Member>,
    pub sets: Vec<Set>,
    pub repeats: Vec<Repeat>,
    pub flag_groups: Vec<Group>,
    pub alternatives: Vec<Items>,
    pub branches: Vec<Branch>,
    pub conditionals: Vec<Conditional>,
    /// Where each node stands in the pattern, when that is recorded: then each literal has its own.
    spans: Vec<Span>,
    pub record_spans: bool,
    root: Option<SequenceId>,
}

impl AssertKind {
    pub(crate) fn is_negative(self) -> bool {
        matches!(self, AssertKind::NotAhead | AssertKind::NotBehind)
    }

    pub(crate) fn is_behind(self) -> bool {
        matches!(self, AssertKind::Behind | AssertKind::NotBehind)
    }
}

impl Slice {
    #[inline]
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    #[inline]
    pub(crate) fn len(self) -> u32 {
        self.end - self.start
    }
}

impl Tree {
    /// Forgets the pattern and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.sequences.clear();
        self.literals.clear();
        self.members.clear();
        self.sets.clear();
        self.repeats.clear();
        self.flag_groups.clear();
        self.alternatives.clear();
        self.branches.clear();
        self.conditionals.clear();
        self.spans.clear();
        self.root = None;
    }

    /// The bytes of memory that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.nodes.bytes()
            + self.sequences.bytes()
            + self.literals.bytes()
            + self.members.bytes()
            + self.sets.bytes()
            + self.repeats.bytes()
            + self.flag_groups.bytes()
            + self.alternatives.bytes()
            + self.branches.bytes()
            + self.conditionals.bytes()
            + self.spans.bytes()
    }

    /// The whole pattern; none while it is not parsed, or refused.
    pub(crate) fn root(&self) -> Option<SequenceId> {
        self.root
    }

    pub(crate) fn set_root(&mut self, root: SequenceId) {
        self.root = Some(root);
    }

    /// The node of the next of some items, of which the others are left.
    #[inline]
    pub(crate) fn next(&self, items: &mut Items) -> Option<NodeId> {
        while items.next != items.end {
            let at = items.next;
            let Node { item, next } = &self.nodes[at as usize];
            items.next = *next;
            if !matches!(item, Item::Nothing) {
                return Some(NodeId(at));
            }
        }
        None
    }

    #[inline]
    pub(crate) fn next_item(&self, items: &mut Items) -> Option<Item> {
        self.next(items).map(|node| self.item(node))
    }

    #[inline]
    pub(crate) fn is_empty(&self, mut items: Items) -> bool {
        self.next(&mut items).is_none()
    }

    /// The only item, where there is just one.
    #[inline]
    pub(crate) fn single(&self, mut items: Items) -> Option<Item> {
        match self.next_item(&mut items)? {
            Item::Literals(part) if part.len() != 1 => None,
            item => self.is_empty(items).then_some(item),
        }
    }

    pub(crate) fn span(&self, node: NodeId) -> Option<Span> {
        self.spans.get(node.0 as usize).copied()
    }

    #[inline]
    pub(crate) fn sequence(&self, id: SequenceId) -> &Sequence {
        &self.sequences[id.0 as usize]
    }

    #[inline]
    pub(crate) fn items(&self, id: SequenceId) -> Items {
        self.sequence(id).items
    }

    #[inline]
    pub(crate) fn literals(&self, part: Slice) -> &[u32] {
        &self.literals[part.range()]
    }

    #[inline]
    pub(crate) fn set(&self, set: u32) -> &[Member] {
        &self.members[self.sets[set as usize].members.range()]
    }

    #[inline]
    pub(crate) fn branch(&self, branch: u32) -> &[Items] {
        &self.alternatives[self.branches[branch as usize].alternatives.range()]
    }

    /// Makes a set of the members from `start` on.
    #[inline]
    pub(crate) fn add_set(
        &mut self,
        start: u32,
        outline: Outline,
        budget: &mut Budget,
    ) -> Result<Item, Stop> {
        let members = Slice { start, end: self.members.len() as u32 };
        add(&mut self.sets, Set { members, outline }, budget).map(Item::In)
    }

    /// A group of either kind.
    #[inline]
    pub(crate) fn group(&self, item: Item) -> Option<Group> {
        match item {
            Item::Group { number, body } => Some(Group { number, add: Flags::NONE, del: Flags::NONE, body }),
            Item::FlagGroup(group) => Some(self.flag_groups[group as usize]),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn add_sequence(
        &mut self,
        sequence: Sequence,
        budget: &mut Budget,
    ) -> Result<SequenceId, Stop> {
        add(&mut self.sequences, sequence, budget).map(SequenceId)
    }

    /// The items from a node on.
    #[inline]
    pub(crate) fn items_from(&self, first: NodeId) -> Items {
        Items { next: first.0, end: self.nodes.len() as u32 }
    }

    /// The name of the next node.
    #[inline]
    pub(crate) fn next_node(&self) -> NodeId {
        NodeId(self.nodes.len() as u32)
    }

    /// Where the next literal will stand.
    #[inline]
    pub(crate) fn next_literal(&self) -> u32 {
        self.literals.len() as u32
    }

    /// Adds an item that reaches from `start` to `end` in the pattern.
    #[inline(always)]
    pub(crate) fn append(&mut self, item: Item, span: Span, budget: &mut Budget) -> Result<NodeId, Stop> {
        let node = self.next_node();
        self.nodes.try_push(Node { item, next: node.0 + 1 }, budget)?;
        if self.record_spans {
            self.note_span(span, budget)?;
        }
        Ok(node)
    }

    #[cold]
    #[inline(never)]
    fn note_span(&mut self, span: Span, budget: &mut Budget) -> Result<(), Stop> {
        self.spans.try_push(span, budget)
    }

    #[inline]
    pub(crate) fn item(&self, node: NodeId) -> Item {
        self.nodes[node.0 as usize].item
    }

    /// Makes a node the item that ends in the last node, and `end` in the pattern.
    #[inline]
    pub(crate) fn close(&mut self, node: NodeId, item: Item, end: u32) {
        self.nodes[node.0 as usize] = Node { item, next: self.nodes.len() as u32 };
        if let Some(span) = self.spans.get_mut(node.0 as usize) {
            span.end = end;
        }
    }

    /// Adds the item of a node once more, to be the only one of a subpattern.
    #[inline]
    pub(crate) fn append_again(&mut self, node: NodeId, budget: &mut Budget) -> Result<Items, Stop> {
        let span = self.span(node).unwrap_or_default();
        let copy = self.append(self.item(node), span, budget)?;
        Ok(self.items_from(copy))
    }

    #[inline]
    pub(crate) fn replace(&mut self, node: NodeId, item: Item) {
        self.nodes[node.0 as usize].item = item;
    }

    /// Has the node of a group lead to these items.
    #[inline]
    pub(crate) fn lead_to(&mut self, node: NodeId, items: Items) {
        self.nodes[node.0 as usize].next = items.next;
    }

    /// The last item of a subpattern.
    pub(crate) fn last_node(&self, id: SequenceId) -> Option<NodeId> {
        let mut items = self.items(id);
        core::iter::from_fn(|| self.next(&mut items)).last()
    }

    /// The items from the one on that a node leads to.
    #[inline]
    pub(crate) fn led_to(&self, node: NodeId) -> Items {
        Items { next: self.nodes[node.0 as usize].next, end: self.nodes.len() as u32 }
    }

    /// What a node holds, if it is the last one and literals.
    #[inline]
    pub(crate) fn last_literals(&mut self, node: NodeId) -> Option<&mut Slice> {
        match self.nodes.get_mut(node.0 as usize..)? {
            [Node { item: Item::Literals(part), .. }] => Some(part),
            _ => None,
        }
    }

    /// The first item; of several literals only the first.
    #[inline]
    pub(crate) fn first_item(&self, mut items: Items) -> Option<Item> {
        Some(match self.next_item(&mut items)? {
            Item::Literals(Slice { start, .. }) => Item::Literals(Slice { start, end: start + 1 }),
            item => item,
        })
    }

    /// Is that what some items start with? Of several literals the first one counts.
    #[inline]
    pub(crate) fn starts_with(&self, mut items: Items, item: Item) -> bool {
        match (self.next_item(&mut items), item) {
            (Some(Item::Literals(a)), Item::Literals(b)) => {
                self.literals[a.start as usize] == self.literals[b.start as usize]
            }
            (Some(first), item) => self.same(first, item),
            (None, _) => false,
        }
    }

    /// Takes the first item off.
    pub(crate) fn drop_first(&mut self, items: &mut Items) {
        let mut rest = *items;
        let Some(first) = self.next(&mut rest) else { return };
        *items = match &mut self.nodes[first.0 as usize].item {
            Item::Literals(part) if part.len() > 1 => {
                part.start += 1;
                Items { next: first.0, end: rest.end }
            }
            _ => rest,
        };
    }

    /// Where the first item stands in the pattern, when that is recorded.
    pub(crate) fn first_span(&self, mut items: Items) -> Option<Span> {
        self.span(self.next(&mut items)?)
    }

    /// Are two items the same, of which one is no literal? Those that hold subpatterns never are: CPython compares these by identity.
    fn same(&self, a: Item, b: Item) -> bool {
        match (a, b) {
            (Item::In(a), Item::In(b)) => self.set(a) == self.set(b),
            (
                Item::NotLiteral(_)
                | Item::Any
                | Item::At(_)
                | Item::GroupRef(_)
                | Item::Failure
                | Item::Category(_),
                _,
            ) => a == b,
            _ => false,
        }
    }
}

/// Adds to a table; the index is the id.
#[inline]
pub(crate) fn add<T>(table: &mut Vec<T>, value: T, budget: &mut Budget) -> Result<u32, Stop> {
    let id = table.len() as u32;
    table.try_push(value, budget)?;
    Ok(id)
}
