//! What the memory tests share: the allocator that counts, and the patterns of the corpus.

#![allow(dead_code)] // each test program uses a part of it

pub(crate) mod cases;

use sre_compiler::{Error, Program};
use sre_support::allocator::{Mark, TrackingAllocator, measure};

#[global_allocator]
static ALLOCATOR: TrackingAllocator = TrackingAllocator;

/// Returns by how many bytes the live memory has grown.
pub(crate) fn grown_since(before: &Mark) -> usize {
    usize::try_from(before.used().retained).expect("no more is freed than was allocated")
}

/// Measures the peak from here on.
pub(crate) fn watch_peak() {
    Mark::now();
}

/// Returns by how many bytes the peak since [`watch_peak`] exceeds the live memory of `before`,
/// where a block counts twice while it moves.
pub(crate) fn peak_since(before: &Mark) -> usize {
    before.moving_peak() as usize
}

/// Runs a closure, and returns the number of its allocations.
pub(crate) fn counting<T>(run: impl FnOnce() -> T) -> (T, u64) {
    let (result, used) = measure(run);
    (result, used.allocations)
}

/// Fails unless a result in a program is the expected one.
#[track_caller]
pub(crate) fn assert_same(
    result: &Result<(), Error>,
    program: &Program,
    expected: &Result<Program, Error>,
    context: &dyn Fn() -> String,
) {
    let is_same = match (result, expected) {
        (Ok(()), Ok(expected)) => program == expected,
        (Err(error), Err(expected)) => error == expected,
        _ => false,
    };
    assert!(is_same, "{}: {:?} instead of {expected:?}", context(), result.as_ref().map(|()| program));
}
