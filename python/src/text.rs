//! The characters of a pattern object.

use std::ffi::{CStr, c_char};
use std::{mem, ptr, slice, str};

use pyo3_ffi::*;
use sre_compiler::Pattern;

use crate::object::{Owned, clear_error};

/// `PyUnicode_AsUTF8AndSize`. Part of the stable ABI from 3.10 only, but every interpreter has it.
type AsUtf8AndSize = unsafe extern "C" fn(*mut PyObject, *mut Py_ssize_t) -> *const c_char;

/// How the characters of a string are read.
#[derive(Debug)]
pub(crate) struct TextReader {
    as_utf8_and_size: Option<AsUtf8AndSize>,
}

impl TextReader {
    pub(crate) fn new() -> TextReader {
        // SAFETY: the function has had this type in all versions.
        let function = lookup(c"PyUnicode_AsUTF8AndSize").map(|function| unsafe { mem::transmute(function) });
        TextReader { as_utf8_and_size: function }
    }

    /// Calls a function with the characters of an object that is exactly a `str` or exactly `bytes`. `None`, without
    /// an exception, if it is neither or cannot be read.
    #[inline]
    pub(crate) fn read<R>(&self, object: *mut PyObject, use_it: impl FnOnce(Pattern<'_>) -> R) -> Option<R> {
        // SAFETY: the type was compared before the object is read, and the object is alive.
        unsafe {
            let kind = Py_TYPE(object);
            if ptr::eq(kind, &raw mut PyUnicode_Type) {
                return self.read_text(object, use_it);
            }
            if !ptr::eq(kind, &raw mut PyBytes_Type) {
                return None;
            }
            let (start, length) = (PyBytes_AsString(object).cast::<u8>(), PyBytes_Size(object));
            Some(use_it(Pattern::from(slice::from_raw_parts(start, length as usize))))
        }
    }

    /// # Safety
    /// The object is a live `str`.
    #[inline]
    unsafe fn read_text<R>(&self, object: *mut PyObject, use_it: impl FnOnce(Pattern<'_>) -> R) -> Option<R> {
        // SAFETY: the object is alive, and strings do not change; what is allocated outlives its use.
        unsafe {
            if let Some(as_utf8_and_size) = self.as_utf8_and_size {
                let mut length = 0;
                let start = as_utf8_and_size(object, &mut length);
                if !start.is_null() {
                    return Some(use_it(utf8(start, length)));
                }
            } else if let Some(bytes) = Owned::new(PyUnicode_AsUTF8String(object)) {
                return Some(use_it(utf8(PyBytes_AsString(bytes.as_ptr()), PyBytes_Size(bytes.as_ptr()))));
            }
            // Lone surrogates, or out of memory.
            clear_error();
            let length = PyUnicode_GetLength(object);
            let code_points = PyUnicode_AsUCS4Copy(object);
            if code_points.is_null() || length < 0 {
                clear_error();
                return None;
            }
            let units = slice::from_raw_parts(code_points.cast_const(), length as usize);
            let result = Pattern::from_code_points(units).ok().map(use_it);
            PyMem_Free(code_points.cast());
            result
        }
    }
}

/// # Safety
/// CPython made the bytes, as the UTF-8 of a string, and they outlive the result.
unsafe fn utf8<'p>(start: *const c_char, length: Py_ssize_t) -> Pattern<'p> {
    // SAFETY: as the caller promises.
    Pattern::from(unsafe { str::from_utf8_unchecked(slice::from_raw_parts(start.cast(), length as usize)) })
}

/// Returns a function of the interpreter by its name.
fn lookup(name: &CStr) -> Option<*mut libc::c_void> {
    #[cfg(unix)]
    {
        // SAFETY: the name is a C string.
        let function = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
        (!function.is_null()).then_some(function)
    }
    #[cfg(not(unix))]
    {
        let _ = name;
        None
    }
}
