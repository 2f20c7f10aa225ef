//! Retained memory: how many bytes are live, counted by the allocator.
//!
//! A leak sanitizer finds memory that nothing points to. What grows and can still be reached (a static list, a
//! cache without limit) it cannot find; the count can. It is exact, and kept per thread, so that what other threads
//! allocate meanwhile does not disturb it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator, with a count of the bytes that are live.
#[derive(Debug)]
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    // Neither initialised lazily nor dropped, so that the allocator may use it at any time.
    static LIVE: Cell<i64> = const { Cell::new(0) };
}

fn count(bytes: usize, sign: i64) {
    LIVE.with(|live| live.set(live.get().wrapping_add(sign.wrapping_mul(bytes as i64))));
}

// SAFETY: every call is passed on, unchanged, to the system's allocator, whose results are returned unchanged.
// Counting touches a thread-local number and does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the promises that `System` asks for.
        let block = unsafe { System.alloc(layout) };
        if !block.is_null() {
            count(layout.size(), 1);
        }
        block
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        let block = unsafe { System.alloc_zeroed(layout) };
        if !block.is_null() {
            count(layout.size(), 1);
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
        count(layout.size(), -1);
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        let grown = unsafe { System.realloc(block, layout, size) };
        if !grown.is_null() {
            count(layout.size(), -1);
            count(size, 1);
        }
        grown
    }
}

/// The bytes that this thread has allocated and not freed.
pub fn live() -> i64 {
    LIVE.with(Cell::get)
}

/// Runs something, and says by how much the live bytes are more (or less) than before. What it returns is dropped
/// first.
pub fn growth<T>(run: impl FnOnce() -> T) -> i64 {
    let before = live();
    drop(run());
    live() - before
}

#[cfg(test)]
mod tests {
    use super::growth;

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
    fn other_threads_do_not_disturb() {
        let worker = std::thread::spawn(|| vec![0u8; 4096]);
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert_eq!(growth(std::thread::yield_now), 0);
        assert!(worker.join().is_ok());
    }
}
