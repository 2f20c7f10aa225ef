//! The leak sanitizer of the build, if it has one.

/// Asks the leak sanitizer at once. Prints where each leaked block was allocated, and says whether there was any;
/// without a sanitizer it cannot tell.
///
/// libFuzzer asks only when an input allocates oftener than it frees, and gives up asking after a thousand inputs
/// that grew without leaking, as an interpreter does. The check of live bytes calls this for what it found.
pub fn found() -> Option<bool> {
    #[cfg(leak_sanitizer)]
    {
        unsafe extern "C" {
            safe fn __lsan_do_recoverable_leak_check() -> std::ffi::c_int;
        }
        Some(__lsan_do_recoverable_leak_check() != 0)
    }
    #[cfg(not(leak_sanitizer))]
    None
}

/// What the sanitizer is not to report: CPython frees little of its own memory when it ends. Only blocks that
/// libpython itself allocated are concerned; no Rust code is called from it.
#[cfg(leak_sanitizer)]
#[unsafe(no_mangle)]
pub extern "C" fn __lsan_default_suppressions() -> *const std::ffi::c_char {
    c"leak:libpython3".as_ptr()
}
