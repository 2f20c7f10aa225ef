//! The tree: what `re.DEBUG` prints, and where in the pattern each item stands. The parser tells of each item that it
//! reads, if the tree is asked for: code is written without it.
//!
//! Nodes are in one vector, in the order in which they were read. A subpattern is a stretch of that vector ([`NodeRange`]).
//! The node of a group comes before those of its body and leads over them; that of a group which takes no part itself
//! leads into them, so its items stand in its parent without being moved. What is made of items that are there already (a
//! branch, what is repeated) comes after these.

mod arena;
mod node;
mod recorder;

pub(crate) use arena::Tree;
pub(crate) use node::{Item, NodeId, NodeRange};
