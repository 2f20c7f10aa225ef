//! The embedded interpreter's garbage.
//!
//! What a refused pattern raises refers to itself, and is freed only when CPython collects its garbage, some inputs
//! later. libFuzzer sees more allocated than freed, has the leak sanitizer look through all memory (10 ms each time),
//! and after a thousand such false alarms gives up looking for leaks. With the youngest garbage collected after each
//! input there are none: it looks rarely, and to the end.

#[cfg(feature = "embedded")]
use pyo3::prelude::*;

/// Collects the garbage of the embedded interpreter; without one there is nothing to do.
#[derive(Debug)]
pub(crate) struct Garbage {
    #[cfg(feature = "embedded")]
    collect: Py<PyAny>,
}

#[cfg(feature = "embedded")]
impl Garbage {
    pub(crate) fn new() -> Result<Garbage, String> {
        let collect = Python::attach(|py| py.import("gc")?.getattr("collect").map(Bound::unbind));
        collect.map(|collect| Garbage { collect }).map_err(|error| error.to_string())
    }

    /// Collects the youngest generation, which takes a microsecond or two.
    pub(crate) fn collect(&self) {
        // It does not fail; if it did, there would only be more garbage.
        let _ = Python::attach(|py| self.collect.call1(py, (0,)).map(drop));
    }
}

#[cfg(not(feature = "embedded"))]
impl Garbage {
    pub(crate) fn new() -> Result<Garbage, String> {
        Ok(Garbage {})
    }

    pub(crate) fn collect(&self) {}
}
