//! The parser. It emits the code of each item as soon as the item is parsed, and records a tree if
//! one is wanted.
//!
//! CPython's `_parse_sub` and `_parse` call each other once per nested group. Here each open group
//! is a `Frame` on a stack, so nesting costs no machine stack.

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
mod stop;

pub(crate) use context::{Limits, ParseContext};
pub(crate) use number::MAX_DIGITS;
pub(crate) use run::parse;
pub(crate) use state::State;
