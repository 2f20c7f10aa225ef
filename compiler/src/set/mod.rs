//! Character sets.

mod bitmap;
mod blocks;
mod builder;
mod item;
mod runs;
mod sets;
mod unique;

pub(crate) use bitmap::{BmpBitmap, LAST_OF_ASCII};
pub(crate) use builder::SetBuilder;
pub(crate) use item::{PackedSetItem, SetItem};
pub(crate) use runs::{Runs, few_runs_of_ascii};
pub(crate) use sets::Sets;
