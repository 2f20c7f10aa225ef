//! Counts the requests to the embedded interpreter's allocators, by `PyMem_SetAllocator`.

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;

use pyo3::Python;
use pyo3::ffi::PyMemAllocatorDomain::{PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ, PYMEM_DOMAIN_RAW};
use pyo3::ffi::{PyMem_GetAllocator, PyMem_SetAllocator, PyMemAllocatorDomain, PyMemAllocatorEx};

struct Counts {
    allocations: Cell<u64>,
    bytes: Cell<u64>,
    /// Whether an allocator is running. One passes large objects on to another: the outermost counts.
    inside: Cell<bool>,
}

thread_local! {
    static COUNTS: Counts = const {
        Counts { allocations: Cell::new(0), bytes: Cell::new(0), inside: Cell::new(false) }
    };
}

const DOMAINS: [PyMemAllocatorDomain; 3] = [PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM, PYMEM_DOMAIN_OBJ];

/// The interpreter's own allocators, while counting ones are installed in front of them.
struct Installed<'py> {
    inner: Box<[PyMemAllocatorEx; 3]>,
    _attached: Python<'py>,
}

/// Runs `run`, and returns its result, the number of blocks that this thread requested from the
/// interpreter, including reallocations, and their total size in bytes.
pub(super) fn count<T>(py: Python<'_>, run: impl FnOnce() -> T) -> (T, u64, u64) {
    let counts = || COUNTS.with(|counts| (counts.allocations.get(), counts.bytes.get()));
    let installed = Installed::new(py);
    let (allocations, bytes) = counts();
    let result = run();
    let (allocations_after, bytes_after) = counts();
    drop(installed);
    (result, allocations_after - allocations, bytes_after - bytes)
}

impl Installed<'_> {
    fn new(py: Python<'_>) -> Installed<'_> {
        let none =
            PyMemAllocatorEx { ctx: ptr::null_mut(), malloc: None, calloc: None, realloc: None, free: None };
        let mut inner = Box::new([none; 3]);
        for (domain, inner) in DOMAINS.into_iter().zip(inner.iter_mut()) {
            // SAFETY: `py` proves that this thread is attached. The allocators that are set pass all calls on to
            // the previous ones, which stay in their box until `drop` has restored them.
            unsafe {
                PyMem_GetAllocator(domain, inner);
                let mut counting = PyMemAllocatorEx {
                    ctx: ptr::from_mut(inner).cast(),
                    malloc: Some(malloc),
                    calloc: Some(calloc),
                    realloc: Some(realloc),
                    free: Some(free),
                };
                PyMem_SetAllocator(domain, &mut counting);
            }
        }
        Installed { inner, _attached: py }
    }
}

impl Drop for Installed<'_> {
    fn drop(&mut self) {
        for (domain, inner) in DOMAINS.into_iter().zip(self.inner.iter_mut()) {
            // SAFETY: this thread is still attached, and these are the interpreter's own allocators.
            unsafe { PyMem_SetAllocator(domain, inner) };
        }
    }
}

fn counted(
    ctx: *mut c_void,
    size: usize,
    ask: impl FnOnce(&PyMemAllocatorEx) -> Option<*mut c_void>,
) -> *mut c_void {
    COUNTS.with(|counts| {
        let outermost = !counts.inside.replace(true);
        // SAFETY: `ctx` was set by `Installed::new`, and is valid as long as the allocator is installed.
        let block = ask(unsafe { &*ctx.cast::<PyMemAllocatorEx>() }).unwrap_or(ptr::null_mut());
        if outermost {
            counts.inside.set(false);
            if !block.is_null() {
                counts.allocations.set(counts.allocations.get() + 1);
                counts.bytes.set(counts.bytes.get() + size as u64);
            }
        }
        block
    })
}

extern "C" fn malloc(ctx: *mut c_void, size: usize) -> *mut c_void {
    counted(ctx, size, |inner| Some(inner.malloc?(inner.ctx, size)))
}

extern "C" fn calloc(ctx: *mut c_void, number: usize, size: usize) -> *mut c_void {
    counted(ctx, number.saturating_mul(size), |inner| Some(inner.calloc?(inner.ctx, number, size)))
}

extern "C" fn realloc(ctx: *mut c_void, block: *mut c_void, size: usize) -> *mut c_void {
    counted(ctx, size, |inner| Some(inner.realloc?(inner.ctx, block, size)))
}

extern "C" fn free(ctx: *mut c_void, block: *mut c_void) {
    // SAFETY: as in `counted`.
    let inner = unsafe { &*ctx.cast::<PyMemAllocatorEx>() };
    if let Some(free) = inner.free {
        free(inner.ctx, block);
    }
}
