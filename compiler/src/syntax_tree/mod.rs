//! The tree of a pattern as callers see it, for programs that examine patterns: linters, editors.
//!
//! It is a view of the recorded nodes: nothing is copied. CPython's tree is a list of items, some
//! of which hold further lists. Here a list is a [`Sequence`] and an item is a [`Node`].

mod kind;
mod same;
mod set;
mod tree;
mod view;
mod visit;
mod walk;

pub use kind::{Direction, NodeKind};
pub use set::{SetItem, SetItems};
pub use tree::Tree;
pub use view::{Node, Sequence, Sequences};
pub use visit::{Visit, Visitor};
