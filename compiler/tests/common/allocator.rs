//! The system's allocator, with counts per thread, and failures on demand.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a thread has asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counts {
    /// How often memory was asked for; refusals count, too.
    pub(crate) allocations: usize,
    /// Bytes allocated and not freed; less than nothing where a block came from another thread.
    pub(crate) live: isize,
    /// The most that `live` has been since [`watch_peak`]. A block that is made larger counts twice for a moment.
    pub(crate) peak: isize,
}

thread_local! {
    // Neither initialised lazily nor dropped, so that the allocator may use them at any time.
    static COUNTS: Cell<Counts> = const { Cell::new(Counts { allocations: 0, live: 0, peak: 0 }) };
    static FAILING: Cell<Failing> = const { Cell::new(Failing::Never) };
}

/// Which allocations fail, by their number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Failing {
    Never,
    /// This one only.
    Once(usize),
    /// This one, and all after it.
    From(usize),
}

/// What this thread has asked for.
pub(crate) fn counts() -> Counts {
    COUNTS.with(Cell::get)
}

/// Measures the peak from here on.
pub(crate) fn watch_peak() {
    COUNTS.with(|counts| counts.set(Counts { peak: counts.get().live, ..counts.get() }));
}

/// The bytes that are live more than they were.
pub(crate) fn grown_since(before: Counts) -> usize {
    usize::try_from(counts().live - before.live).expect("no more is freed than was taken")
}

/// The most that was live more since [`watch_peak`].
pub(crate) fn peak_since(before: Counts) -> usize {
    usize::try_from(counts().peak - before.live).expect("the peak is not below what was live")
}

/// Runs something, and says how often it asked for memory.
pub(crate) fn counting<T>(run: impl FnOnce() -> T) -> (T, usize) {
    let before = counts().allocations;
    let result = run();
    (result, counts().allocations - before)
}

/// Runs something while allocations, numbered from zero, fail.
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

/// Counts a block that takes the place of an old one (of no bytes if it is new); none if it is to fail.
fn ask(old: usize, new: usize, allocate: impl FnOnce() -> *mut u8) -> *mut u8 {
    let before = counts();
    let refused = match FAILING.with(Cell::get) {
        Failing::Never => false,
        Failing::Once(number) => before.allocations == number,
        Failing::From(number) => before.allocations >= number,
    };
    let block = if refused { ptr::null_mut() } else { allocate() };
    let mut after = Counts { allocations: before.allocations + 1, ..before };
    if !block.is_null() {
        after.peak = before.peak.max(before.live + new as isize);
        after.live = before.live + new as isize - old as isize;
    }
    COUNTS.with(|counts| counts.set(after));
    block
}

// SAFETY: every call is passed on to the system's allocator, or refused as an allocator may.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the promises that `System` asks for.
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
