//! The system's allocator with counters. On demand it also records where blocks come from, or fails.
//!
//! The counters are exact and per thread, so other threads do not affect them. A program counts if it
//! installs the allocator:
//!
//! ```
//! use sre_support::allocator::{TrackingAllocator, measure};
//!
//! #[global_allocator]
//! static ALLOCATOR: TrackingAllocator = TrackingAllocator;
//!
//! let (block, used) = measure(|| vec![0u8; 24]);
//! assert_eq!((used.allocations, used.bytes, used.peak, used.retained), (1, 24, 24, 24));
//! # drop(block);
//! ```

mod counts;
mod failure;
mod trace;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

pub use counts::{Mark, Used, growth, live, measure};
pub use failure::{Failing, failing};
pub use trace::retained;

/// The system's allocator with counters, which cost a few instructions per call and no memory.
#[derive(Clone, Copy, Debug)]
pub struct TrackingAllocator;

/// What the allocator does on a thread, besides passing calls on.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Mode {
    Count,
    CountAndTrace,
    /// Count, and reject the allocations that [`failing`] names.
    CountAndFail,
    /// Nothing: the block belongs to the records of [`retained`].
    Untracked,
}

thread_local! {
    // Not lazily initialised, and without a destructor, so that the allocator can use it at any time.
    static MODE: Cell<Mode> = const { Cell::new(Mode::Count) };
}

/// Runs `run` in a mode. What it allocates untracked must be freed untracked.
fn in_mode<T>(mode: Mode, run: impl FnOnce() -> T) -> T {
    struct Restore(Mode);
    impl Drop for Restore {
        fn drop(&mut self) {
            MODE.set(self.0);
        }
    }
    let _restore = Restore(MODE.replace(mode));
    run()
}

/// The address and the size of a block; a null pointer if there is none.
type Block = (*mut u8, usize);

const NO_BLOCK: Block = (ptr::null_mut(), 0);

/// Allocates a block of `size` bytes, which replaces `old`, in the mode of this thread.
#[inline]
fn request(old: Block, size: usize, allocate: impl FnOnce() -> *mut u8) -> *mut u8 {
    let mode = MODE.get();
    if mode == Mode::Untracked {
        return allocate();
    }
    let is_rejected = mode == Mode::CountAndFail && failure::is_next_rejected();
    let block = if is_rejected { ptr::null_mut() } else { allocate() };
    counts::requested(old.1, size, !block.is_null());
    if mode == Mode::CountAndTrace && !block.is_null() {
        trace::note(old, (block, size));
    }
    block
}

// SAFETY: every call is passed on unchanged to the system's allocator, whose result is returned unchanged, or it fails
// as an allocator may. Counting touches thread-local numbers; what `trace` allocates for its records is not tracked.
unsafe impl GlobalAlloc for TrackingAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller upholds the contract of `GlobalAlloc`, which is that of `System`.
        request(NO_BLOCK, layout.size(), || unsafe { System.alloc(layout) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        request(NO_BLOCK, layout.size(), || unsafe { System.alloc_zeroed(layout) })
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let mode = MODE.get();
        // Before the system can give the address to another block.
        if mode == Mode::CountAndTrace {
            trace::note((block, layout.size()), NO_BLOCK);
        }
        if mode != Mode::Untracked {
            counts::freed(layout.size());
        }
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        request((block, layout.size()), size, || unsafe { System.realloc(block, layout, size) })
    }
}
