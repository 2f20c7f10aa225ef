//! Sweeps: comparing every pattern of up to a few tokens.
//!
//! A generator may miss a pattern by chance. A sweep compares every sequence of [`TOKENS`] up to a
//! length, so that afterwards no divergence is left among them. Cases have numbers, so that a shard
//! is a range, and [`State`] stores which numbers are done.

mod alphabet;
mod numbers;
mod state;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

pub use alphabet::{TOKENS, VARIANTS, case, cases, number};
pub use numbers::Numbers;
pub use state::{BadState, State, Swept};

use crate::stats::Stats;
use crate::{run::CannotCompare, run::Options, run::Reference, run::compare_all};

/// Number of cases between two writes of the state. They take seconds, so that the start of the
/// interpreter is negligible.
const CHUNK: u64 = 1 << 17;

/// Returns the numbers of a shard, counted from 0. The shards together hold each of `total` cases
/// once.
pub fn shard(total: u64, index: u64, shards: u64) -> Range<u64> {
    let edge = |n: u64| (u128::from(total) * u128::from(n) / u128::from(shards)) as u64;
    edge(index)..edge(index + 1)
}

/// Compares the cases of a range that are not yet in the state. `saved` is called each time the
/// state has grown.
///
/// When `stopped` becomes true, the cases that are being compared are finished.
///
/// # Errors
/// If the interpreter does not start, or `saved` fails.
pub fn sweep<E: From<CannotCompare>>(
    reference: &Reference,
    options: Options,
    range: Range<u64>,
    state: &mut State,
    stopped: &AtomicBool,
    progress: &(dyn Fn(usize) + Sync),
    mut saved: impl FnMut(&State) -> Result<(), E>,
) -> Result<(), E> {
    let info = reference.info()?;
    let own = info.dialect().map_err(|why| CannotCompare(format!("Python {}: {why}", info.label())))?;
    let none = Stats::new(info.label(), options.dialect.unwrap_or(own));
    for gap in state.of(none.clone()).done.missing(range) {
        let mut start = gap.start;
        while start < gap.end && !stopped.load(Ordering::Relaxed) {
            let end = gap.end.min(start + CHUNK);
            let next = AtomicU64::new(start);
            let numbers = (start..end).take_while(|_| !stopped.load(Ordering::Relaxed));
            let cases = numbers.map(|number| {
                next.store(number + 1, Ordering::Relaxed);
                case(number)
            });
            let stats = compare_all(reference, options, cases, progress)?;
            let next = next.into_inner();
            let swept = state.of(none.clone());
            if !swept.done.add(start..next) {
                return Err(CannotCompare(format!("cases from {start} were compared twice")).into());
            }
            swept.stats.add(stats);
            saved(state)?;
            start = end;
        }
    }
    Ok(())
}
