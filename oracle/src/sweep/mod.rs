//! Sweeps: every pattern of a few tokens, compared.
//!
//! What a generator finds depends on its luck. Of an alphabet of [`TOKENS`] every sequence up to a
//! length can be tried: then no divergence that these tokens can show in so few is left. Cases have
//! numbers, so that a shard is a range, and [`State`] holds what of it is done.

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

/// How many cases are compared before the state is written: seconds, so that the interpreter's
/// start does not show.
const CHUNK: u64 = 1 << 17;

/// The cases of one shard of several, counted from 1; all shards together hold each case of up to
/// so many tokens once.
pub fn shard(total: u64, index: u64, shards: u64) -> Range<u64> {
    let edge = |n: u64| (u128::from(total) * u128::from(n) / u128::from(shards)) as u64;
    edge(index - 1)..edge(index)
}

/// Compares those cases of a range that the state does not hold yet. `saved` is called when the
/// state has grown.
///
/// When it is stopped, it finishes the cases that are being compared.
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
