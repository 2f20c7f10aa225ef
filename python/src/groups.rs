//! The two tables of group names that `_sre.compile` takes: `groupindex` and `indexgroup`.

use std::cell::Cell;

use pyo3_ffi::*;
use sre_compiler::Program;

use crate::numbers::Numbers;
use crate::object::{Owned, none, string};

/// Patterns with fewer groups than this share a tuple for each number of groups.
const SHARED: usize = 32;

/// The tables of patterns without names, which can be shared: `_sre` does not keep an empty `groupindex`, and nothing
/// returns `indexgroup`.
pub(crate) struct NameTables {
    empty: Owned,
    nones: [Cell<Option<Owned>>; SHARED],
}

impl NameTables {
    /// Makes the tables. `None` with an exception set.
    pub(crate) fn new() -> Option<NameTables> {
        // SAFETY: the result is a new reference.
        let empty = unsafe { Owned::new(PyDict_New())? };
        Some(NameTables { empty, nones: Default::default() })
    }

    /// Returns the tables of a program. `None` with an exception set.
    pub(crate) fn of(&self, program: &Program, numbers: &mut Numbers) -> Option<(Owned, Owned)> {
        let length = program.group_count() as usize + 1;
        if program.group_index().len() > 0 {
            return named(program, numbers);
        }
        let Some(shared) = self.nones.get(length) else { return Some((self.empty.clone(), nones(length)?)) };
        let tuple = match shared.take() {
            Some(tuple) => tuple,
            None => nones(length)?,
        };
        shared.set(Some(tuple.clone()));
        Some((self.empty.clone(), tuple))
    }
}

/// Makes a tuple of `None`.
fn nones(length: usize) -> Option<Owned> {
    // SAFETY: the tuple is new, and each of its items is set once, to a new reference.
    unsafe {
        let tuple = Owned::new(PyTuple_New(length as Py_ssize_t))?;
        for n in 0..length {
            PyTuple_SetItem(tuple.as_ptr(), n as Py_ssize_t, none().into_ptr());
        }
        Some(tuple)
    }
}

fn named(program: &Program, numbers: &mut Numbers) -> Option<(Owned, Owned)> {
    // SAFETY: both objects are new; numbers of groups are below the tuple's length.
    unsafe {
        let index = Owned::new(PyDict_New())?;
        let groups = nones(program.group_count() as usize + 1)?;
        for (name, group) in program.group_index() {
            let name = string(name)?;
            let number = numbers.get(group)?;
            if PyDict_SetItem(index.as_ptr(), name.as_ptr(), number) != 0 {
                return None;
            }
            PyTuple_SetItem(groups.as_ptr(), group as Py_ssize_t, name.into_ptr());
        }
        Some((index, groups))
    }
}
