//! The pool: a parsed pattern as nodes in vectors, named by ids.
//!
//! A subpattern ([`Sequence`]) is a chain of nodes, so that a group is spliced into its parent, and a common prefix
//! moved out of a branch, without copying. Ids give what CPython gets from comparing subpatterns by identity.
//! Literals in a row, most of a pattern, are one item, and a subpattern of one item that holds no other needs no node.

use alloc::vec::Vec;
use core::num::NonZeroU32;
use core::ops::Range;

use crate::error::Span;
use crate::flags::Flags;
use crate::opcode::{At, Category};
use crate::pool::{Budget, Grow, Stop};
use crate::width::Width;

/// Names a node: one more than its index, so that an `Option` of it is as small.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NodeId(NonZeroU32);

/// Names a subpattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SequenceId(u32);

/// One item of a subpattern and what follows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub item: Item,
    next: Option<NodeId>,
}

/// A part of one of the pool's tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Slice {
    pub start: u32,
    pub end: u32,
}

/// CPython: `(op, av)`, one item of `SubPattern.data`; a bare number is an index into the table of its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    /// One LITERAL or several in a row: a part of `Tree::literals`.
    Literals(Slice),
    NotLiteral(u32),
    Any,
    At(At),
    GroupRef(u32),
    Failure,
    /// A part of `Tree::members`.
    In(Slice),
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
    /// A part of `Tree::alternatives`.
    Branch(Slice),
    Conditional(u32),
}

/// What is repeated, or one of several alternatives.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// An item that holds no subpattern; nothing at all is no literals.
    Leaf(Item),
    Sequence(SequenceId),
}

/// CPython: `SubPattern`
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence {
    pub chain: Chain,
    pub width: Width,
}

/// The first and the last node of a subpattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Chain {
    first: Option<NodeId>,
    last: Option<NodeId>,
}

/// A member of a character set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub(crate) enum Member {
    Negate,
    Literal(u32),
    Range(u32, u32),
    Category(Category),
    /// Only the optimizer of sets makes it.
    RangeUniIgnore(u32, u32),
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
    pub body: Body,
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
    literals: Vec<u32>,
    pub members: Vec<Member>,
    pub repeats: Vec<Repeat>,
    pub flag_groups: Vec<Group>,
    pub alternatives: Vec<Body>,
    pub conditionals: Vec<Conditional>,
    /// Where each node stands in the pattern, when that is recorded: then each literal has its own.
    spans: Vec<Span>,
    pub record_spans: bool,
    root: Option<SequenceId>,
}

impl NodeId {
    #[inline]
    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl Item {
    /// Does it hold no subpattern?
    #[inline]
    pub(crate) fn is_leaf(self) -> bool {
        matches!(
            self,
            Item::Literals(_)
                | Item::NotLiteral(_)
                | Item::Any
                | Item::At(_)
                | Item::GroupRef(_)
                | Item::Failure
                | Item::In(_)
        )
    }
}

impl Body {
    pub(crate) const NOTHING: Body = Body::Leaf(Item::Literals(Slice { start: 0, end: 0 }));
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

impl Chain {
    pub(crate) const EMPTY: Chain = Chain { first: None, last: None };

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.first.is_none()
    }

    #[inline]
    pub(crate) fn first(self) -> Option<NodeId> {
        self.first
    }
}

impl Tree {
    /// Forgets the pattern and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.sequences.clear();
        self.literals.clear();
        self.members.clear();
        self.repeats.clear();
        self.flag_groups.clear();
        self.alternatives.clear();
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
            + self.repeats.bytes()
            + self.flag_groups.bytes()
            + self.alternatives.bytes()
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

    #[inline]
    pub(crate) fn item(&self, node: NodeId) -> Item {
        self.nodes[node.index()].item
    }

    /// An item and the node after it.
    #[inline]
    pub(crate) fn step(&self, node: NodeId) -> (Item, Option<NodeId>) {
        let Node { item, next } = self.nodes[node.index()];
        (item, next)
    }

    /// The only item, where there is just one.
    #[inline]
    pub(crate) fn single(&self, body: Body) -> Option<Item> {
        let item = match body {
            Body::Leaf(item) => item,
            Body::Sequence(id) => {
                let chain = self.chain(id);
                if chain.first != chain.last {
                    return None;
                }
                self.item(chain.first()?)
            }
        };
        match item {
            Item::Literals(part) if part.len() != 1 => None,
            item => Some(item),
        }
    }

