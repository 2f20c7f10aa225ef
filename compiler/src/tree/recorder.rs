//! Recording the tree while the pattern is parsed.

use super::arena::{Open, Tree};
use super::node::{Item, Node, NodeId, NodeRange};
use crate::item::{Atom, RepeatKind};
use crate::memory::{Abort, Budget, TryVecExt};
use crate::set::PackedSetItem;
use crate::span::{IndexRange, Span};

/// Recording. Each method returns the node to which the code that is emitted next belongs.
impl Tree {
    /// Begins a pattern.
    pub(crate) fn begin(&mut self, budget: &mut Budget) -> Result<NodeId, Abort> {
        self.nodes.clear();
        self.set_items.clear();
        self.sets.clear();
        self.alternatives.clear();
        self.open.clear();
        self.pending.clear();
        self.last = None;
        self.open.try_push(Open::default(), budget)?;
        Ok(NodeId::FIRST)
    }

    /// Invalidates the tree of the previous pattern.
    pub(crate) fn invalidate(&mut self) {
        self.root = None;
    }

    /// Appends an item that holds no subpattern. `set_items` are those of a set.
    pub(crate) fn atom(
        &mut self,
        atom: Atom,
        set_items: &[PackedSetItem],
        span: Span,
        budget: &mut Budget,
    ) -> Result<NodeId, Abort> {
        let atom = match atom {
            Atom::In(_) => {
                let start = self.set_items.len() as u32;
                self.set_items.try_extend(set_items, budget)?;
                let set_items = IndexRange { start, end: self.set_items.len() as u32 };
                self.sets.try_push(set_items, budget)?;
                Atom::In(self.sets.len() as u32 - 1)
            }
            atom => atom,
        };
        self.append(Item::Atom(atom), span, budget)
    }

    /// Begins a subpattern. `item` gets the nodes that are recorded until it is closed.
    pub(crate) fn open(&mut self, item: Item, span: Span, budget: &mut Budget) -> Result<NodeId, Abort> {
        let node = self.append(item, span, budget)?;
        let (first, pending) = (self.nodes.len() as u32, self.pending.len() as u32);
        self.open.try_push(Open { node, first, pending }, budget)?;
        self.last = None;
        Ok(node)
    }

    /// Ends the current alternative of a branch.
    pub(crate) fn end_alternative(&mut self, budget: &mut Budget) -> Result<NodeId, Abort> {
        let items = self.take_items();
        self.pending.try_push(items, budget)?;
        Ok(NodeId::FIRST)
    }

    /// Ends the first alternative of a conditional.
    pub(crate) fn begin_else(&mut self) -> NodeId {
        let items = self.take_items();
        let node = self.current().node;
        self.nodes[node.0 as usize].item.fill(items);
        node
    }

    /// Moves the first item out of all alternatives, where it is the same.
    pub(crate) fn hoist(&mut self, budget: &mut Budget) -> Result<NodeId, Abort> {
        let mut common = NodeId::FIRST;
        for n in (self.current().pending as usize..self.pending.len()).rev() {
            let mut items = self.pending[n];
            common = self.next(&mut items).unwrap_or(common);
            self.pending[n] = items;
        }
        let Node { item, span, .. } = self.nodes[common.0 as usize];
        self.append(item, span, budget)
    }

    /// Makes a branch of the alternatives.
    pub(crate) fn branch_of_alternatives(
        &mut self,
        span: Span,
        budget: &mut Budget,
    ) -> Result<NodeId, Abort> {
        let start = self.alternatives.len() as u32;
        let base = self.current().pending as usize;
        self.alternatives.try_extend(&self.pending[base..], budget)?;
        self.drop_alternatives();
        let alternatives = IndexRange { start, end: self.alternatives.len() as u32 };
        self.append(Item::Branch(alternatives), span, budget)
    }

    /// Removes the alternatives, because a set replaces them.
    pub(crate) fn drop_alternatives(&mut self) {
        let base = self.current().pending as usize;
        self.pending.truncate(base);
    }

    /// Repeats the last item. The quantifier ends at index `end`.
    pub(crate) fn repeat(
        &mut self,
        kind: RepeatKind,
        (min, max): (u32, u32),
        end: u32,
        budget: &mut Budget,
    ) -> Result<NodeId, Abort> {
        let Some(last) = self.last else { return Ok(NodeId::FIRST) };
        let Node { item, span, next } = self.nodes[last.0 as usize];
        let start = match item {
            Item::Spliced => next,
            // The item gets a second node, the only one of the body.
            _ => self.append(item, span, budget)?.0,
        };
        let body = NodeRange { next: start, end: self.nodes.len() as u32 };
        self.nodes[last.0 as usize].item = Item::Repeat { kind, min, max, body };
        self.end_node(last, end);
        Ok(last)
    }

    /// Closes the innermost subpattern, which ends at index `end`.
    pub(crate) fn close(&mut self, end: u32) -> NodeId {
        let items = self.take_items();
        let node = self.current().node;
        self.open.pop();
        let Node { item, next, .. } = &mut self.nodes[node.0 as usize];
        match item {
            Item::Spliced => *next = items.next,
            item => {
                item.fill(items);
                self.end_node(node, end);
            }
        }
        self.last = Some(node);
        node
    }

    /// Replaces the group that was just closed by FAILURE.
    pub(crate) fn fail(&mut self) -> NodeId {
        let node = self.last.unwrap_or(NodeId::FIRST);
        self.nodes[node.0 as usize].item = Item::Atom(Atom::Failure);
        node
    }

    /// Ends the pattern.
    pub(crate) fn finish(&mut self) {
        self.root = Some(self.take_items());
    }

    fn append(&mut self, item: Item, span: Span, budget: &mut Budget) -> Result<NodeId, Abort> {
        let node = NodeId(self.nodes.len() as u32);
        self.nodes.try_push(Node { item, span, next: node.0 + 1 }, budget)?;
        self.last = Some(node);
        Ok(node)
    }

    /// Sets the end of a node's span, and its successor to the next node that is recorded.
    fn end_node(&mut self, node: NodeId, end: u32) {
        let next = self.nodes.len() as u32;
        let node = &mut self.nodes[node.0 as usize];
        (node.next, node.span.end) = (next, end);
    }

    /// Returns the innermost open subpattern.
    fn current(&self) -> Open {
        self.open.last().copied().unwrap_or_default()
    }

    /// Ends the current alternative and returns its nodes.
    fn take_items(&mut self) -> NodeRange {
        let end = self.nodes.len() as u32;
        self.last = None;
        let first = self.open.last_mut().map_or(0, |open| core::mem::replace(&mut open.first, end));
        NodeRange { next: first, end }
    }
}
