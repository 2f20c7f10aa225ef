//! Measures memory by counting in the allocator: live bytes, allocations, and the peak.
//!
//! A leak sanitizer finds memory that is no longer reachable. Memory that grows and is still
//! reachable (a static list, an unbounded cache) it does not find; the count does. The count is
//! exact and per thread, so other threads do not affect it.
//!
//! [`Meter`] measures sre-compiler this way, [`Cpython`] an interpreter by its own means. A program
//! counts if it installs the allocator:
//!
//! ```
//! use sre_memory::Counting;
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting;
//!
//! let (block, used) = sre_memory::measure(|| vec![0u8; 24]);
//! assert_eq!((used.allocations, used.bytes, used.peak, used.retained), (1, 24, 24, 24));
//! # drop(block);
//! ```

mod cpython;
#[cfg(feature = "embedded")]
mod hooks;
mod page;
mod rust;
pub mod soak;
mod summary;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

pub use cpython::{Cpython, CpythonUsage};
pub use page::Page;
pub use rust::{Meter, RustUsage};
pub use summary::{Measured, Row, Summary};

/// The system's allocator with counters, which cost a few instructions per call and no memory.
#[derive(Clone, Copy, Debug)]
pub struct Counting;

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
    allocations: Cell<u64>,
    bytes: Cell<u64>,
}

thread_local! {
    // Not lazily initialised, and without a destructor, so that the allocator can use it at any time.
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

// SAFETY: every call is passed on unchanged to the system's allocator, whose results are returned unchanged.
// Counting touches thread-local numbers and does not allocate.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller upholds the contract of `GlobalAlloc`, which is that of `System`.
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

/// Returns the bytes that this thread has allocated and not freed; 0 in a program without
/// [`Counting`].
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
    /// Starts a measurement. The peak is that since the newest mark, so measurements do not nest.
    pub fn now() -> Mark {
        COUNTS.with(|counts| {
            counts.peak.set(counts.live.get());
            Mark { live: counts.live.get(), allocations: counts.allocations.get(), bytes: counts.bytes.get() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[global_allocator]
    static ALLOCATOR: Counting = Counting;

    #[test]
    fn growth_is_exact_to_the_byte() {
        let mut block = Vec::new();
        assert_eq!(growth(|| vec![1u8; 1000]), 0);
        assert_eq!(growth(|| block = vec![0u8; 24]), 24);
        assert_eq!(growth(|| block.reserve_exact(100)), 100);
        assert_eq!(growth(|| drop(std::mem::take(&mut block))), -124);
        assert_eq!(growth(|| std::mem::forget(std::hint::black_box(Box::new(1u64)))), 8);
    }

    #[test]
    fn the_peak_includes_blocks_that_were_freed() {
        let (block, used) = measure(|| {
            let mut first: Vec<u8> = std::hint::black_box(Vec::with_capacity(100));
            first.resize(100, 1);
            first.reserve_exact(200);
            drop(std::hint::black_box(first));
            std::hint::black_box(vec![0u8; 10])
        });
        assert_eq!(used, Used { allocations: 3, bytes: 410, peak: 300, retained: 10 });
        let (_, used) = measure(|| drop(block));
        assert_eq!(used, Used { allocations: 0, bytes: 0, peak: 0, retained: -10 });
    }

    #[test]
    fn other_threads_are_not_counted() {
        let worker = std::thread::spawn(|| vec![0u8; 4096]);
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert_eq!(growth(std::thread::yield_now), 0);
        assert!(worker.join().is_ok());
    }
}

/// Compiles and runs the examples of docs/memory.md as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/memory.md")]
mod memory_page {}
