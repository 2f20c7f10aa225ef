//! Recording a pattern.

use super::arena::{Open, Tree};
use super::node::{Item, Items, Node, NodeId};
use crate::item::{Leaf, RepeatKind};
use crate::memory::{Budget, Grow, Stop};
use crate::set::Packed;
use crate::span::{Slice, Span};

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
