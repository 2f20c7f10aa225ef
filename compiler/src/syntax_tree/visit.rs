//! Visitors.

use core::ops::ControlFlow;

use super::tree::Tree;
use super::view::{Node, Sequence};
use super::walk::{Step, Walk};

/// How a visit continues after a node was entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Visit {
    /// With the nodes inside it.
    Continue,
    /// After it. The node is left next.
    Skip,
    /// Not at all. Nothing is left.
    Stop,
}

/// What is called for the nodes of a tree, in the order of the pattern; see [`Tree::visit`].
///
/// The methods do nothing unless they are implemented.
pub trait Visitor<'t> {
    /// Is called before the nodes inside a node are visited.
    fn enter(&mut self, node: Node<'t>) -> Visit {
        let _ = node;
        Visit::Continue
    }

    /// Is called after the nodes inside a node were visited, or skipped. [`ControlFlow::Break`]
    /// stops the visit.
    fn leave(&mut self, node: Node<'t>) -> ControlFlow<()> {
        let _ = node;
        ControlFlow::Continue(())
    }

    /// Is called before the nodes of a sequence are visited, also of an empty one.
    fn enter_sequence(&mut self, sequence: Sequence<'t>) {
        let _ = sequence;
    }

    /// Is called after the nodes of a sequence were visited.
    fn leave_sequence(&mut self, sequence: Sequence<'t>) {
        let _ = sequence;
    }
}

impl<'t> Tree<'t> {
    /// Visits all nodes, each before and after those inside it. Returns whether the visitor
    /// stopped.
    ///
    /// The visit takes a few words of heap memory for each level of nesting, and no stack. Like
    /// `Vec`, it aborts if no memory is left.
    pub fn visit(self, visitor: &mut impl Visitor<'t>) -> ControlFlow<()> {
        self.root().visit(visitor)
    }
}

impl<'t> Sequence<'t> {
    /// Visits the nodes of the sequence and those inside them; see [`Tree::visit`].
    pub fn visit(self, visitor: &mut impl Visitor<'t>) -> ControlFlow<()> {
        let mut walk = Walk::new(self);
        while let Some(step) = walk.next() {
            match step {
                Step::Enter(node) => match visitor.enter(node) {
                    Visit::Continue => {}
                    Visit::Skip => walk.skip_children(),
                    Visit::Stop => return ControlFlow::Break(()),
                },
                Step::Leave(node) => visitor.leave(node)?,
                Step::EnterSequence(sequence) => visitor.enter_sequence(sequence),
                Step::LeaveSequence(sequence) => visitor.leave_sequence(sequence),
            }
        }
        ControlFlow::Continue(())
    }
}
