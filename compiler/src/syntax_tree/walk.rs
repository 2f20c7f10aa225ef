//! Walking a tree without recursion.

use alloc::vec::Vec;

use super::view::{Node, Sequence, Sequences};

/// A step of a walk.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'t> {
    Enter(Node<'t>),
    Leave(Node<'t>),
    EnterSequence(Sequence<'t>),
    LeaveSequence(Sequence<'t>),
}

/// The steps of a walk in order: an iterator. What is open is on a stack in heap memory.
pub(super) struct Walk<'t> {
    root: Option<Sequence<'t>>,
    open: Vec<Open<'t>>,
}

enum Open<'t> {
    Sequence { whole: Sequence<'t>, rest: Sequence<'t> },
    Node { node: Node<'t>, children: Sequences<'t> },
}

impl<'t> Walk<'t> {
    pub(super) fn new(root: Sequence<'t>) -> Walk<'t> {
        Walk { root: Some(root), open: Vec::new() }
    }

    /// Skips what is inside the node that was just entered.
    pub(super) fn skip_children(&mut self) {
        if let Some(Open::Node { children, .. }) = self.open.last_mut() {
            children.by_ref().for_each(drop);
        }
    }

    fn enter_sequence(&mut self, whole: Sequence<'t>) -> Step<'t> {
        self.open.push(Open::Sequence { whole, rest: whole });
        Step::EnterSequence(whole)
    }
}

impl<'t> Iterator for Walk<'t> {
    type Item = Step<'t>;

    fn next(&mut self) -> Option<Step<'t>> {
        if let Some(root) = self.root.take() {
            return Some(self.enter_sequence(root));
        }
        Some(match self.open.last_mut()? {
            Open::Sequence { whole, rest } => {
                if let Some(node) = rest.next() {
                    self.open.push(Open::Node { node, children: node.children() });
                    return Some(Step::Enter(node));
                }
                let whole = *whole;
                self.open.pop();
                Step::LeaveSequence(whole)
            }
            Open::Node { node, children } => {
                if let Some(child) = children.next() {
                    return Some(self.enter_sequence(child));
                }
                let node = *node;
                self.open.pop();
                Step::Leave(node)
            }
        })
    }
}