    pub(crate) fn span(&self, node: NodeId) -> Option<Span> {
        self.spans.get(node.index()).copied()
    }

    #[inline]
    pub(crate) fn chain(&self, id: SequenceId) -> Chain {
        self.sequences[id.0 as usize].chain
    }

    #[inline]
    pub(crate) fn width(&self, id: SequenceId) -> Width {
        self.sequences[id.0 as usize].width
    }

    pub(crate) fn replace_sequence(&mut self, id: SequenceId, sequence: Sequence) {
        self.sequences[id.0 as usize] = sequence;
    }

    #[inline]
    pub(crate) fn literals(&self, part: Slice) -> &[u32] {
        &self.literals[part.range()]
    }

    #[inline]
    pub(crate) fn set(&self, part: Slice) -> &[Member] {
        &self.members[part.range()]
    }

    #[inline]
    pub(crate) fn branch(&self, part: Slice) -> &[Body] {
        &self.alternatives[part.range()]
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

    /// Adds an item at the end of a chain.
    #[inline]
    pub(crate) fn append(
        &mut self,
        chain: &mut Chain,
        item: Item,
        span: Span,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        let node = self.add_node(item, span, budget)?;
        self.splice(chain, Chain { first: Some(node), last: Some(node) });
        Ok(())
    }

    #[inline]
    fn add_node(&mut self, item: Item, span: Span, budget: &mut Budget) -> Result<NodeId, Stop> {
        self.nodes.try_push(Node { item, next: None }, budget)?;
        if self.record_spans {
            self.spans.try_push(span, budget)?;
        }
        Ok(NodeId(NonZeroU32::MIN.saturating_add(self.nodes.len() as u32 - 1)))
    }

    /// Where the next literal will stand.
    #[inline]
    pub(crate) fn literals_len(&self) -> u32 {
        self.literals.len() as u32
    }

    /// Where literals are added.
    #[inline]
    pub(crate) fn new_literals(&mut self) -> &mut Vec<u32> {
        &mut self.literals
    }

    /// The first item of a body; of several literals only the first.
    #[inline]
    pub(crate) fn first_item(&self, of: Body) -> Option<Item> {
        let item = match of {
            Body::Leaf(item) => item,
            Body::Sequence(id) => self.item(self.chain(id).first()?),
        };
        match item {
            Item::Literals(Slice { start, end }) if start < end => {
                Some(Item::Literals(Slice { start, end: start + 1 }))
            }
            Item::Literals(_) => None,
            item => Some(item),
        }
    }

    /// Where the first item of a body stands in the pattern, when that is recorded.
    pub(crate) fn first_span(&self, of: Body) -> Option<Span> {
        let Body::Sequence(id) = of else { return None };
        self.span(self.chain(id).first()?)
    }

    /// Takes the first item off a body.
    pub(crate) fn drop_first(&mut self, from: &mut Body) {
        let item = match from {
            Body::Leaf(item) => item,
            Body::Sequence(id) => {
                let chain = &mut self.sequences[id.0 as usize].chain;
                let Some(first) = chain.first else { return };
                let node = &mut self.nodes[first.index()];
                if !matches!(node.item, Item::Literals(part) if part.len() > 1) {
                    chain.first = node.next;
                    if chain.is_empty() {
                        chain.last = None;
                    }
                    return;
                }
                &mut node.item
            }
        };
        match item {
            Item::Literals(part) => part.start += 1,
            _ => *from = Body::NOTHING,
        }
    }

    /// Puts the items of one chain at the end of another.
    #[inline]
    pub(crate) fn splice(&mut self, chain: &mut Chain, more: Chain) {
        if more.is_empty() {
            return;
        }
        match chain.last {
            Some(node) => self.nodes[node.index()].next = more.first,
            None => chain.first = more.first,
        }
        chain.last = more.last;
    }

    /// Are two items the same? Those that hold subpatterns never are: CPython compares these by identity.
    pub(crate) fn same(&self, a: Item, b: Item) -> bool {
        match (a, b) {
            (Item::Literals(a), Item::Literals(b)) => self.literals(a) == self.literals(b),
            (Item::In(a), Item::In(b)) => self.set(a) == self.set(b),
            (Item::NotLiteral(_) | Item::Any | Item::At(_) | Item::GroupRef(_) | Item::Failure, _) => a == b,
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
