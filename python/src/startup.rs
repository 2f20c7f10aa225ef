//! Installing at the start of Python, as the environment variable `SRE_COMPILER` asks. `sre_compiler.pth` calls it.
//!
//! `re` is not imported for this: an entry of `sys.meta_path` waits for it and removes itself. This is written in Rust
//! because a module in Python would have to be compiled at each start where no `.pyc` files are written.

use std::ffi::CStr;
use std::ptr;

use pyo3_ffi::*;

use crate::function::{Definition, definition};
use crate::install::install;
use crate::object::set_attribute;
use crate::object::{Owned, attribute, attribute_or_none, call, clear_error, import, none, returned, string};
use crate::state::{self, State};

/// What the environment asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mode {
    verify: bool,
    /// Say on standard error whether it was installed, and why not.
    debug: bool,
}

/// Reads the value of the variable. `None` for none of the known ones.
fn mode(value: &str) -> Option<Option<Mode>> {
    let on = Mode { verify: false, debug: false };
    match value {
        "" | "0" => Some(None),
        "1" => Some(Some(on)),
        "verify" => Some(Some(Mode { verify: true, ..on })),
        "debug" => Some(Some(Mode { debug: true, ..on })),
        _ => None,
    }
}

/// `sre_compiler._start()`: installs at once if `re` is imported, or else waits for it. Never raises an exception.
///
/// # Safety
/// CPython calls it, with the module as first argument.
pub(crate) unsafe extern "C" fn start(module: *mut PyObject, _: *mut PyObject) -> *mut PyObject {
    // SAFETY: as the caller promises.
    let state = unsafe { state::of(module) };
    if start_or_wait(state, module).is_none() {
        clear_error();
    }
    none().into_ptr()
}

/// `None` with an exception set.
fn start_or_wait(state: &State, module: *mut PyObject) -> Option<()> {
    // `site` may process a .pth file twice.
    if state.armed.get().is_some() || state.enabled.get() {
        return Some(());
    }
    let sys = import(c"sys")?;
    let flags = attribute(sys.as_ptr(), c"flags")?;
    let ignores = attribute(flags.as_ptr(), c"ignore_environment")?;
    // SAFETY: the object is alive.
    if unsafe { PyObject_IsTrue(ignores.as_ptr()) } != 0 {
        return Some(());
    }
    let value = std::env::var_os("SRE_COMPILER").unwrap_or_default();
    let value = value.to_string_lossy();
    let Some(mode) = mode(&value) else {
        eprintln!("SRE_COMPILER={value:?}: unknown value (known: 0, 1, verify, debug); re stays as it is");
        return Some(());
    };
    let Some(mode) = mode else { return Some(()) };
    let modules = attribute(sys.as_ptr(), c"modules")?;
    let name = string("re")?;
    // SAFETY: both are alive.
    if unsafe { PySequence_Contains(modules.as_ptr(), name.as_ptr()) } == 1 {
        install_as(state, module, mode);
        return Some(());
    }
    let finder = namespace(&sys, module, &[(&FIND_SPEC, c"find_spec")])?;
    let path = attribute(sys.as_ptr(), c"meta_path")?;
    // SAFETY: both are alive.
    if unsafe { PyList_Insert(path.as_ptr(), 0, finder.as_ptr()) } != 0 {
        return None;
    }
    state.finder.set(Some(finder));
    state.armed.set(Some(mode));
    state.why.set(Some("re is not imported yet".to_owned()));
    Some(())
}

fn install_as(state: &State, module: *mut PyObject, mode: Mode) {
    let installed = install(state, module, true, mode.verify);
    if mode.debug {
        let why = state.why.take();
        match &why {
            None => eprintln!("sre_compiler: installed"),
            Some(why) => eprintln!("sre_compiler: not installed: {why}"),
        }
        state.why.set(why.filter(|_| !installed));
    }
    clear_error();
}

static FIND_SPEC: Definition = definition(c"find_spec", find_spec, c"");
static EXEC_MODULE: Definition = definition(c"exec_module", exec_module, c"");

