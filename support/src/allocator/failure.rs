//! Allocations that fail.

use std::cell::Cell;

use super::{Mode, counts, in_mode};

/// Which allocations fail, numbered from zero; reallocations count.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Failing {
    /// Only this one.
    Once(u64),
    /// This one and all later ones.
    From(u64),
}

thread_local! {
    // As `MODE`. The numbers are those of all allocations of the thread.
    static FAILING: Cell<Failing> = const { Cell::new(Failing::From(u64::MAX)) };
}

/// Runs `run` while some of the allocations of this thread fail.
pub fn failing<T>(which: Failing, run: impl FnOnce() -> T) -> T {
    let now = counts::allocations();
    FAILING.set(match which {
        Failing::Once(number) => Failing::Once(now + number),
        Failing::From(number) => Failing::From(now + number),
    });
    in_mode(Mode::CountAndFail, run)
}

/// Returns whether the next allocation fails.
pub(super) fn is_next_rejected() -> bool {
    match FAILING.get() {
        Failing::Once(number) => counts::allocations() == number,
        Failing::From(number) => counts::allocations() >= number,
    }
}
