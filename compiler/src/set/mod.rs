//! Character sets.

mod bitmap;
mod blocks;
mod builder;
mod item;
mod runs;
mod sets;
mod unique;

pub(crate) use bitmap::LAST_OF_ASCII;
pub(crate) use builder::{Characters, Notes};
pub(crate) use item::{PackedSetItem, SetItem};
pub(crate) use runs::{Runs, few_runs_of_ascii};
pub(crate) use sets::{SetSummary, Sets};
pub(crate) use unique::Unique;
