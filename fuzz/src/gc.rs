//! The embedded interpreter's garbage.
//!
//! Some of what CPython allocates is freed only when it collects its garbage, some inputs later.
//! libFuzzer then sees more memory allocated than freed, has the leak sanitizer search all memory (10
//! ms each time), and after a thousand such false alarms stops looking for leaks. Collecting the
//! youngest generation after each input avoids them.

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
