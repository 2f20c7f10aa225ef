//! Code generation: writing opcodes.
//!
//! CPython's `_compile` walks the tree once it is complete. CodePos an item is written as soon as it is read, so that what
//! kind of item it is needs to be found out but once. What an item turns out to be later, a repeat or a part of a branch,
//! is [put in](edit).

mod ascii_set;
mod assemble;
mod atoms;
mod branch;
mod case;
mod charset;
mod charset_optimizer;
mod emitter;
mod groups;
mod info;
mod insert;
mod literals_ignorecase;
mod origin;
mod patch;
mod prefix_info;
mod prefix_notes;

pub(crate) use branch::Alternative;
pub(crate) use emitter::{Emitter, MAXCODE};
pub(crate) use groups::Enclosure;
pub(crate) use patch::CodePos;
