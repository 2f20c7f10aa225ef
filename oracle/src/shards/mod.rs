//! Long jobs in parts: numbered units of work, shards of them, and the states that add up.
//!
//! A job has numbered units (cases, or files), so that a shard is a range of numbers. A [`State`]
//! holds which units are done and their results, for each interpreter. Another run resumes from it,
//! and the states of all shards are merged into that of the whole job.

mod compare;
mod identity;
mod numbers;
mod state;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use compare::{Comparison, Source, compare_part, measure};
pub(crate) use compare::{INTERVAL, measure_with};
pub use identity::identity;
pub use numbers::Numbers;
pub use state::{BadState, Job, Part, Results, Sealed, State};

/// Returns the numbers of a shard, counted from 0. The shards together hold each of `total` units
/// once.
pub fn shard(total: u64, index: u64, shards: u64) -> Range<u64> {
    let edge = |n: u64| (u128::from(total) * u128::from(n) / u128::from(shards)) as u64;
    edge(index)..edge(index + 1)
}
