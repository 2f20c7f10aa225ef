//! The tree: what `re.DEBUG` prints, and the span of each item. The parser records it on request
//! only, since code is emitted without it.
//!
//! All nodes are in one vector, in the order in which they are parsed, and a subpattern is a
//! [`NodeRange`] of it. Each node has the index of its successor. The node of a group comes before
//! the nodes of its body, and its successor follows them. A non-capturing group is spliced into its
//! parent without moving nodes: its successor is the first node of its body. Nodes that are made of
//! existing ones come after these: a branch, and the copy of an item that is repeated.

mod arena;
mod node;
mod recorder;

pub(crate) use arena::Tree;
pub(crate) use node::{Item, NodeId, NodeRange};
