//! What stands in the place of `re._compile`: the lookup in `re`'s own caches, in the order of CPython's function.

use std::ptr;

use pyo3_ffi::*;

use crate::caches::{Caches, exact_dict, find};
use crate::compile::{compile, flags_of};
use crate::inner::arguments_of;
use crate::object::{Owned, call_with_keywords, clear_error, returned};
use crate::state::{self, Reason, State, count};

/// CPython: `re/__init__.py`, `_compile(pattern, flags)`
///
/// # Safety
/// CPython calls it, by `METH_FASTCALL | METH_KEYWORDS`, with the module as first argument.
pub(crate) unsafe extern "C" fn outer_hook(
    module: *mut PyObject,
    arguments: *const *mut PyObject,
    positional: Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let state = state::of(module);
        if positional == 2 && names.is_null() && state.enabled.get() {
            match look_up_or_compile(state, *arguments, *arguments.add(1)) {
                Ok(object) => return object.into_ptr(),
                Err(reason) => reason.into_iter().for_each(|reason| state.count_left(reason)),
            }
        }
        let keywords = if names.is_null() { 0 } else { PyTuple_Size(names) };
        let arguments = arguments_of(arguments, positional + keywords);
        returned(call_with_keywords(state.outer.get(), arguments, names))
    }
}

/// Returns the pattern; or why CPython's function has to answer, if that is to be counted. No exception is set then.
///
/// # Safety
/// Both objects are alive.
#[inline]
unsafe fn look_up_or_compile(
    state: &State,
    pattern: *mut PyObject,
    flags: *mut PyObject,
) -> Result<Owned, Option<Reason>> {
    // SAFETY: as the caller promises.
    unsafe {
        let kind = Py_TYPE(pattern);
        let is_plain_int = ptr::eq(Py_TYPE(flags), &raw mut PyLong_Type);
        if ptr::eq(kind.cast(), state.pattern_type.get()) {
            // CPython's function looks into the cache first, where no compiled pattern is ever a key.
            let without_flags = flags_of(state, flags).is_some_and(|flags| flags.is_empty());
            if !without_flags {
                return Err(None);
            }
            count(&state.hits);
            return Owned::borrowed(pattern).ok_or(None);
        }
        if !ptr::eq(kind, &raw mut PyUnicode_Type) && !ptr::eq(kind, &raw mut PyBytes_Type) {
            return Err(None);
        }
        let converted;
        let key_flags = if is_plain_int {
            flags
        } else {
            let bits = flags_of(state, flags).ok_or(None)?.bits();
            converted = Owned::new(PyLong_FromLong(bits as _)).ok_or_else(no_exception)?;
            converted.as_ptr()
        };
        let key = Owned::new(PyTuple_Pack(3, kind.cast::<PyObject>(), pattern, key_flags));
        let key = key.ok_or_else(no_exception)?;
        let first = if state.two_caches.get() { &state.names.cache2 } else { &state.names.cache };
        let first = exact_dict(state, first).ok_or(Some(Reason::Patched))?;
        if let Some(found) = find(&first, &key).map_err(|()| no_exception())? {
            count(&state.hits);
            return Ok(found);
        }
        miss(state, pattern, flags, &key)
    }
}

/// # Safety
/// Both objects are alive.
unsafe fn miss(
    state: &State,
    pattern: *mut PyObject,
    flags: *mut PyObject,
    key: &Owned,
) -> Result<Owned, Option<Reason>> {
    let caches = Caches::of(state).ok_or(Some(Reason::Patched))?;
    if let Some(found) = caches.pop(key).map_err(|()| no_exception())? {
        caches.add_again(key, &found).map_err(|()| no_exception())?;
        count(&state.hits);
        return Ok(found);
    }
    // Whoever replaced the inner function is to be called.
    // SAFETY: both objects are alive, and the result is borrowed.
    let inner = unsafe { PyDict_GetItemWithError(state.compiler_dict.get(), state.names.compile.as_ptr()) };
    if inner.is_null() || !ptr::eq(inner, state.inner_hook.get()) {
        return Err(Some(Reason::Patched));
    }
    // The inner function compares, and counts what is left because of the flags.
    if state.verify.get() {
        return Err(None);
    }
    let flags = flags_of(state, flags).ok_or(None)?;
    let made = compile(state, pattern, flags).map_err(|reason| {
        state.left.set(pattern.addr());
        Some(reason)
    })?;
    count(&state.compiled);
    caches.add(key, &made).map_err(|()| no_exception())?;
    Ok(made)
}

/// Forgets an exception: CPython's function will meet the same.
#[cold]
fn no_exception() -> Option<Reason> {
    clear_error();
    None
}
