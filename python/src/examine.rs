//! Compiling a pattern as the hooks would, with all that is known about it: for verify and the self-test.

use std::ptr;

use pyo3_ffi::*;
use sre_compiler::{Error, Pattern};

use crate::compile::{code_of, flags_of, make_pattern, reason_of, run, switch_off, take_workspace};
use crate::inner::arguments_of;
use crate::object::{Owned, call, integer, none, returned, string};
use crate::state::{self, Reason, State};
use crate::workspace::{Compiled, MAX_DIGITS, Workspace};

/// `_examine(pattern, flags)`: a tuple of the pattern or `None`, the code or `None`, the error or `None`, the warnings,
/// and why the hooks leave the pattern to CPython or `None`. See `_verify.py`.
///
/// # Safety
/// CPython calls it, by `METH_FASTCALL | METH_KEYWORDS`, with the module as first argument.
pub(crate) unsafe extern "C" fn examine_function(
    module: *mut PyObject,
    arguments: *const *mut PyObject,
    positional: Py_ssize_t,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let state = state::of(module);
        if positional != 2 || state.dialect.get().is_none() {
            PyErr_SetString(PyExc_TypeError, c"_examine() takes pattern and flags, once installed".as_ptr());
            return ptr::null_mut();
        }
        returned(examine(state, *arguments, *arguments.add(1)))
    }
}

/// `_original(pattern, flags)`: CPython's own compiler.
///
/// # Safety
/// CPython calls it, by `METH_FASTCALL | METH_KEYWORDS`, with the module as first argument.
pub(crate) unsafe extern "C" fn original_function(
    module: *mut PyObject,
    arguments: *const *mut PyObject,
    positional: Py_ssize_t,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let state = state::of(module);
        if state.inner.get().is_null() {
            PyErr_SetString(PyExc_TypeError, c"_original() is known once installed".as_ptr());
            return ptr::null_mut();
        }
        returned(call(state.inner.get(), arguments_of(arguments, positional)))
    }
}

/// `None` with an exception set.
pub(crate) fn examine(state: &State, pattern: *mut PyObject, flags: *mut PyObject) -> Option<Owned> {
    let Some(flags) = flags_of(state, flags) else { return left(Reason::OtherFlags) };
    let Some(mut workspace) = take_workspace(state) else { return left(Reason::Limit) };
    let result = match run(state, &mut workspace, pattern, flags) {
        Ok(Compiled::Panicked) => {
            switch_off(state);
            return left(Reason::Limit);
        }
        Ok(Compiled::Failed(error)) if reason_of(&error) == Reason::Limit => left(Reason::Limit),
        // CPython's limit of digits is another one.
        Ok(Compiled::Failed(_)) if state.text.read(pattern, has_many_digits) == Some(true) => {
            left(Reason::Limit)
        }
        Ok(Compiled::Failed(error)) => failed(&workspace, &error),
        Ok(Compiled::Plain | Compiled::Warned) => compiled(state, &mut workspace, pattern),
        Err(reason) => left(reason),
    };
    workspace.release_excess();
    state.workspace.set(Some(workspace));
    result
}

/// Returns whether a pattern may have a number that the limit of digits rejects.
fn has_many_digits(text: Pattern<'_>) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        let is_digit = char::from_u32(c).is_some_and(|c| c.is_numeric() || c == '_');
        run = if is_digit { run + 1 } else { 0 };
        run > MAX_DIGITS
    })
}

fn left(reason: Reason) -> Option<Owned> {
    let name = Reason::ALL[reason as usize].1.to_str().unwrap_or_default();
    tuple([none(), none(), none(), list(std::iter::empty())?, string(name)?])
}

fn compiled(state: &State, workspace: &mut Workspace, pattern: *mut PyObject) -> Option<Owned> {
    let (made, reason) = match make_pattern(state, workspace, pattern) {
        Ok(made) => (made, none()),
        Err(reason) => (none(), string(Reason::ALL[reason as usize].1.to_str().unwrap_or_default())?),
    };
    let code = list(code_of(&workspace.program).iter().map(|&word| integer(word.into())))?;
    tuple([made, code, none(), warnings(workspace)?, reason])
}

fn failed(workspace: &Workspace, error: &Error) -> Option<Owned> {
    let position = |place: Option<usize>| place.map_or_else(|| Some(none()), |place| integer(place as u64));
    let text = tuple([
        string(error.exception().name())?,
        code_points(&error.message())?,
        position(error.pos())?,
        position(error.lineno())?,
        position(error.colno())?,
    ])?;
    tuple([none(), none(), text, warnings(workspace)?, none()])
}

fn warnings(workspace: &Workspace) -> Option<Owned> {
    let pair = |(category, text): (&str, String)| tuple([string(category)?, string(&text)?]);
    list(workspace.warnings().map(pair))
}

/// Makes a string that may have lone surrogates.
fn code_points(text: &[u32]) -> Option<Owned> {
    // SAFETY: pointer and length are those of the slice; the result is a new reference.
    unsafe {
        let mut order = if cfg!(target_endian = "little") { -1 } else { 1 };
        Owned::new(PyUnicode_DecodeUTF32(
            text.as_ptr().cast(),
            size_of_val(text) as Py_ssize_t,
            c"surrogatepass".as_ptr(),
            &mut order,
        ))
    }
}

fn tuple<const N: usize>(items: [Owned; N]) -> Option<Owned> {
    // SAFETY: the tuple is new, and each of its items is set once.
    unsafe {
        let tuple = Owned::new(PyTuple_New(N as Py_ssize_t))?;
        for (n, item) in items.into_iter().enumerate() {
            PyTuple_SetItem(tuple.as_ptr(), n as Py_ssize_t, item.into_ptr());
        }
        Some(tuple)
    }
}

fn list(items: impl Iterator<Item = Option<Owned>>) -> Option<Owned> {
    // SAFETY: all are alive.
    unsafe {
        let list = Owned::new(PyList_New(0))?;
        for item in items {
            if PyList_Append(list.as_ptr(), item?.as_ptr()) != 0 {
                return None;
            }
        }
        Some(list)
    }
}
