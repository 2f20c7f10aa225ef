//! Verify mode: both compilers run, and a difference is an exception.

use std::ptr;

use pyo3_ffi::*;
use sre_compiler::Flags;

use crate::examine::examine;
use crate::object::{Owned, attribute, call, call_with_keywords, import, integer, none};
use crate::state::{State, count};

/// Compiles a pattern with both compilers. Returns what CPython's returned or raised, or raises the difference.
///
/// # Safety
/// `names` is null or the names of the keywords among the arguments. All objects are alive.
pub(crate) unsafe fn compile_both(
    state: &State,
    arguments: &[*mut PyObject],
    names: *mut PyObject,
    pattern: *mut PyObject,
    flags: Flags,
) -> *mut PyObject {
    let bits = integer(flags.bits().unsigned_abs());
    let Some(bits) = bits else { return ptr::null_mut() };
    let Some(found) = examine(state, pattern, bits.as_ptr()) else { return ptr::null_mut() };
    // SAFETY: as the caller promises. What is fetched are new references or null.
    unsafe {
        let cpython = call_with_keywords(state.inner.get(), arguments, names);
        let (mut kind, mut error, mut traceback) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        if cpython.is_none() {
            PyErr_Fetch(&mut kind, &mut error, &mut traceback);
            PyErr_NormalizeException(&mut kind, &mut error, &mut traceback);
        }
        let nothing = none();
        let their_pattern = cpython.as_ref().unwrap_or(&nothing).as_ptr();
        let their_error = if error.is_null() { nothing.as_ptr() } else { error };
        count(&state.compiled);
        // What the comparison compiles is not compared.
        state.verify.set(false);
        let verdict = compare([pattern, bits.as_ptr(), found.as_ptr(), their_pattern, their_error]);
        state.verify.set(true);
        let verdict = match verdict {
            Some(verdict) if ptr::eq(verdict.as_ptr(), Py_None()) => None,
            verdict => Some(verdict),
        };
        let Some(difference) = verdict else {
            // No difference.
            if cpython.is_none() {
                PyErr_Restore(kind, error, traceback);
            }
            return cpython.map_or(ptr::null_mut(), Owned::into_ptr);
        };
        drop((Owned::new(kind), Owned::new(error), Owned::new(traceback)));
        if let Some(difference) = difference {
            PyErr_SetObject(Py_TYPE(difference.as_ptr()).cast(), difference.as_ptr());
        }
        ptr::null_mut()
    }
}

/// Returns `None` of Python, or the exception that describes the difference. `None` with an exception set.
fn compare(arguments: [*mut PyObject; 5]) -> Option<Owned> {
    let module = import(c"sre_compiler._verify")?;
    let compare = attribute(module.as_ptr(), c"compare")?;
    call(compare.as_ptr(), &arguments)
}
