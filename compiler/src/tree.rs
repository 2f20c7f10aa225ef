//! The pool: a parsed pattern as nodes in vectors, named by ids.
//!
//! A subpattern ([`Sequence`]) is a chain of nodes, so that a group is spliced into its parent, and a common prefix
//! moved out of a branch, without copying. Ids give what CPython gets from comparing subpatterns by identity.

use alloc::vec::Vec;

use crate::dialect::MAXREPEAT;
use crate::error::{Raise, Span};
use crate::flags::Flags;
use crate::opcode::{At, Category};
use crate::pool::Grow;
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

/// CPython: `(op, av)`, one item of `SubPattern.data`; the number is an index into the pool's table of that kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Item {
    Literal(u32),
    NotLiteral(u32),
    Any,
    At(At),
    GroupRef(u32),
    Failure,
    In(u32),
    Repeat(u32),
    Group(u32),
    Atomic(SequenceId),
    Assert(u32),
    Branch(u32),
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

/// CPython: ASSERT and ASSERT_NOT
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assert {
    pub behind: bool,
    pub negative: bool,
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
    pub members: Vec<Member>,
    /// Where each set starts and ends in `members`.
    pub sets: Vec<(u32, u32)>,
    pub repeats: Vec<Repeat>,
    pub groups: Vec<Group>,
    pub asserts: Vec<Assert>,
    pub alternatives: Vec<SequenceId>,
    /// Where each branch starts and ends in `alternatives`.
    pub branches: Vec<(u32, u32)>,
    pub conditionals: Vec<Conditional>,
    /// Where each node stands in the pattern, when that is recorded.
    spans: Vec<Span>,
    pub record_spans: bool,
    root: Option<SequenceId>,
}

impl Chain {
    pub(crate) const EMPTY: Chain = Chain { first: NIL, last: NIL };

    pub(crate) fn is_empty(self) -> bool {
        self.first == NIL
    }

    pub(crate) fn first(self) -> Option<NodeId> {
        (self.first != NIL).then_some(NodeId(self.first))
    }

    pub(crate) fn last(self) -> Option<NodeId> {
        (self.last != NIL).then_some(NodeId(self.last))
    }

    /// The only node, where there is just one.
    pub(crate) fn single(self) -> Option<NodeId> {
        if self.first == self.last { self.first() } else { None }
    }
}

