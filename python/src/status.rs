//! The functions of the module that users call.

use std::ptr;

use pyo3_ffi::*;

use crate::install;
use crate::object::{Owned, attribute, boolean, call, import, integer, none, returned, string};
use crate::state::{self, Reason, State};

/// `install(*, cache=True, verify=False)`
///
/// # Safety
/// CPython calls it, by `METH_FASTCALL | METH_KEYWORDS`, with the module as first argument.
pub(crate) unsafe extern "C" fn install_function(
    module: *mut PyObject,
    arguments: *const *mut PyObject,
    positional: Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as the caller promises; the names are a tuple of strings.
    unsafe {
        let (mut cache, mut verify) = (true, false);
        let keywords = if names.is_null() { 0 } else { PyTuple_Size(names) };
        for n in 0..keywords {
            let (name, value) = (PyTuple_GetItem(names, n), *arguments.offset(positional + n));
            let is_named =
                |known: &std::ffi::CStr| PyUnicode_CompareWithASCIIString(name, known.as_ptr()) == 0;
            let target = match () {
                () if is_named(c"cache") => &mut cache,
                () if is_named(c"verify") => &mut verify,
                () => return wrong_arguments(),
            };
            match PyObject_IsTrue(value) {
                -1 => return ptr::null_mut(),
                truth => *target = truth == 1,
            }
        }
        if positional != 0 {
            return wrong_arguments();
        }
        boolean(install::install(state::of(module), module, cache, verify)).into_ptr()
    }
}

fn wrong_arguments() -> *mut PyObject {
    let text = c"install() takes only the keyword arguments cache and verify";
    // SAFETY: the text is static.
    unsafe { PyErr_SetString(PyExc_TypeError, text.as_ptr()) };
    ptr::null_mut()
}

/// `uninstall()`
///
/// # Safety
/// CPython calls it, with the module as first argument.
pub(crate) unsafe extern "C" fn uninstall_function(module: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: as the caller promises.
    install::uninstall(unsafe { state::of(module) });
    none().into_ptr()
}

/// `status()`
///
/// # Safety
/// CPython calls it, with the module as first argument.
pub(crate) unsafe extern "C" fn status_function(module: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: as the caller promises.
    returned(status(unsafe { state::of(module) }))
}

/// `self_test()`: written in Python, and imported only now.
///
/// # Safety
/// CPython calls it, with the module as first argument.
pub(crate) unsafe extern "C" fn self_test_function(_: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    let run = || {
        let module = import(c"sre_compiler._self_test")?;
        call(attribute(module.as_ptr(), c"run")?.as_ptr(), &[])
    };
    returned(run())
}

/// `None` with an exception set.
fn status(state: &State) -> Option<Owned> {
    let why = state.why.take();
    let why_object = why.as_deref().map_or_else(|| Some(none()), string);
    state.why.set(why);
    let enabled = state.enabled.get();
    let left = dict()?;
    for (n, (_, name)) in Reason::ALL.iter().enumerate() {
        put(&left, name, &integer(state.left_counts[n].get())?)?;
    }
    let dialect = state.dialect.get().filter(|_| enabled);
    let status = dict()?;
    put(&status, c"version", &string(env!("CARGO_PKG_VERSION"))?)?;
    put(&status, c"installed", &boolean(enabled))?;
    put(&status, c"why", &why_object?)?;
    put(&status, c"cache", &boolean(enabled && !state.outer_hook.get().is_null()))?;
    put(&status, c"verify", &boolean(state.verify.get()))?;
    let compared = dialect.map_or_else(|| Some(none()), |dialect| string(&dialect.to_string()));
    put(&status, c"dialect", &compared?)?;
    put(&status, c"compiled", &integer(state.compiled.get())?)?;
    put(&status, c"cache_hits", &integer(state.hits.get())?)?;
    put(&status, c"left", &left)?;
    Some(status)
}

fn dict() -> Option<Owned> {
    // SAFETY: the result is a new reference.
    unsafe { Owned::new(PyDict_New()) }
}

fn put(dict: &Owned, name: &std::ffi::CStr, value: &Owned) -> Option<()> {
    // SAFETY: all are alive.
    (unsafe { PyDict_SetItemString(dict.as_ptr(), name.as_ptr(), value.as_ptr()) } == 0).then_some(())
}
