//! What JavaScript calls; see `explorer/wasm/src/exports.rs`, which does the same for the compiler.

use std::cell::RefCell;

use crate::matches;

thread_local! {
    static UNITS: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Returns the address of `length` numbers: the code, then the text.
#[unsafe(no_mangle)]
extern "C" fn reserve(length: usize) -> *mut u32 {
    UNITS.with_borrow_mut(|units| {
        *units = vec![0; length];
        units.as_mut_ptr()
    })
}

/// Returns the address of the last answer.
#[unsafe(no_mangle)]
extern "C" fn text() -> *const u8 {
    TEXT.with_borrow(|text| text.as_ptr())
}

/// Searches, with `code` numbers of code, and returns the length of the answer.
#[unsafe(no_mangle)]
extern "C" fn search(code: usize, groups: usize, is_bytes: bool) -> usize {
    let units = UNITS.take();
    let (code, subject) = units.split_at(code.min(units.len()));
    let answer = matches(code, groups, subject, is_bytes);
    let length = answer.len();
    TEXT.set(answer);
    length
}
