//! Owned references to Python objects, and slots that hold one.

use std::cell::Cell;
use std::ffi::CStr;
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};

use pyo3_ffi::*;

/// A reference that is owned: its object lives at least as long.
///
/// Only made and dropped while the interpreter's lock is held.
#[derive(Debug)]
pub(crate) struct Owned(NonNull<PyObject>);

impl Owned {
    /// Takes over a new reference. `None` for null, which means that an exception is set.
    ///
    /// # Safety
    /// `object` is null or a new reference.
    pub(crate) unsafe fn new(object: *mut PyObject) -> Option<Owned> {
        NonNull::new(object).map(Owned)
    }

    /// Makes a reference of its own from a borrowed one.
    ///
    /// # Safety
    /// `object` is null or refers to a live object.
    pub(crate) unsafe fn borrowed(object: *mut PyObject) -> Option<Owned> {
        let object = NonNull::new(object)?;
        // SAFETY: the object is alive.
        unsafe { Py_INCREF(object.as_ptr()) };
        Some(Owned(object))
    }

    pub(crate) fn as_ptr(&self) -> *mut PyObject {
        self.0.as_ptr()
    }

    /// Hands the reference over to the caller.
    pub(crate) fn into_ptr(self) -> *mut PyObject {
        ManuallyDrop::new(self).0.as_ptr()
    }
}

impl Clone for Owned {
    fn clone(&self) -> Owned {
        // SAFETY: the object is alive, as a reference to it is.
        unsafe { Py_INCREF(self.as_ptr()) };
        Owned(self.0)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: this reference is owned, and is not used again.
        unsafe { Py_DECREF(self.as_ptr()) }
    }
}

/// Converts to what a function that Python calls returns: null if there is none, with an exception set.
pub(crate) fn returned(object: Option<Owned>) -> *mut PyObject {
    object.map_or(ptr::null_mut(), Owned::into_ptr)
}

/// A field that holds a reference or null. Fields are cells, since any call into Python may run code that comes back.
#[derive(Default)]
pub(crate) struct Slot(Cell<Option<Owned>>);

impl Slot {
    /// Returns the object, borrowed from the slot, or null.
    pub(crate) fn get(&self) -> *mut PyObject {
        // SAFETY: the value is read in place, not moved, and nothing runs meanwhile.
        unsafe { (*self.0.as_ptr()).as_ref().map_or(ptr::null_mut(), Owned::as_ptr) }
    }

    /// Returns a reference of its own.
    pub(crate) fn owned(&self) -> Option<Owned> {
        // SAFETY: a slot holds null or a live object.
        unsafe { Owned::borrowed(self.get()) }
    }

    /// Replaces the object. The former one is dropped when the slot has its new value already.
    pub(crate) fn set(&self, object: Option<Owned>) {
        drop(self.0.replace(object));
    }

    /// Calls the collector's visitor.
    ///
    /// # Safety
    /// To be called from a traverse function, with its arguments.
    pub(crate) unsafe fn visit(&self, visit: visitproc, arg: *mut std::ffi::c_void) -> i32 {
        match self.get() {
            object if object.is_null() => 0,
            // SAFETY: as the caller promises.
            object => unsafe { visit(object, arg) },
        }
    }
}

/// Returns an attribute, or `None` with an exception set.
pub(crate) fn attribute(object: *mut PyObject, name: &CStr) -> Option<Owned> {
    // SAFETY: callers pass live objects, and the result is a new reference.
    unsafe { Owned::new(PyObject_GetAttrString(object, name.as_ptr())) }
}

/// Returns an attribute, or `None` without an exception.
pub(crate) fn attribute_or_none(object: *mut PyObject, name: &CStr) -> Option<Owned> {
    let found = attribute(object, name);
    if found.is_none() {
        clear_error();
    }
    found
}

/// Sets an attribute; `false` with an exception set.
pub(crate) fn set_attribute(object: *mut PyObject, name: &CStr, value: *mut PyObject) -> bool {
    // SAFETY: callers pass live objects.
    unsafe { PyObject_SetAttrString(object, name.as_ptr(), value) == 0 }
}

/// Imports a module, or returns `None` with an exception set.
pub(crate) fn import(name: &CStr) -> Option<Owned> {
    // SAFETY: the result is a new reference.
    unsafe { Owned::new(PyImport_ImportModule(name.as_ptr())) }
}

