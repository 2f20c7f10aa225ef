//! What stands in the place of `re._compiler.compile`, or `sre_compile.compile` up to CPython 3.10.

use std::{ptr, slice};

use pyo3_ffi::*;
use sre_compiler::Flags;

use crate::compile::{compile, flags_of};
use crate::object::{call_with_keywords, returned};
use crate::state::{self, Reason, State, count};
use crate::verify;

/// CPython: `re/_compiler.py`, `compile(p, flags=0)`
///
/// # Safety
/// CPython calls it, by `METH_FASTCALL | METH_KEYWORDS`, with the module as first argument.
pub(crate) unsafe extern "C" fn inner_hook(
    module: *mut PyObject,
    arguments: *const *mut PyObject,
    positional: Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let state = state::of(module);
        let keywords = if names.is_null() { 0 } else { PyTuple_Size(names) };
        let arguments = arguments_of(arguments, positional + keywords);
        if state.enabled.get() {
            match try_to_compile(state, arguments, positional, names) {
                Ok(object) => return object,
                Err(reason) => reason.into_iter().for_each(|reason| state.count_left(reason)),
            }
        }
        returned(call_with_keywords(state.inner.get(), arguments, names))
    }
}

/// The arguments of a call as a slice; none may be given by a null pointer.
///
/// # Safety
/// There are so many objects at the pointer, and they outlive the result.
pub(crate) unsafe fn arguments_of<'a>(
    arguments: *const *mut PyObject,
    count: Py_ssize_t,
) -> &'a [*mut PyObject] {
    if count == 0 {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { slice::from_raw_parts(arguments, count as usize) }
}

/// Returns the pattern, or null with an exception set; or why CPython has to compile, if that is to be counted.
///
/// # Safety
/// As [`inner_hook`].
#[inline]
unsafe fn try_to_compile(
    state: &State,
    arguments: &[*mut PyObject],
    positional: Py_ssize_t,
    names: *mut PyObject,
) -> Result<*mut PyObject, Option<Reason>> {
    let (pattern, flags) = match *arguments {
        [pattern] if positional == 1 => (pattern, Some(Flags::empty())),
        // SAFETY: as the caller promises.
        [pattern, flags] if positional == 2 || unsafe { is_flags_keyword(positional, names) } => {
            (pattern, flags_of(state, flags))
        }
        _ => return Err(Some(Reason::Arguments)),
    };
    if state.left.replace(0) == pattern.addr() {
        return Err(None);
    }
    let flags = flags.ok_or(Some(Reason::OtherFlags))?;
    if state.verify.get() {
        // SAFETY: as the caller promises.
        return Ok(unsafe { verify::compile_both(state, arguments, names, pattern, flags) });
    }
    let made = compile(state, pattern, flags).map_err(Some)?;
    count(&state.compiled);
    Ok(made.into_ptr())
}

/// # Safety
/// `names` is null or the names of the keywords.
unsafe fn is_flags_keyword(positional: Py_ssize_t, names: *mut PyObject) -> bool {
    // SAFETY: a tuple of strings that has at least one item, since there are two arguments.
    positional == 1
        && unsafe {
            ptr::NonNull::new(names).is_some_and(|names| {
                PyUnicode_CompareWithASCIIString(PyTuple_GetItem(names.as_ptr(), 0), c"flags".as_ptr()) == 0
            })
        }
}
