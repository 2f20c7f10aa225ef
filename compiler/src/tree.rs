//! The pool: a parsed pattern as nodes in vectors, named by ids.
//!
//! A subpattern ([`Sequence`]) is a chain of nodes, so that a group is spliced into its parent, and a common prefix
//! moved out of a branch, without copying. Ids give what CPython gets from comparing subpatterns by identity.
//! Literals in a row, most of a pattern, are one node.

use alloc::vec::Vec;
use core::ops::Range;

use crate::error::Span;
use crate::flags::Flags;
use crate::opcode::{At, Category};
use crate::pool::{Budget, Grow, Stop};
use crate::width::Width;

/// Names a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NodeId(u32);

/// Names a subpattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SequenceId(u32);

/// One item of a subpattern and what follows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub item: Item,
    next: u32,
}

const NIL: u32 = u32::MAX;

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
    /// A group without flags of its own; its number is 0 when it does not capture.
    Group {
        number: u32,
        body: SequenceId,
    },
    /// A group that turns flags on or off.
    FlagGroup(u32),
    Atomic(SequenceId),
    Assert {
        behind: bool,
        negative: bool,
        body: SequenceId,
    },
    /// A part of `Tree::alternatives`.
    Branch(Slice),
    Conditional(u32),
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
    first: u32,
    last: u32,
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
    pub body: SequenceId,
}

