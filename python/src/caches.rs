//! `re`'s own caches: one dictionary up to CPython 3.11, two from 3.12.

use std::ptr;

use pyo3_ffi::*;

use crate::object::{Owned, clear_error};
use crate::state::State;

/// The caches and their limits, as they are named in `re` at this moment.
#[derive(Debug)]
pub(crate) struct Caches {
    cache: Owned,
    max: isize,
    /// From CPython 3.12: the first to be looked into.
    second: Option<(Owned, isize)>,
}

/// Returns a cache of `re`, if it is exactly a `dict`.
#[inline]
pub(crate) fn exact_dict(state: &State, name: &Owned) -> Option<Owned> {
    // SAFETY: dictionary and name are alive; the name is a string, so that nothing else runs.
    unsafe {
        // Slower is `PyDict_GetItem`, which saves and restores exceptions. There is none for a string.
        let cache = PyDict_GetItemWithError(state.re_dict.get(), name.as_ptr());
        let is_dict = !cache.is_null() && ptr::eq(Py_TYPE(cache), &raw mut PyDict_Type);
        if is_dict { Owned::borrowed(cache) } else { None }
    }
}

/// Looks a key up. `Err` with an exception set.
#[inline]
pub(crate) fn find(cache: &Owned, key: &Owned) -> Result<Option<Owned>, ()> {
    // SAFETY: both are alive; the result is borrowed from the dictionary, hence owned at once.
    unsafe {
        let found = PyDict_GetItemWithError(cache.as_ptr(), key.as_ptr());
        match Owned::borrowed(found) {
            None if !PyErr_Occurred().is_null() => Err(()),
            found => Ok(found),
        }
    }
}

impl Caches {
    /// Returns the caches, or `None` if they are not as CPython makes them.
    pub(crate) fn of(state: &State) -> Option<Caches> {
        let names = &state.names;
        let second = match state.two_caches.get() {
            true => Some((exact_dict(state, &names.cache2)?, limit(state, &names.max_cache2)?)),
            false => None,
        };
        Some(Caches { cache: exact_dict(state, &names.cache)?, max: limit(state, &names.max_cache)?, second })
    }

    /// Removes a key from the cache of which the least recently used item is dropped. There is none up to 3.11.
    pub(crate) fn pop(&self, key: &Owned) -> Result<Option<Owned>, ()> {
        if self.second.is_none() {
            return Ok(None);
        }
        let found = find(&self.cache, key)?;
        // SAFETY: both are alive.
        if found.is_some() && unsafe { PyDict_DelItem(self.cache.as_ptr(), key.as_ptr()) } != 0 {
            clear_error();
        }
        Ok(found)
    }

    /// Adds a pattern that was just compiled.
    pub(crate) fn add(&self, key: &Owned, pattern: &Owned) -> Result<(), ()> {
        make_space(&self.cache, self.max);
        self.add_again(key, pattern)
    }

    /// Adds a pattern that [`pop`](Caches::pop) returned.
    pub(crate) fn add_again(&self, key: &Owned, pattern: &Owned) -> Result<(), ()> {
        set(&self.cache, key, pattern)?;
        if let Some((cache, max)) = &self.second {
            make_space(cache, *max);
            set(cache, key, pattern)?;
        }
        Ok(())
    }
}

/// Returns a limit of `re`, if it is exactly an `int`.
fn limit(state: &State, name: &Owned) -> Option<isize> {
    // SAFETY: as `exact_dict`.
    unsafe {
        let limit = PyDict_GetItemWithError(state.re_dict.get(), name.as_ptr());
        if limit.is_null() || !ptr::eq(Py_TYPE(limit), &raw mut PyLong_Type) {
            return None;
        }
        let value = PyLong_AsSsize_t(limit);
        if value == -1 && !PyErr_Occurred().is_null() {
            clear_error();
            return None;
        }
        Some(value)
    }
}

/// Removes the oldest item of a dictionary that is full.
fn make_space(cache: &Owned, max: isize) {
    // SAFETY: all are alive; the key is owned before it is removed.
    unsafe {
        if PyDict_Size(cache.as_ptr()) < max {
            return;
        }
        let (mut position, mut key, mut value) = (0, ptr::null_mut(), ptr::null_mut());
        if PyDict_Next(cache.as_ptr(), &mut position, &mut key, &mut value) == 0 {
            return;
        }
        if let Some(key) = Owned::borrowed(key)
            && PyDict_DelItem(cache.as_ptr(), key.as_ptr()) != 0
        {
            clear_error();
        }
    }
}

fn set(cache: &Owned, key: &Owned, pattern: &Owned) -> Result<(), ()> {
    // SAFETY: all are alive.
    match unsafe { PyDict_SetItem(cache.as_ptr(), key.as_ptr(), pattern.as_ptr()) } {
        0 => Ok(()),
        _ => Err(()),
    }
}
