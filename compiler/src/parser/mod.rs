//! The parser: it has the code of the items written as it reads them, and tells the tree of them if there is to be one.
//!
//! CPython's `_parse_sub` and `_parse` call each other once for each nested group. CodePos an open group is a
//! [`Frame`] on a stack of the pool's, so nesting costs no machine stack.

mod alternation;
mod append;
mod close;
mod context;
mod escape;
mod flags;
mod frame;
mod group;
mod name_index;
mod names;
mod number;
mod repeat;
mod run;
mod set;
mod state;

pub(crate) use run::{ParseContext, parse};
pub(crate) use state::State;