/// Makes an object with functions as attributes. Its type is that of `sys.implementation`, which always exists.
fn namespace(
    sys: &Owned,
    module: *mut PyObject,
    functions: &[(&'static Definition, &CStr)],
) -> Option<Owned> {
    let implementation = attribute(sys.as_ptr(), c"implementation")?;
    // SAFETY: the object is alive, and so is its type.
    let made = call(unsafe { Py_TYPE(implementation.as_ptr()) }.cast(), &[])?;
    for (definition, name) in functions {
        let function = definition.function(module, ptr::null_mut())?;
        if !set_attribute(made.as_ptr(), name, function.as_ptr()) {
            return None;
        }
    }
    Some(made)
}

/// Finds `re` by the other finders, and has its loader install after it has run the module.
///
/// # Safety
/// CPython calls it, by `METH_FASTCALL | METH_KEYWORDS`, with the module as first argument.
unsafe extern "C" fn find_spec(
    module: *mut PyObject,
    arguments: *const *mut PyObject,
    positional: Py_ssize_t,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as the caller promises; the name of a module is compared if it is a string.
    unsafe {
        if positional == 0
            || PyUnicode_Check(*arguments) == 0
            || PyUnicode_CompareWithASCIIString(*arguments, c"re".as_ptr()) != 0
        {
            return none().into_ptr();
        }
        let state = state::of(module);
        // A copy of `sys.meta_path` may still have this finder.
        if state.finder.get().is_null() {
            return none().into_ptr();
        }
        let arguments = crate::inner::arguments_of(arguments, positional);
        returned(spec_of_re(state, module, arguments))
    }
}

/// `None` with an exception set.
fn spec_of_re(state: &State, module: *mut PyObject, arguments: &[*mut PyObject]) -> Option<Owned> {
    let sys = import(c"sys")?;
    let path = attribute(sys.as_ptr(), c"meta_path")?;
    if let Some(finder) = state.finder.owned() {
        // SAFETY: both are alive.
        unsafe {
            let place = PySequence_Index(path.as_ptr(), finder.as_ptr());
            if place < 0 || PySequence_DelItem(path.as_ptr(), place) != 0 {
                clear_error();
            }
        }
        state.finder.set(None);
    }
    // The others may change the list.
    // SAFETY: the object is alive, and the results are new references.
    let finders = unsafe { Owned::new(PySequence_List(path.as_ptr()))? };
    for n in 0.. {
        // SAFETY: as above.
        let Some(finder) = (unsafe { Owned::new(PySequence_GetItem(finders.as_ptr(), n)) }) else { break };
        let Some(find) = attribute_or_none(finder.as_ptr(), c"find_spec") else { continue };
        let spec = call(find.as_ptr(), arguments)?;
        // SAFETY: the object always exists.
        if !ptr::eq(spec.as_ptr(), unsafe { Py_None() }) {
            if change_loader(state, module, &spec).is_none() {
                clear_error();
            }
            return Some(spec);
        }
    }
    clear_error();
    Some(none())
}

/// Gives the loader, which is a new one for each module, another `exec_module`. `None` if that is not possible.
fn change_loader(state: &State, module: *mut PyObject, spec: &Owned) -> Option<()> {
    let loader = attribute(spec.as_ptr(), c"loader")?;
    let dict = attribute(loader.as_ptr(), c"__dict__")?;
    // A loader that is a class, or has no dictionary, is shared with other modules.
    // SAFETY: the objects are alive.
    if unsafe { PyDict_Check(dict.as_ptr()) } == 0 {
        return None;
    }
    let function = EXEC_MODULE.function(module, ptr::null_mut())?;
    if !set_attribute(loader.as_ptr(), c"exec_module", function.as_ptr()) {
        return None;
    }
    state.loader.set(Some(loader));
    Some(())
}

/// Runs `re` by its loader, then installs.
///
/// # Safety
/// CPython calls it, by `METH_FASTCALL | METH_KEYWORDS`, with the module as first argument.
unsafe extern "C" fn exec_module(
    module: *mut PyObject,
    arguments: *const *mut PyObject,
    positional: Py_ssize_t,
    names: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: as the caller promises.
    unsafe {
        let state = state::of(module);
        let keywords = if names.is_null() { 0 } else { PyTuple_Size(names) };
        let arguments = crate::inner::arguments_of(arguments, positional + keywords);
        let Some(loader) = state.loader.owned() else {
            PyErr_SetString(PyExc_ImportError, c"sre_compiler: the loader of re was called twice".as_ptr());
            return ptr::null_mut();
        };
        state.loader.set(None);
        if PyObject_SetAttrString(loader.as_ptr(), c"exec_module".as_ptr(), ptr::null_mut()) != 0 {
            clear_error();
        }
        let Some(execute) = attribute(loader.as_ptr(), c"exec_module") else { return ptr::null_mut() };
        let done = crate::object::call_with_keywords(execute.as_ptr(), arguments, names);
        if done.is_some()
            && let Some(mode) = state.armed.take()
        {
            install_as(state, module, mode);
        }
        returned(done)
    }
}

/// Stops waiting for `re`.
pub(crate) fn stop_waiting(state: &State) {
    state.armed.set(None);
}
