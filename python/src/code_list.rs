//! The list of integers that `_sre.compile` takes, reused from one pattern to the next.
//!
//! A new list for each pattern takes a third of the time of compiling it: the memory, a call for each word to set it,
//! and as many releases. So one list is kept outside the collector's sight, its items are written in place and are
//! borrowed, and its length is zero between patterns. Where the layout of lists is not the expected one, new lists
//! are made with the functions of the stable ABI.

use std::ptr;

use pyo3_ffi::*;

use crate::numbers::Numbers;
use crate::object::{Owned, none};

/// A longer list is not kept.
const LONGEST_KEPT: usize = 1 << 14;

/// The start of a list object. The first two fields are part of the stable ABI, the third is checked by [`is_known`].
#[repr(C)]
struct ListLayout {
    base: PyVarObject,
    items: *mut *mut PyObject,
}

/// The list.
#[derive(Debug)]
pub(crate) struct CodeList {
    list: Owned,
    capacity: usize,
}

impl CodeList {
    /// Makes an empty list. `None` with an exception set.
    pub(crate) fn with_capacity(capacity: usize) -> Option<CodeList> {
        // SAFETY: the list is new, so that nothing else refers to it. It has `capacity` null items, which are hidden
        // by the length of zero.
        unsafe {
            let list = Owned::new(PyList_New(capacity as Py_ssize_t))?;
            PyObject_GC_UnTrack(list.as_ptr().cast());
            set_length(&list, 0);
            Some(CodeList { list, capacity })
        }
    }

    /// Calls a function with the list of some words' integers.
    pub(crate) fn with<R>(
        &mut self,
        words: &[u32],
        numbers: &mut Numbers,
        call: impl FnOnce(*mut PyObject) -> Option<R>,
    ) -> Option<R> {
        if words.len() > self.capacity {
            *self = CodeList::with_capacity(words.len().next_power_of_two())?;
        }
        // SAFETY: the layout was checked by `is_known`, and the list has memory for so many items.
        let complete = unsafe { self.fill(words, numbers) };
        let result = complete.and_then(|()| {
            // SAFETY: that many items were just written.
            unsafe { set_length(&self.list, words.len()) };
            call(self.list.as_ptr())
        });
        self.empty();
        numbers.finish();
        if self.capacity > LONGEST_KEPT {
            *self = CodeList::with_capacity(LONGEST_KEPT)?;
        }
        result
    }

    /// # Safety
    /// Lists have the expected layout, and this one has memory for so many words.
    #[inline]
    unsafe fn fill(&mut self, words: &[u32], numbers: &mut Numbers) -> Option<()> {
        // SAFETY: as the caller promises.
        let items = unsafe { (*self.list.as_ptr().cast::<ListLayout>()).items };
        for (n, &word) in words.iter().enumerate() {
            let number = numbers.get(word)?;
            // SAFETY: n is below the number of words.
            unsafe { items.add(n).write(number) };
        }
        Some(())
    }

    /// Sets the length to zero. The items are borrowed, so they are not released.
    fn empty(&mut self) {
        // SAFETY: the items are alive until `Numbers::finish`.
        unsafe {
            if Py_REFCNT(self.list.as_ptr()) != 1 {
                // Something else holds the list: it becomes an ordinary one, that owns its items. This is not known to
                // happen.
                for n in 0..PyList_Size(self.list.as_ptr()) {
                    Py_INCREF(PyList_GetItem(self.list.as_ptr(), n));
                }
                PyObject_GC_Track(self.list.as_ptr().cast());
                self.list = none();
                self.capacity = 0;
                return;
            }
            set_length(&self.list, 0);
        }
    }
}

/// Makes a list as any extension module does.
pub(crate) fn new_list(words: &[u32], numbers: &mut Numbers) -> Option<Owned> {
    // SAFETY: the list is new, and each of its items is set once, to a new reference.
    unsafe {
        let list = Owned::new(PyList_New(words.len() as Py_ssize_t))?;
        for (n, &word) in words.iter().enumerate() {
            let number = numbers.get(word)?;
            Py_INCREF(number);
            PyList_SetItem(list.as_ptr(), n as Py_ssize_t, number);
        }
        Some(list)
    }
}

/// # Safety
/// `list` is a list with memory for so many items, which are valid.
unsafe fn set_length(list: &Owned, length: usize) {
    // SAFETY: the field is part of the stable ABI.
    unsafe { (*list.as_ptr().cast::<PyVarObject>()).ob_size = length as Py_ssize_t }
}

/// Returns whether lists have the expected layout: the items are found where they should be.
pub(crate) fn is_known(numbers: &mut Numbers) -> Option<bool> {
    // SAFETY: a new list, whose items are set before it is read. The pointer that is read instead of the items lies
    // within the object, whatever the layout: list objects have at least five words.
    unsafe {
        let list = Owned::new(PyList_New(3))?;
        for n in 0..3 {
            let number = numbers.get(n)?;
            Py_INCREF(number);
            PyList_SetItem(list.as_ptr(), n as Py_ssize_t, number);
        }
        let type_object = (&raw mut PyList_Type).cast::<PyObject>();
        let size = crate::object::attribute(type_object, c"__basicsize__")?;
        if PyLong_AsSize_t(size.as_ptr()) != size_of::<ListLayout>() + size_of::<usize>() {
            return Some(false);
        }
        let first = PyList_GetItem(list.as_ptr(), 0);
        let layout = list.as_ptr().cast::<ListLayout>();
        let items = (*layout).items;
        let known = (*layout).base.ob_size == 3 && !items.is_null() && items.is_aligned();
        Some(known && ptr::eq(*items, first) && *items.add(2) == PyList_GetItem(list.as_ptr(), 2))
    }
}
