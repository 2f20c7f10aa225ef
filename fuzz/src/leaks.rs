//! The leak sanitizer, linked or preloaded.

use std::ffi::c_int;

/// Runs the leak sanitizer. Prints where each leaked block was allocated, and returns whether there was any; `None`
/// without a sanitizer. A leak is found again each time.
///
/// libFuzzer runs it only when an input allocates more often than it frees, and no longer after a thousand inputs
/// that grew without a leak, as those of an interpreter do. This is called when live bytes have grown.
pub fn found() -> Option<bool> {
    Some(check()?() != 0)
}

#[cfg(leak_sanitizer)]
fn check() -> Option<extern "C" fn() -> c_int> {
    unsafe extern "C" {
        safe fn __lsan_do_recoverable_leak_check() -> c_int;
    }
    extern "C" fn check() -> c_int {
        __lsan_do_recoverable_leak_check()
    }
    Some(check)
}

/// The sanitizer of gcc can be preloaded into a program built by a stable compiler.
#[cfg(not(leak_sanitizer))]
fn check() -> Option<extern "C" fn() -> c_int> {
    // SAFETY: the name is a C string; looking it up runs no code.
    let symbol = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"__lsan_do_recoverable_leak_check".as_ptr()) };
    // SAFETY: `sanitizer/lsan_interface.h` declares this type; a null pointer is the `None` of a function pointer.
    unsafe { std::mem::transmute::<*mut libc::c_void, Option<extern "C" fn() -> c_int>>(symbol) }
}

/// The leaks that are not reported: CPython frees little of its memory when it ends. This only concerns blocks that
/// libpython allocated, which calls no Rust code.
#[cfg(leak_sanitizer)]
#[unsafe(no_mangle)]
pub extern "C" fn __lsan_default_suppressions() -> *const std::ffi::c_char {
    c"leak:libpython3".as_ptr()
}
