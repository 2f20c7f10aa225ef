//! The origin of retained memory: on demand, the stack of each allocation is recorded, which is slow.

use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Block, Mode, in_mode, live};
use crate::count;

/// What is known of the blocks that were allocated since recording began.
struct Records {
    /// By address.
    live: BTreeMap<usize, Record>,
    /// Bytes that were live before, and no longer are.
    freed: i64,
}

struct Record {
    /// By how much the block is larger than when recording began.
    growth: i64,
    /// The stack of the allocation that gave it this size.
    stack: Backtrace,
}

impl Records {
    const EMPTY: Records = Records { live: BTreeMap::new(), freed: 0 };
}

thread_local! {
    static RECORDS: RefCell<Records> = const { RefCell::new(Records::EMPTY) };
}

/// Records that a block has become another one.
pub(super) fn note(old: Block, new: Block) {
    in_mode(Mode::Untracked, || {
        RECORDS.with_borrow_mut(|records| {
            let before = records.live.remove(&old.0.addr()).map_or(0, |record| record.growth);
            if new.0.is_null() {
                records.freed += old.1 as i64 - before;
            } else {
                let growth = before + new.1 as i64 - old.1 as i64;
                records.live.insert(new.0.addr(), Record { growth, stack: Backtrace::force_capture() });
            }
        });
    });
}

/// Runs a function and drops its result. Returns by how much live bytes have grown, and the blocks that
/// are still live: their sizes and the stacks that allocated them, the largest first.
pub fn retained<T>(run: impl FnOnce() -> T) -> (i64, String) {
    let before = live();
    in_mode(Mode::CountAndTrace, || drop(run()));
    let bytes = live() - before;
    let untracked = in_mode(Mode::Untracked, || RECORDS.replace(Records::EMPTY).show());
    // The caller will free its text tracked.
    let text = untracked.clone();
    in_mode(Mode::Untracked, || drop(untracked));
    (bytes, text)
}

/// Limit of frames shown of a stack.
const FRAMES: usize = 12;

impl Records {
    /// Returns the live blocks, by stack.
    fn show(&self) -> String {
        let mut sites: BTreeMap<Vec<String>, (i64, usize)> = BTreeMap::new();
        for record in self.live.values().filter(|record| record.growth != 0) {
            let (bytes, blocks) = sites.entry(frames(&record.stack.to_string())).or_default();
            *bytes += record.growth;
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

/// Returns the frames between the allocator and [`retained`], innermost first, without those of the
/// standard library: function, file, line.
fn frames(backtrace: &str) -> Vec<String> {
    let mut frames: Vec<String> = Vec::new();
    for line in backtrace.lines().map(str::trim) {
        match (line.strip_prefix("at "), line.split_once(": ")) {
            (Some(place), _) => frames.last_mut().into_iter().for_each(|frame| frame.extend([" at ", place])),
            (None, Some((_, function))) => frames.push(function.to_owned()),
            _ => {}
        }
    }
    // The shims that call the allocator are compiled in the file that installs it.
    let here = ["/src/allocator.rs:", "/src/allocator/", "__rust_alloc", "__rust_realloc"];
    let is_here = |frame: &String| here.iter().any(|part| frame.contains(part));
    let of_caller = frames.into_iter().skip_while(|frame| is_here(frame) || is_of_library(frame));
    of_caller.take_while(|frame| !is_here(frame)).filter(|frame| !is_of_library(frame)).take(FRAMES).collect()
}

/// Returns whether a function is one of the standard library. The place decides: in a release build, a
/// function that was inlined has a short name.
fn is_of_library(frame: &str) -> bool {
    let has = |parts: &[&str]| parts.iter().any(|part| frame.contains(part));
    let has_place = frame.contains(" at ");
    has(&["/rustc/", "/rustlib/src/rust/", "/rust/deps/"])
        || !has_place && has(&["alloc::", "core::", "std::"])
}
