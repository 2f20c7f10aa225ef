//! The system's allocator with counts per thread, which fails on demand.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The allocations of a thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    /// The number of allocations, including those that failed.
    pub(crate) allocations: usize,
    /// The bytes allocated and not freed. Negative if blocks of other threads were freed.
    pub(crate) live: isize,
    /// The maximum of `live` since [`watch_peak`]. A block that grows counts twice for a moment.
    pub(crate) peak: isize,
}

thread_local! {
    // Neither lazily initialised nor dropped, so the allocator can use them at any time.
    static COUNTS: Cell<Counts> = const { Cell::new(Counts { allocations: 0, live: 0, peak: 0 }) };
    static FAILING: Cell<Failing> = const { Cell::new(Failing::Never) };
}

/// Which allocations fail, by their number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Failing {
    Never,
    /// Only this one.
    Once(usize),
    /// This one and all later ones.
    From(usize),
}

/// Returns the counts of this thread.
pub(crate) fn counts() -> Counts {
    COUNTS.with(Cell::get)
}

/// Measures the peak from here on.
pub(crate) fn watch_peak() {
    COUNTS.with(|counts| counts.set(Counts { peak: counts.get().live, ..counts.get() }));
}

/// Returns by how many bytes the live memory has grown.
pub(crate) fn grown_since(before: Counts) -> usize {
    usize::try_from(counts().live - before.live).expect("no more is freed than was taken")
}

/// Returns by how many bytes the peak since [`watch_peak`] exceeds the live memory of `before`.
pub(crate) fn peak_since(before: Counts) -> usize {
    usize::try_from(counts().peak - before.live).expect("the peak is not below what was live")
}

/// Runs a closure, and returns the number of its allocations.
pub(crate) fn counting<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = counts().allocations;
    let result = run();
    (result, counts().allocations - before)
}

/// Runs a closure while some of its allocations, numbered from zero, fail.
pub(crate) fn failing<T>(which: Failing, run: impl FnOnce() -> T) -> T {
    let now = counts().allocations;
    FAILING.with(|failing| {
        failing.set(match which {
            Failing::Never => Failing::Never,
            Failing::Once(number) => Failing::Once(now + number),
            Failing::From(number) => Failing::From(now + number),
        });
    });
    let result = run();
    FAILING.with(|failing| failing.set(Failing::Never));
    result
}

/// Counts a block of `new` bytes that replaces one of `old` bytes, or makes the allocation fail.
fn ask(old: usize, new: usize, allocate: impl FnOnce() -> *mut u8) -> *mut u8 {
    let before = counts();
    let rejected = match FAILING.with(Cell::get) {
        Failing::Never => false,
        Failing::Once(number) => before.allocations == number,
        Failing::From(number) => before.allocations >= number,
    };
    let block = if rejected { ptr::null_mut() } else { allocate() };
    let mut after = Counts { allocations: before.allocations + 1, ..before };
    if !block.is_null() {
        after.peak = before.peak.max(before.live + new as isize);
        after.live = before.live + new as isize - old as isize;
    }
    COUNTS.with(|counts| counts.set(after));
    block
}

// SAFETY: every call is passed on to the system's allocator, or fails as an allocator may.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller upholds the contract of `System`.
        ask(0, layout.size(), || unsafe { System.alloc(layout) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
        COUNTS.with(|counts| {
            counts.set(Counts { live: counts.get().live - layout.size() as isize, ..counts.get() });
        });
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        ask(layout.size(), size, || unsafe { System.realloc(block, layout, size) })
    }
}
