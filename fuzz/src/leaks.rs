//! The leak sanitizer: of the build, or preloaded.

use std::ffi::c_int;

/// Asks the leak sanitizer at once. Prints where each leaked block was allocated, and says whether there was any;
/// without a sanitizer it cannot tell. What it has found once it finds again.
///
/// libFuzzer asks only when an input allocates oftener than it frees, and gives up asking after a thousand inputs
/// that grew without leaking, as an interpreter does. The check of live bytes calls this for what it found.
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

/// That of gcc can be preloaded, into a program of a stable compiler.
#[cfg(not(leak_sanitizer))]
fn check() -> Option<extern "C" fn() -> c_int> {
    // SAFETY: the name is a C string; looking it up runs no code.
    let symbol = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"__lsan_do_recoverable_leak_check".as_ptr()) };
    // SAFETY: the sanitizer declares it so in `sanitizer/lsan_interface.h`; null is the none of such a pointer.
    unsafe { std::mem::transmute::<*mut libc::c_void, Option<extern "C" fn() -> c_int>>(symbol) }
}

/// What the sanitizer is not to report: CPython frees little of its own memory when it ends. Only blocks that
/// libpython itself allocated are concerned; no Rust code is called from it.
#[cfg(leak_sanitizer)]
#[unsafe(no_mangle)]
pub extern "C" fn __lsan_default_suppressions() -> *const std::ffi::c_char {
    c"leak:libpython3".as_ptr()
}
