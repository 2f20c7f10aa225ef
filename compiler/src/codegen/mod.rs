//! Code generation.
//!
//! CPython's `_compile` walks the complete tree. Here each item is emitted as soon as it is parsed,
//! so the kind of an item is dispatched on only once. Instructions that stand before items which
//! have already been emitted, such as those of repeats and branches, are inserted; see [`patch`].

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
mod repeat;

pub(crate) use emitter::{Emitter, MAXCODE};
pub(crate) use groups::Enclosure;
pub(crate) use patch::CodePos;
