//! Searches a text with the code of a pattern, and returns the matches as JSON.
//!
//! The matcher is RustPython's, which is not CPython's: FINDINGS.md lists where they differ. It may
//! run forever or exhaust the stack, so the page runs it in a worker that it can stop.
//!
//! `explorer/tests/modules.test.mjs` tests it as it is built for the page.

#[cfg(target_arch = "wasm32")]
mod exports;

use std::fmt::Write;

use rustpython_sre_engine::engine::{Request, SearchIter, State};
use rustpython_sre_engine::string::StrDrive;
use rustpython_wtf8::{CodePoint, Wtf8Buf};

/// The matches that are written at most.
pub const MOST: usize = 1000;

/// Returns the matches of `finditer` as JSON: a list of lists with the start and the end of the match
/// and of each group, -1 for a group that took no part. `code` has the opcodes of CPython 3.11 to
/// 3.15. Positions count characters, or bytes.
pub fn matches(code: &[u32], groups: usize, units: &[u32], is_bytes: bool) -> String {
    if is_bytes {
        let bytes: Vec<u8> = units.iter().map(|&unit| unit as u8).collect();
        return search(code, groups, bytes.as_slice());
    }
    let text: Wtf8Buf = units.iter().filter_map(|&unit| CodePoint::from_u32(unit)).collect();
    search(code, groups, text.as_ref() as &rustpython_wtf8::Wtf8)
}

fn search<S: StrDrive>(code: &[u32], groups: usize, text: S) -> String {
    let request = Request::new(text, 0, usize::MAX, code, false);
    let mut iterator = SearchIter { req: request, state: State::default() };
    let mut json = String::from("[");
    for n in 0..MOST {
        if iterator.next().is_none() {
            break;
        }
        let state = &iterator.state;
        // Writing to a string never fails.
        let _ = write!(json, "{}[{},{}", if n > 0 { "," } else { "" }, state.start, state.cursor.position);
        for group in 0..groups {
            let (start, end) = state.marks.get(group);
            let span = start.into_option().zip(end.into_option());
            let (start, end) = span.map_or((-1, -1), |(start, end)| (start as i64, end as i64));
            let _ = write!(json, ",{start},{end}");
        }
        json.push(']');
    }
    json.push(']');
    json
}
