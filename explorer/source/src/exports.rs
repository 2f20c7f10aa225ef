//! What JavaScript calls; see `explorer/wasm/src/exports.rs`, which does the same for the compiler.

use std::cell::RefCell;

thread_local! {
    static FILE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Returns the address of a file of `length` bytes.
#[unsafe(no_mangle)]
extern "C" fn reserve(length: usize) -> *mut u8 {
    FILE.with_borrow_mut(|file| {
        *file = vec![0; length];
        file.as_mut_ptr()
    })
}

/// Returns the address of the last answer.
#[unsafe(no_mangle)]
extern "C" fn text() -> *const u8 {
    TEXT.with_borrow(|text| text.as_ptr())
}

/// Checks the file, which is UTF-8, and returns the length of the answer.
#[unsafe(no_mangle)]
extern "C" fn check() -> usize {
    let answer = crate::check(&String::from_utf8_lossy(&FILE.take()));
    let length = answer.len();
    TEXT.set(answer);
    length
}
