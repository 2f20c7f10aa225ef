//! The origin of retained memory: on demand, the stack of each allocation is recorded.
//!
//! Tracing is slow. It is only used when an input is run again because live bytes have grown.

use std::alloc::{GlobalAlloc, Layout, System};
use std::backtrace::Backtrace;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write;

use sre_memory::{Counting, live};
use sre_support::count;

/// [`Counting`], which also notes where blocks come from while [`retained`] asks for it.
#[derive(Debug)]
struct Tracing;

#[global_allocator]
static ALLOCATOR: Tracing = Tracing;

/// What the allocator does with a block.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Count,
    CountAndTrace,
    /// The block belongs to the records themselves: neither counted nor traced.
    Untracked,
}

/// What is known of the blocks that were allocated since noting began.
struct Notes {
    /// By address.
    live: BTreeMap<usize, Note>,
    /// Bytes that were live before, and no longer are.
    freed: i64,
}

struct Note {
    /// By how much the block is larger than when noting began.
    growth: i64,
    /// Where it got this size.
    stack: Backtrace,
}

thread_local! {
    // Not initialised lazily, so that the allocator may use them at any time.
    static MODE: Cell<Mode> = const { Cell::new(Mode::Count) };
    static NOTES: RefCell<Notes> = const { RefCell::new(Notes { live: BTreeMap::new(), freed: 0 }) };
}

/// Runs something in a mode. What is allocated in one's own has to be freed in it.
fn in_mode<T>(mode: Mode, run: impl FnOnce() -> T) -> T {
    let before = MODE.replace(mode);
    let result = run();
    MODE.set(before);
    result
}

/// Notes that a block has become another one; null stands for none.
fn note(old: (*mut u8, usize), new: (*mut u8, usize)) {
    in_mode(Mode::Untracked, || {
        NOTES.with_borrow_mut(|notes| {
            let before = notes.live.remove(&old.0.addr()).map_or(0, |note| note.growth);
            if new.0.is_null() {
                notes.freed += old.1 as i64 - before;
            } else {
                let growth = before + new.1 as i64 - old.1 as i64;
                notes.live.insert(new.0.addr(), Note { growth, stack: Backtrace::force_capture() });
            }
        });
    });
}

const NONE: (*mut u8, usize) = (std::ptr::null_mut(), 0);

// SAFETY: every call is passed on, unchanged, to one of two allocators that share their blocks; its result is returned
// unchanged. Notes are made after the call, from memory that is not noted.
unsafe impl GlobalAlloc for Tracing {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the promises that the allocators ask for.
        let (block, mode) = match MODE.get() {
            Mode::Untracked => return unsafe { System.alloc(layout) },
            mode => (unsafe { Counting.alloc(layout) }, mode),
        };
        if mode == Mode::CountAndTrace {
            note(NONE, (block, layout.size()));
        }
        block
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        let (block, mode) = match MODE.get() {
            Mode::Untracked => return unsafe { System.alloc_zeroed(layout) },
            mode => (unsafe { Counting.alloc_zeroed(layout) }, mode),
        };
        if mode == Mode::CountAndTrace {
            note(NONE, (block, layout.size()));
        }
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        let mode = match MODE.get() {
            Mode::Untracked => return unsafe { System.dealloc(block, layout) },
            mode => mode,
        };
        // Before the address can be another's.
        if mode == Mode::CountAndTrace {
            note((block, layout.size()), NONE);
        }
        // SAFETY: as above.
        unsafe { Counting.dealloc(block, layout) };
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        let (grown, mode) = match MODE.get() {
            Mode::Untracked => return unsafe { System.realloc(block, layout, size) },
            mode => (unsafe { Counting.realloc(block, layout, size) }, mode),
        };
        if mode == Mode::CountAndTrace && !grown.is_null() {
            note((block, layout.size()), (grown, size));
        }
        grown
    }
}

/// Runs a function and drops its result. Returns by how much live bytes have grown, and the blocks that
/// are still live: their sizes and the stacks that allocated them, the largest first.
pub fn retained<T>(run: impl FnOnce() -> T) -> (i64, String) {
    let before = live();
    in_mode(Mode::CountAndTrace, || drop(run()));
    let bytes = live() - before;
    let own = in_mode(Mode::Untracked, || {
        let empty = Notes { live: BTreeMap::new(), freed: 0 };
        NOTES.replace(empty).show()
    });
    let text = own.clone();
    in_mode(Mode::Untracked, || drop(own));
    (bytes, text)
}

/// Limit of frames shown of a stack.
const FRAMES: usize = 12;

impl Notes {
    /// The blocks that are live, by stack.
    fn show(&self) -> String {
        let mut sites: BTreeMap<Vec<String>, (i64, usize)> = BTreeMap::new();
        for note in self.live.values().filter(|note| note.growth != 0) {
            let (bytes, blocks) = sites.entry(frames(&note.stack.to_string())).or_default();
            *bytes += note.growth;
            *blocks += 1;
        }
        let mut sites: Vec<_> = sites.into_iter().collect();
        sites.sort_by_key(|(_, (bytes, _))| -bytes);
        let mut text = String::new();
        for (stack, (bytes, blocks)) in sites {
            // Writing to a String does not fail.
            let sign = if bytes < 0 { "-" } else { "" };
            let (bytes, blocks) = (count(bytes.unsigned_abs(), "byte"), count(blocks, "block"));
            let _ = writeln!(text, "{sign}{bytes} in {blocks}, allocated by");
            stack.iter().for_each(|frame| text.extend(["    ", frame, "\n"]));
        }
        if self.freed > 0 {
            let _ = writeln!(text, "{} live before and freed", count(self.freed.unsigned_abs(), "byte"));
        }
        text
    }
}

/// The frames between the allocator and [`retained`], innermost first, without those of the library: function, file, line.
fn frames(backtrace: &str) -> Vec<String> {
    let mut frames: Vec<String> = Vec::new();
    for line in backtrace.lines().map(str::trim) {
        match (line.strip_prefix("at "), line.split_once(": ")) {
            (Some(place), _) => frames.last_mut().into_iter().for_each(|frame| frame.extend([" at ", place])),
            (None, Some((_, function))) => frames.push(function.to_owned()),
            _ => {}
        }
    }
    let is_here = |frame: &String| frame.contains("/src/alloc_trace.rs:");
    let of_caller = frames.into_iter().skip_while(|frame| is_here(frame) || is_of_library(frame));
    of_caller.take_while(|frame| !is_here(frame)).filter(|frame| !is_of_library(frame)).take(FRAMES).collect()
}

/// Is the function one of the standard library? The place tells: in a release build, a function that was inlined has a
/// short name.
fn is_of_library(frame: &str) -> bool {
    let has = |parts: &[&str]| parts.iter().any(|part| frame.contains(part));
    let has_place = frame.contains(" at ");
    has(&["/rustc/", "/rustlib/src/rust/", "/rust/deps/"])
        || !has_place && has(&["alloc::", "core::", "std::"])
}
