//! Counters per thread, and measuring with them.

use std::cell::Cell;

/// The memory that a piece of work used on this thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Used {
    /// Number of blocks requested, including reallocations.
    pub allocations: u64,
    /// Total size of these blocks in bytes.
    pub bytes: u64,
    /// Most bytes live at any time, relative to the start.
    pub peak: u64,
    /// Live bytes at the end, relative to the start; negative if older blocks were freed.
    pub retained: i64,
}

struct Counts {
    live: Cell<i64>,
    peak: Cell<i64>,
    moving_peak: Cell<i64>,
    allocations: Cell<u64>,
    bytes: Cell<u64>,
}

thread_local! {
    // Not lazily initialised, and without a destructor, so that the allocator can use it at any time.
    static COUNTS: Counts = const {
        Counts {
            live: Cell::new(0),
            peak: Cell::new(0),
            moving_peak: Cell::new(0),
            allocations: Cell::new(0),
            bytes: Cell::new(0),
        }
    };
}

/// Counts a request for `size` bytes, which replace `old` bytes unless it failed.
#[inline]
pub(super) fn requested(old: usize, size: usize, succeeded: bool) {
    COUNTS.with(|counts| {
        counts.allocations.set(counts.allocations.get().wrapping_add(1));
        if succeeded {
            counts.bytes.set(counts.bytes.get().wrapping_add(size as u64));
            let moving = counts.live.get().wrapping_add(size as i64);
            let live = moving.wrapping_sub(old as i64);
            counts.live.set(live);
            counts.peak.set(counts.peak.get().max(live));
            counts.moving_peak.set(counts.moving_peak.get().max(moving));
        }
    });
}

/// Counts that a block was freed.
#[inline]
pub(super) fn freed(size: usize) {
    COUNTS.with(|counts| counts.live.set(counts.live.get().wrapping_sub(size as i64)));
}

/// Returns the number of blocks requested on this thread.
pub(super) fn allocations() -> u64 {
    COUNTS.with(|counts| counts.allocations.get())
}

/// Returns the bytes that this thread has allocated and not freed; 0 in a program without
/// [`TrackingAllocator`](super::TrackingAllocator).
pub fn live() -> i64 {
    COUNTS.with(|counts| counts.live.get())
}

/// The start of a measurement on this thread.
#[derive(Debug)]
pub struct Mark {
    live: i64,
    allocations: u64,
    bytes: u64,
}

impl Mark {
    /// Starts a measurement. Peaks are those since the newest mark.
    pub fn now() -> Mark {
        COUNTS.with(|counts| {
            let live = counts.live.get();
            counts.peak.set(live);
            counts.moving_peak.set(live);
            Mark { live, allocations: counts.allocations.get(), bytes: counts.bytes.get() }
        })
    }

    /// Returns the memory used since.
    pub fn used(&self) -> Used {
        COUNTS.with(|counts| Used {
            allocations: counts.allocations.get().wrapping_sub(self.allocations),
            bytes: counts.bytes.get().wrapping_sub(self.bytes),
            peak: (counts.peak.get() - self.live).unsigned_abs(),
            retained: counts.live.get() - self.live,
        })
    }

    /// Returns the peak if a block that is reallocated counts twice, as it does while it moves.
    pub fn moving_peak(&self) -> u64 {
        COUNTS.with(|counts| (counts.moving_peak.get() - self.live).unsigned_abs())
    }
}

/// Runs `run`, and returns its result, which still counts as live, with the memory it used.
pub fn measure<T>(run: impl FnOnce() -> T) -> (T, Used) {
    let mark = Mark::now();
    let result = run();
    (result, mark.used())
}

/// Runs `run`, drops its result, and returns by how much the live bytes have changed.
pub fn growth<T>(run: impl FnOnce() -> T) -> i64 {
    let before = live();
    drop(run());
    live() - before
}
