//! Memory, counted by the allocator: what is live, how much was asked for, how high it rose.
//!
//! A leak sanitizer finds memory that nothing points to. What grows and can still be reached (a
//! static list, a cache without limit) it cannot find; the count can. It is exact, and kept per
//! thread, so that what other threads allocate meanwhile does not disturb it.
//!
//! [`Meter`] measures the compiler with it, [`Cpython`] an interpreter by its own means.
//!
//! A program counts if it says so:
//!
//! ```
//! use sre_memory::Counting;
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting;
//!
//! let (kept, used) = sre_memory::measure(|| vec![0u8; 24]);
//! assert_eq!((used.allocations, used.bytes, used.peak, used.retained), (1, 24, 24, 24));
//! # drop(kept);
//! ```

mod cpython;
mod distribution;
#[cfg(feature = "embedded")]
mod hooks;
mod ours;
pub mod soak;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

pub use cpython::{Cpython, CpythonUsage};
pub use distribution::Distribution;
pub use ours::{Meter, RustUsage};

/// The system's allocator, with counts. It adds a few instructions to each call, and takes no
/// memory.
#[derive(Clone, Copy, Debug)]
pub struct Counting;

/// What something took of this thread's memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Used {
    /// How many blocks were asked for: new ones, and old ones with another size.
    pub allocations: u64,
    /// The sizes of these, added up.
    pub bytes: u64,
    /// The most that was live at any time, above what was live before.
    pub peak: u64,
    /// What is live more than before; less than nothing if something was freed that was there
    /// before.
    pub retained: i64,
}

struct Counts {
    live: Cell<i64>,
    peak: Cell<i64>,
    allocations: Cell<u64>,
    bytes: Cell<u64>,
}

thread_local! {
    // Neither initialised lazily nor dropped, so that the allocator may use it at any time.
    static COUNTS: Counts = const {
        Counts { live: Cell::new(0), peak: Cell::new(0), allocations: Cell::new(0), bytes: Cell::new(0) }
    };
}

impl Counts {
    #[inline]
    fn asked_for(&self, size: usize, freed: usize) {
        self.allocations.set(self.allocations.get().wrapping_add(1));
        self.bytes.set(self.bytes.get().wrapping_add(size as u64));
        let live = self.live.get().wrapping_add(size as i64).wrapping_sub(freed as i64);
        self.live.set(live);
        self.peak.set(self.peak.get().max(live));
    }

    #[inline]
    fn freed(&self, size: usize) {
        self.live.set(self.live.get().wrapping_sub(size as i64));
    }
}

// SAFETY: every call is passed on, unchanged, to the system's allocator, whose results are returned unchanged.
// Counting touches thread-local numbers and does not allocate.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the promises that `System` asks for.
        let block = unsafe { System.alloc(layout) };
        if !block.is_null() {
            COUNTS.with(|counts| counts.asked_for(layout.size(), 0));
        }
        block
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        let block = unsafe { System.alloc_zeroed(layout) };
        if !block.is_null() {
            COUNTS.with(|counts| counts.asked_for(layout.size(), 0));
        }
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
        COUNTS.with(|counts| counts.freed(layout.size()));
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        let grown = unsafe { System.realloc(block, layout, size) };
        if !grown.is_null() {
            COUNTS.with(|counts| counts.asked_for(size, layout.size()));
        }
        grown
    }
}

/// The bytes that this thread has allocated and not freed. Always 0 in a program without
/// [`Counting`].
pub fn live() -> i64 {
    COUNTS.with(|counts| counts.live.get())
}

/// A moment from which on this thread's memory is counted.
#[derive(Debug)]
pub struct Mark {
    live: i64,
    allocations: u64,
    bytes: u64,
}

impl Mark {
    /// This moment. The peak is counted from the last mark: of two, the earlier one loses it.
    pub fn now() -> Mark {
        COUNTS.with(|counts| {
            counts.peak.set(counts.live.get());
            Mark { live: counts.live.get(), allocations: counts.allocations.get(), bytes: counts.bytes.get() }
        })
    }

    /// What was taken since.
    pub fn used(&self) -> Used {
        COUNTS.with(|counts| Used {
            allocations: counts.allocations.get().wrapping_sub(self.allocations),
            bytes: counts.bytes.get().wrapping_sub(self.bytes),
            peak: (counts.peak.get() - self.live).unsigned_abs(),
            retained: counts.live.get() - self.live,
        })
    }
}

/// Runs something, and says what it took. What it returns still counts as live.
pub fn measure<T>(run: impl FnOnce() -> T) -> (T, Used) {
    let mark = Mark::now();
    let result = run();
    (result, mark.used())
}

/// Runs something, and says by how much the live bytes are more (or less) than before. What it
/// returns is dropped first.
pub fn growth<T>(run: impl FnOnce() -> T) -> i64 {
    let before = live();
    drop(run());
    live() - before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    #[test]
    fn what_is_kept_counts_to_the_byte() {
        let mut kept = Vec::new();
        assert_eq!(growth(|| vec![1u8; 1000]), 0);
        assert_eq!(growth(|| kept = vec![0u8; 24]), 24);
        assert_eq!(growth(|| kept.reserve_exact(100)), 100);
        assert_eq!(growth(|| drop(std::mem::take(&mut kept))), -124);
        assert_eq!(growth(|| std::mem::forget(std::hint::black_box(Box::new(1u64)))), 8);
    }

    #[test]
    fn what_was_freed_meanwhile_shows_in_the_peak() {
        let (kept, used) = measure(|| {
            let mut first: Vec<u8> = std::hint::black_box(Vec::with_capacity(100));
            first.resize(100, 1);
            first.reserve_exact(200);
            drop(std::hint::black_box(first));
            std::hint::black_box(vec![0u8; 10])
        });
        assert_eq!(used, Used { allocations: 3, bytes: 410, peak: 300, retained: 10 });
        let (_, used) = measure(|| drop(kept));
        assert_eq!(used, Used { allocations: 0, bytes: 0, peak: 0, retained: -10 });
    }

    #[test]
    fn other_threads_do_not_disturb() {
        let worker = std::thread::spawn(|| vec![0u8; 4096]);
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert_eq!(growth(std::thread::yield_now), 0);
        assert!(worker.join().is_ok());
    }
}

/// The example of that page is compiled and run as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../../docs/memory.md")]
mod memory_page {}
