//! The definition of the module.
//!
//! It is initialised in several phases, and all that it knows is in its state, so each interpreter of a process has
//! its own.

use std::cell::UnsafeCell;
use std::ffi::{CStr, c_int, c_void};
use std::mem;
use std::ptr;
use std::sync::Once;

use pyo3_ffi::*;

use crate::examine::{examine_function, original_function};
use crate::function::method;
use crate::object::{Owned, set_attribute, string};
use crate::startup::start;
use crate::state::State;
use crate::status::{install_function, self_test_function, status_function, uninstall_function};

/// From CPython 3.12: whether the module works in several interpreters of a process.
const MULTIPLE_INTERPRETERS: c_int = 3;
/// Each interpreter may have a lock of its own.
const PER_INTERPRETER_LOCK: usize = 2;

/// Something that only CPython changes, under its lock.
struct Shared<T>(UnsafeCell<T>);

// SAFETY: the content is passed to CPython, which guards it.
unsafe impl<T> Sync for Shared<T> {}

/// A function without arguments.
const fn simple(name: &'static CStr, function: PyCFunction, documentation: &'static CStr) -> PyMethodDef {
    PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: PyMethodDefPointer { PyCFunction: function },
        ml_flags: METH_NOARGS,
        ml_doc: documentation.as_ptr(),
    }
}

static METHODS: Shared<[PyMethodDef; 8]> = Shared(UnsafeCell::new([
    method(
        c"install",
        install_function,
        c"install($module, /, *, cache=True, verify=False)\n--\n\n\
          Let sre-compiler compile what re compiles. Returns whether it is installed;\n\
          if not, status()['why'] says why, and re is as it was.\n\n\
          cache=False leaves re._compile alone. verify=True compiles with CPython's\n\
          compiler as well, and raises sre_compiler._verify.Divergence on a difference.",
    ),
    simple(
        c"uninstall",
        uninstall_function,
        c"uninstall($module, /)\n--\n\nPut CPython's own functions back.",
    ),
    simple(
        c"status",
        status_function,
        c"status($module, /)\n--\n\n\
          Return whether it is installed, and if not why; and how many patterns were\n\
          compiled, found in re's cache, or left to CPython, by reason.",
    ),
    simple(
        c"self_test",
        self_test_function,
        c"self_test($module, /)\n--\n\n\
          Compare both compilers over the patterns that come with the package. Returns\n\
          the number of patterns; raises sre_compiler._verify.Divergence on a difference.",
    ),
    simple(c"_start", start, c""),
    method(c"_examine", examine_function, c""),
    method(c"_original", original_function, c""),
    PyMethodDef::zeroed(),
]));

static SLOTS: Shared<[PyModuleDef_Slot; 3]> =
    Shared(UnsafeCell::new([const { PyModuleDef_Slot { slot: 0, value: ptr::null_mut() } }; 3]));

static MODULE: Shared<PyModuleDef> = Shared(UnsafeCell::new(PyModuleDef {
    m_base: PyModuleDef_HEAD_INIT,
    m_name: c"_sre_compiler.native".as_ptr(),
    m_doc: ptr::null(),
    m_size: size_of::<*mut State>() as Py_ssize_t,
    m_methods: METHODS.0.get().cast(),
    m_slots: SLOTS.0.get().cast(),
    m_traverse: Some(traverse),
    m_clear: Some(clear),
    m_free: Some(free),
}));

/// The function by which CPython loads the module.
///
/// # Safety
/// CPython calls it, under its lock.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyInit_native() -> *mut PyObject {
    // Interpreters with locks of their own may load the module at the same time.
    static ONCE: Once = Once::new();
    // SAFETY: as the caller promises; before the definition is passed on, nothing reads the slots.
    ONCE.call_once(|| unsafe {
        let slots = &mut *SLOTS.0.get();
        let initialise = initialise as unsafe extern "C" fn(*mut PyObject) -> c_int;
        slots[0] = PyModuleDef_Slot { slot: Py_mod_exec, value: initialise as *mut c_void };
        // An interpreter refuses a module with slots that it does not know.
        if minor_version() >= 12 {
            let value = ptr::without_provenance_mut(PER_INTERPRETER_LOCK);
            slots[1] = PyModuleDef_Slot { slot: MULTIPLE_INTERPRETERS, value };
        }
    });
    // SAFETY: the definition is static.
    unsafe { PyModuleDef_Init(MODULE.0.get()) }
}

/// Returns 13 for CPython 3.13.
pub(crate) fn minor_version() -> u32 {
    // SAFETY: the interpreter returns a static string.
    let version = unsafe { CStr::from_ptr(Py_GetVersion()) }.to_str().unwrap_or_default();
    let minor = version.strip_prefix("3.").and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    minor.and_then(|minor| minor.parse().ok()).unwrap_or(0)
}

/// Makes the state.
unsafe extern "C" fn initialise(module: *mut PyObject) -> c_int {
    // SAFETY: CPython calls it with the new module, whose memory for the state is zero.
    unsafe {
        let Some(state) = State::new() else { return -1 };
        *PyModule_GetState(module).cast::<*mut State>() = Box::into_raw(Box::new(state));
        let names = ["install", "uninstall", "status", "self_test"];
        let public = || {
            let list = Owned::new(PyList_New(0))?;
            for name in names {
                if PyList_Append(list.as_ptr(), string(name)?.as_ptr()) != 0 {
                    return None;
                }
            }
            Some((list, string(env!("CARGO_PKG_VERSION"))?))
        };
        let Some((list, version)) = public() else { return -1 };
        let done = set_attribute(module, c"__all__", list.as_ptr())
            && set_attribute(module, c"__version__", version.as_ptr());
        if done { 0 } else { -1 }
    }
}

/// Returns the state, or `None` before it is made and after it is freed.
///
/// # Safety
/// `module` is this module.
unsafe fn state_of<'s>(module: *mut PyObject) -> Option<&'s State> {
    // SAFETY: the memory holds null or a pointer to the state.
    unsafe {
        let place = PyModule_GetState(module).cast::<*const State>();
        if place.is_null() { None } else { (*place).as_ref() }
    }
}

unsafe extern "C" fn traverse(module: *mut PyObject, visit: visitproc, arg: *mut c_void) -> c_int {
    // SAFETY: CPython calls it with the module.
    unsafe { state_of(module).map_or(0, |state| state.visit(visit, arg)) }
}

unsafe extern "C" fn clear(module: *mut PyObject) -> c_int {
    // SAFETY: CPython calls it with the module.
    unsafe { state_of(module).into_iter().for_each(State::clear) };
    0
}

unsafe extern "C" fn free(module: *mut c_void) {
    // SAFETY: CPython calls it once, with the module.
    unsafe {
        let place = PyModule_GetState(module.cast()).cast::<*mut State>();
        if !place.is_null() {
            let state = mem::replace(&mut *place, ptr::null_mut());
            if !state.is_null() {
                drop(Box::from_raw(state));
            }
        }
    }
}