/// Calls an object with positional arguments.
pub(crate) fn call(callable: *mut PyObject, arguments: &[*mut PyObject]) -> Option<Owned> {
    // SAFETY: callers pass live objects.
    unsafe { call_with_keywords(callable, arguments, ptr::null_mut()) }
}

/// Calls an object with the arguments of a call by `METH_FASTCALL | METH_KEYWORDS`: the values of the keywords follow
/// the positional arguments.
///
/// # Safety
/// `names` is null or a tuple of at most as many strings as there are arguments. All objects are alive.
pub(crate) unsafe fn call_with_keywords(
    callable: *mut PyObject,
    arguments: &[*mut PyObject],
    names: *mut PyObject,
) -> Option<Owned> {
    // SAFETY: as the caller promises; each new reference is owned or given to the tuple.
    unsafe {
        let keywords = if names.is_null() { 0 } else { PyTuple_Size(names) as usize };
        let (positional, values) = arguments.split_at(arguments.len() - keywords);
        let tuple = Owned::new(PyTuple_New(positional.len() as Py_ssize_t))?;
        for (n, &argument) in positional.iter().enumerate() {
            Py_INCREF(argument);
            PyTuple_SetItem(tuple.as_ptr(), n as Py_ssize_t, argument);
        }
        if keywords == 0 {
            return Owned::new(PyObject_Call(callable, tuple.as_ptr(), ptr::null_mut()));
        }
        let dict = Owned::new(PyDict_New())?;
        for (n, &value) in values.iter().enumerate() {
            let name = PyTuple_GetItem(names, n as Py_ssize_t);
            if PyDict_SetItem(dict.as_ptr(), name, value) != 0 {
                return None;
            }
        }
        Owned::new(PyObject_Call(callable, tuple.as_ptr(), dict.as_ptr()))
    }
}

/// Makes a string. `None` with an exception set.
pub(crate) fn string(text: &str) -> Option<Owned> {
    // SAFETY: pointer and length are those of the text; the result is a new reference.
    unsafe { Owned::new(PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as Py_ssize_t)) }
}

/// Makes an integer. `None` with an exception set.
pub(crate) fn integer(value: u64) -> Option<Owned> {
    // SAFETY: the result is a new reference.
    unsafe { Owned::new(PyLong_FromUnsignedLongLong(value)) }
}

/// Returns `None`, `True` or `False` of Python.
pub(crate) fn boolean(value: bool) -> Owned {
    // SAFETY: PyBool_FromLong returns a new reference to an object that always exists.
    Owned(unsafe { NonNull::new_unchecked(PyBool_FromLong(value.into())) })
}

/// Returns Python's `None`.
pub(crate) fn none() -> Owned {
    // SAFETY: the object always exists.
    unsafe {
        Py_INCREF(Py_None());
        Owned(NonNull::new_unchecked(Py_None()))
    }
}

/// Returns the text of a Python string; `None`, without an exception, if the object is no string or has surrogates.
pub(crate) fn text_of(object: *mut PyObject) -> Option<String> {
    // SAFETY: the object is alive; the bytes are copied before they are released.
    unsafe {
        if object.is_null() || PyUnicode_Check(object) == 0 {
            return None;
        }
        let Some(bytes) = Owned::new(PyUnicode_AsUTF8String(object)) else {
            clear_error();
            return None;
        };
        let (start, length) = (PyBytes_AsString(bytes.as_ptr()), PyBytes_Size(bytes.as_ptr()));
        let bytes = std::slice::from_raw_parts(start.cast::<u8>(), length as usize);
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// Forgets the exception that is set.
pub(crate) fn clear_error() {
    // SAFETY: always allowed.
    unsafe { PyErr_Clear() }
}

/// Takes the exception that is set, as `Type: text`.
pub(crate) fn take_error() -> String {
    let (mut kind, mut value, mut traceback) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: the three references are new, or null.
    unsafe {
        PyErr_Fetch(&mut kind, &mut value, &mut traceback);
        let (kind, value, _traceback) = (Owned::new(kind), Owned::new(value), Owned::new(traceback));
        let name = kind.and_then(|kind| attribute_or_none(kind.as_ptr(), c"__name__"));
        let name = name.and_then(|name| text_of(name.as_ptr())).unwrap_or_else(|| "exception".to_owned());
        let text = value.and_then(|value| Owned::new(PyObject_Str(value.as_ptr())));
        clear_error();
        match text.and_then(|text| text_of(text.as_ptr())) {
            Some(text) if !text.is_empty() => format!("{name}: {text}"),
            _ => name,
        }
    }
}
