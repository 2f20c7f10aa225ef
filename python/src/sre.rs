//! `_sre.compile`, called by the address of its C function.

use std::{mem, ptr};

use pyo3_ffi::*;

use crate::object::Owned;

/// The calling convention of [`SreCompile`]. pyo3-ffi leaves it out where the stable ABI is that of 3.8, though it has
/// had this number since 3.7.
pub(crate) const METH_FASTCALL: i32 = 0x80;

pub(crate) type FastCall =
    unsafe extern "C" fn(*mut PyObject, *const *mut PyObject, Py_ssize_t, *mut PyObject) -> *mut PyObject;

/// The function, which lives as long as the interpreter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SreCompile {
    function: FastCall,
    /// The module `_sre`, which is its first argument.
    module: *mut PyObject,
}

impl SreCompile {
    /// Returns the function, or `None` if it is not a C function with the expected calling convention.
    pub(crate) fn of(callable: &Owned) -> Option<SreCompile> {
        // SAFETY: the type is checked before the object is read. The calling convention gives the function's type.
        unsafe {
            if PyCFunction_Check(callable.as_ptr()) == 0
                || PyCFunction_GetFlags(callable.as_ptr()) != METH_FASTCALL | METH_KEYWORDS
            {
                return None;
            }
            let function = PyCFunction_GetFunction(callable.as_ptr())?;
            let function = mem::transmute::<PyCFunction, FastCall>(function);
            // Both are of a module that is never unloaded; this makes sure.
            Py_INCREF(callable.as_ptr());
            Some(SreCompile { function, module: PyCFunction_GetSelf(callable.as_ptr()) })
        }
    }

    /// Calls it: pattern, flags, code, number of groups, groupindex, indexgroup. `None` with an exception set.
    #[inline]
    pub(crate) fn call(self, arguments: [*mut PyObject; 6]) -> Option<Owned> {
        // SAFETY: the arguments are alive, and there are no keywords.
        unsafe {
            Owned::new((self.function)(
                self.module,
                arguments.as_ptr(),
                arguments.len() as Py_ssize_t,
                ptr::null_mut(),
            ))
        }
    }
}