/// CPython: SUBPATTERN
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
    pub alternatives: Vec<SequenceId>,
    pub conditionals: Vec<Conditional>,
    /// Where each node stands in the pattern, when that is recorded: then each literal has its own.
    spans: Vec<Span>,
    pub record_spans: bool,
    root: Option<SequenceId>,
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
    pub(crate) const EMPTY: Chain = Chain { first: NIL, last: NIL };

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.first == NIL
    }

    #[inline]
    pub(crate) fn first(self) -> Option<NodeId> {
        (self.first != NIL).then_some(NodeId(self.first))
    }

    #[inline]
    pub(crate) fn last(self) -> Option<NodeId> {
        (self.last != NIL).then_some(NodeId(self.last))
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
        self.nodes[node.0 as usize].item
    }

    /// An item and the node after it.
    #[inline]
    pub(crate) fn step(&self, node: NodeId) -> (Item, Option<NodeId>) {
        let Node { item, next } = self.nodes[node.0 as usize];
        (item, (next != NIL).then_some(NodeId(next)))
    }

    pub(crate) fn next(&self, node: NodeId) -> Option<NodeId> {
        self.step(node).1
    }

    /// The only item, or the only literals, where there is just one node.
    #[inline]
    pub(crate) fn only(&self, chain: Chain) -> Option<Item> {
        if chain.first == chain.last {
            self.nodes.get(chain.first as usize).map(|node| node.item)
        } else {
            None
        }
    }

    /// The only item, where there is just one.
    #[inline]
    pub(crate) fn single(&self, chain: Chain) -> Option<Item> {
        self.only(chain).filter(|item| !matches!(item, Item::Literals(several) if several.len() > 1))
    }

    pub(crate) fn span(&self, node: NodeId) -> Option<Span> {
        self.spans.get(node.0 as usize).copied()
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
    pub(crate) fn branch(&self, part: Slice) -> &[SequenceId] {
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
        let id = self.add_node(item, span, budget)?;
        self.link(chain, id, id);
        Ok(())
    }

    #[inline]
    fn add_node(&mut self, item: Item, span: Span, budget: &mut Budget) -> Result<u32, Stop> {
        let id = add(&mut self.nodes, Node { item, next: NIL }, budget)?;
        if self.record_spans {
            self.spans.try_push(span, budget)?;
        }
        Ok(id)
    }

    #[inline]
    fn link(&mut self, chain: &mut Chain, first: u32, last: u32) {
        match self.nodes.get_mut(chain.last as usize) {
            Some(node) => node.next = first,
            None => chain.first = first,
        }
        chain.last = last;
    }

    /// Where further literals are added, for [`append_literals`](Tree::append_literals) to take them.
    #[inline]
    pub(crate) fn new_literals(&mut self) -> &mut Vec<u32> {
        &mut self.literals
    }

    #[inline]
    pub(crate) fn literals_len(&self) -> u32 {
        self.literals.len() as u32
    }

    /// Adds the literals from `start` on, which are new, at the end of a chain.
    #[inline]
    pub(crate) fn append_literals(
        &mut self,
        chain: &mut Chain,
        start: u32,
        span: Span,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        let end = self.literals_len();
        if !self.record_spans
            && let Some(Node { item: Item::Literals(part), .. }) = self.nodes.get_mut(chain.last as usize)
            && part.end == start
        {
            part.end = end;
            return Ok(());
        }
        self.append(chain, Item::Literals(Slice { start, end }), span, budget)
    }

    /// Adds a node of its own for the last item of a chain, where others come before it in the same node.
    pub(crate) fn split_last(&mut self, chain: &mut Chain, budget: &mut Budget) -> Result<(), Stop> {
        let Some(Node { item: Item::Literals(part), .. }) = self.nodes.get_mut(chain.last as usize) else {
            return Ok(());
        };
        if part.len() > 1 {
            let end = part.end;
            part.end -= 1;
            self.append(chain, Item::Literals(Slice { start: end - 1, end }), Span::default(), budget)?;
        }
        Ok(())
    }

    /// Makes a chain of an item, to be the body of what stands in its place [from now on](Tree::replace).
    #[inline]
    pub(crate) fn detach(&mut self, node: NodeId, item: Item, budget: &mut Budget) -> Result<Chain, Stop> {
        let span = self.span(node).unwrap_or_default();
        let id = self.add_node(item, span, budget)?;
        Ok(Chain { first: id, last: id })
    }

    /// Puts another item in a node's place; it reaches to `end` in the pattern.
    #[inline]
    pub(crate) fn replace(&mut self, node: NodeId, item: Item, end: u32) {
        self.nodes[node.0 as usize].item = item;
        if let Some(span) = self.spans.get_mut(node.0 as usize) {
            span.end = end;
        }
    }

    /// The first item of a sequence; of several literals only the first.
    pub(crate) fn first_item(&self, of: SequenceId) -> Option<Item> {
        let item = self.item(self.chain(of).first()?);
        Some(match item {
            Item::Literals(Slice { start, .. }) => Item::Literals(Slice { start, end: start + 1 }),
            item => item,
        })
    }

    /// Takes the first item off a sequence, and puts it at the end of a chain.
    pub(crate) fn move_first(
        &mut self,
        from: SequenceId,
        to: &mut Chain,
        budget: &mut Budget,
    ) -> Result<(), Stop> {
        let Some(item) = self.first_item(from) else { return Ok(()) };
        let span = self.chain(from).first().and_then(|node| self.span(node)).unwrap_or_default();
        self.drop_first(from);
        // What was a run of literals becomes one again.
        if let Item::Literals(part) = item
            && !self.record_spans
            && let Some(Node { item: Item::Literals(last), .. }) = self.nodes.get_mut(to.last as usize)
            && last.end == part.start
        {
            last.end = part.end;
            return Ok(());
        }
        self.append(to, item, span, budget)
    }

    /// Takes the first item off a sequence.
    pub(crate) fn drop_first(&mut self, from: SequenceId) {
        let chain = &mut self.sequences[from.0 as usize].chain;
        let Some(node) = self.nodes.get_mut(chain.first as usize) else { return };
        match &mut node.item {
            Item::Literals(part) if part.len() > 1 => part.start += 1,
            _ => {
                chain.first = node.next;
                if chain.first == NIL {
                    chain.last = NIL;
                }
            }
        }
    }

    /// Replaces each non-capturing group without flags by its items.
    ///
    /// CPython: `re/_parser.py`, the end of `_parse`
    pub(crate) fn unpack_groups(&mut self, sequence: SequenceId) {
        let mut unpacked = Chain::EMPTY;
        let mut at = self.chain(sequence).first;
        while let Some(&Node { item, next }) = self.nodes.get(at as usize) {
            match item {
                Item::Group { number: 0, body } => {
                    let inner = self.chain(body);
                    if !inner.is_empty() {
                        self.link(&mut unpacked, inner.first, inner.last);
                    }
                }
                _ => self.link(&mut unpacked, at, at),
            }
            at = next;
        }
        if let Some(last) = self.nodes.get_mut(unpacked.last as usize) {
            last.next = NIL;
        }
        self.sequences[sequence.0 as usize].chain = unpacked;
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
