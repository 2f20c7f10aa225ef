//! Functions for Python.

use std::ffi::CStr;
use std::mem;

use pyo3_ffi::*;

use crate::object::Owned;
use crate::sre::{FastCall, METH_FASTCALL};

/// A definition of a function, which must live as long as the function.
pub(crate) struct Definition(PyMethodDef);

// SAFETY: definitions are never changed.
unsafe impl Sync for Definition {}

/// Defines a function. `inspect` reads its signature from the documentation.
pub(crate) const fn definition(
    name: &'static CStr,
    function: FastCall,
    documentation: &'static CStr,
) -> Definition {
    Definition(method(name, function, documentation))
}

impl Definition {
    /// Makes the function, with this module as its first argument. `name` is that of the module it claims to be of, or
    /// null. `None` with an exception set.
    pub(crate) fn function(&'static self, module: *mut PyObject, name: *mut PyObject) -> Option<Owned> {
        let definition = (&raw const self.0).cast_mut();
        // SAFETY: the definition is static, the objects are alive, and the result is a new reference.
        unsafe { Owned::new(PyCFunction_NewEx(definition, module, name)) }
    }
}

/// Defines a function that takes positional arguments and keywords as an array.
pub(crate) const fn method(
    name: &'static CStr,
    function: FastCall,
    documentation: &'static CStr,
) -> PyMethodDef {
    PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: PyMethodDefPointer {
            // SAFETY: the flags say which type the function has.
            PyCFunction: unsafe { mem::transmute::<FastCall, PyCFunction>(function) },
        },
        ml_flags: METH_FASTCALL | METH_KEYWORDS,
        ml_doc: documentation.as_ptr(),
    }
}