impl Tree {
    /// Forgets the pattern and keeps the memory.
    pub(crate) fn clear(&mut self) {
        let Tree {
            nodes, sequences, members, sets, repeats, groups, asserts, alternatives, branches, ..
        } = self;
        nodes.clear();
        sequences.clear();
        members.clear();
        sets.clear();
        repeats.clear();
        groups.clear();
        asserts.clear();
        alternatives.clear();
        branches.clear();
        self.conditionals.clear();
        self.spans.clear();
        self.root = None;
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

    #[inline]
    pub(crate) fn next(&self, node: NodeId) -> Option<NodeId> {
        let next = self.nodes[node.0 as usize].next;
        (next != NIL).then_some(NodeId(next))
    }

    pub(crate) fn span(&self, node: NodeId) -> Option<Span> {
        self.spans.get(node.0 as usize).copied()
    }

    pub(crate) fn chain(&self, id: SequenceId) -> Chain {
        self.sequences[id.0 as usize].chain
    }

    pub(crate) fn width(&self, id: SequenceId) -> Width {
        self.sequences[id.0 as usize].width
    }

    pub(crate) fn replace_sequence(&mut self, id: SequenceId, sequence: Sequence) {
        self.sequences[id.0 as usize] = sequence;
    }

    pub(crate) fn set(&self, set: u32) -> &[Member] {
        let (start, end) = self.sets[set as usize];
        &self.members[start as usize..end as usize]
    }

    pub(crate) fn branch(&self, branch: u32) -> &[SequenceId] {
        let (start, end) = self.branches[branch as usize];
        &self.alternatives[start as usize..end as usize]
    }

    pub(crate) fn add_sequence(&mut self, sequence: Sequence) -> Result<SequenceId, Raise> {
        add(&mut self.sequences, sequence).map(SequenceId)
    }

    /// Adds an item at the end of a chain.
    #[inline]
    pub(crate) fn append(&mut self, chain: &mut Chain, item: Item, span: Span) -> Result<(), Raise> {
        let id = self.add_node(item, span)?;
        self.link(chain, id, id);
        Ok(())
    }

    #[inline]
    fn add_node(&mut self, item: Item, span: Span) -> Result<u32, Raise> {
        let id = add(&mut self.nodes, Node { item, next: NIL })?;
        if self.record_spans {
            self.spans.try_push(span)?;
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

    /// Moves the last item of a chain into a chain of its own; the caller puts another [in its place](Tree::replace).
    pub(crate) fn detach_last(&mut self, last: NodeId) -> Result<Chain, Raise> {
        let span = self.span(last).unwrap_or_default();
        let id = self.add_node(self.item(last), span)?;
        Ok(Chain { first: id, last: id })
    }

    /// Puts another item in a node's place; it reaches to `end` in the pattern.
    pub(crate) fn replace(&mut self, node: NodeId, item: Item, end: u32) {
        self.nodes[node.0 as usize].item = item;
        if let Some(span) = self.spans.get_mut(node.0 as usize) {
            span.end = end;
        }
    }

    /// Takes the first node off a sequence, and puts it at the end of a chain.
    pub(crate) fn move_first(&mut self, from: SequenceId, to: &mut Chain) {
        if let Some(node) = self.drop_first(from) {
            self.nodes[node as usize].next = NIL;
            self.link(to, node, node);
        }
    }

    /// Takes the first node off a sequence.
    pub(crate) fn drop_first(&mut self, from: SequenceId) -> Option<u32> {
        let chain = &mut self.sequences[from.0 as usize].chain;
        let first = chain.first;
        let node = self.nodes.get(first as usize)?;
        chain.first = node.next;
        if chain.first == NIL {
            chain.last = NIL;
        }
        Some(first)
    }

    /// Replaces each non-capturing group without flags by its items.
    ///
    /// CPython: `re/_parser.py`, the end of `_parse`
    pub(crate) fn unpack_groups(&mut self, sequence: SequenceId) {
        let mut unpacked = Chain::EMPTY;
        let mut at = self.chain(sequence).first;
        while let Some(&Node { item, next }) = self.nodes.get(at as usize) {
            match self.plain_group(item) {
                None => self.link(&mut unpacked, at, at),
                Some(body) => {
                    let inner = self.chain(body);
                    if !inner.is_empty() {
                        self.link(&mut unpacked, inner.first, inner.last);
                    }
                }
            }
            at = next;
        }
        if let Some(last) = self.nodes.get_mut(unpacked.last as usize) {
            last.next = NIL;
        }
        self.sequences[sequence.0 as usize].chain = unpacked;
    }

    /// The body of a group that neither captures nor changes flags.
    pub(crate) fn plain_group(&self, item: Item) -> Option<SequenceId> {
        let Item::Group(group) = item else { return None };
        let Group { number, add, del, body } = self.groups[group as usize];
        (number == 0 && add.is_empty() && del.is_empty()).then_some(body)
    }

    /// Are two items the same? Those that hold subpatterns never are: CPython compares these by identity.
    pub(crate) fn same(&self, a: Item, b: Item) -> bool {
        match (a, b) {
            (Item::In(a), Item::In(b)) => self.set(a) == self.set(b),
            (
                Item::Repeat(_)
                | Item::Group(_)
                | Item::Atomic(_)
                | Item::Assert(_)
                | Item::Branch(_)
                | Item::Conditional(_),
                _,
            ) => false,
            _ => a == b,
        }
    }
}

impl Tree {
    /// The width of the items of a chain together, not capped.
    ///
    /// CPython: `re/_parser.py`, `SubPattern.getwidth`
    pub(crate) fn getwidth(&self, chain: Chain, group_widths: &[Option<Width>]) -> Width {
        let mut total = Width::NONE;
        let mut at = chain.first();
        while let Some(node) = at {
            total = total.plus(self.item_width(self.item(node), group_widths));
            at = self.next(node);
        }
        total
    }

    /// The width of an item, whose subpatterns have theirs already.
    #[inline]
    pub(crate) fn item_width(&self, item: Item, group_widths: &[Option<Width>]) -> Width {
        match item {
            Item::Literal(_) | Item::NotLiteral(_) | Item::Any | Item::In(_) => Width::ONE,
            Item::At(_) | Item::Failure | Item::Assert(_) => Width::NONE,
            _ => self.compound_width(item, group_widths),
        }
    }

    fn compound_width(&self, item: Item, group_widths: &[Option<Width>]) -> Width {
        let of = |sequence: SequenceId| self.width(sequence);
        match item {
            Item::GroupRef(group) => group_widths[group as usize].unwrap_or_default(),
            Item::Group(group) => of(self.groups[group as usize].body),
            Item::Atomic(body) => of(body),
            Item::Repeat(repeat) => {
                let repeat = self.repeats[repeat as usize];
                let body = of(repeat.body);
                let max = match repeat.max {
                    MAXREPEAT if body.max > 0 => u64::MAX,
                    max => body.max.saturating_mul(u64::from(max)),
                };
                Width { min: body.min.saturating_mul(u64::from(repeat.min)), max }
            }
            Item::Branch(branch) => {
                let none = Width { min: u64::MAX, max: 0 };
                self.branch(branch).iter().fold(none, |width, &alternative| width.or(of(alternative)))
            }
            Item::Conditional(conditional) => {
                let conditional = self.conditionals[conditional as usize];
                of(conditional.yes).or(conditional.no.map_or(Width::NONE, of))
            }
            _ => Width::NONE,
        }
    }
}

/// Adds to a table; the index is the id.
pub(crate) fn add<T>(table: &mut Vec<T>, value: T) -> Result<u32, Raise> {
    let id = table.len() as u32;
    table.try_push(value)?;
    Ok(id)
}
