//! CPython's own compiler, in the interpreter that the build links.

use std::ffi::CStr;

use anyhow::{Context, Result};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use sre_case::wire;
use sre_compiler::Dialect;
use sre_oracle::Embedded;

use super::Engine;
use crate::sample::Sample;

pub(super) const NAME: &str = super::CPYTHON;

/// The interpreter. Python itself takes the times, so that calling it from Rust does not count.
pub(super) struct CPython {
    module: Py<PyModule>,
}

/// Returns the dialect of the interpreter.
pub(super) fn dialect() -> Result<Dialect> {
    let embedded = Embedded::new().context("the embedded interpreter does not start")?;
    Ok(embedded.info().dialect()?)
}

impl CPython {
    pub(super) fn new() -> Result<CPython> {
        // Loads the module that passes.py imports the compiler's functions from.
        dialect()?;
        let source = concat!(include_str!("../../python/passes.py"), "\0");
        let source = CStr::from_bytes_with_nul(source.as_bytes())?;
        let module = Python::attach(|py| {
            PyModule::from_code(py, source, c"passes.py", c"sre_bench_passes").map(Bound::unbind)
        })?;
        Ok(CPython { module })
    }

    fn call<T: for<'p> FromPyObject<'p, 'p, Error = PyErr>>(
        &self,
        function: &str,
        which: &[u32],
    ) -> Result<T> {
        Python::attach(|py| Ok(self.module.bind(py).getattr(function)?.call1((which,))?.extract()?))
    }
}

impl Engine for CPython {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> String {
        let build = Python::attach(|py| self.module.bind(py).getattr("about")?.call0()?.extract::<String>());
        format!("CPython {}", build.unwrap_or_default())
    }

    fn load(&mut self, samples: &[Sample]) -> Result<Vec<bool>> {
        let mut lines = Vec::new();
        for sample in samples {
            wire::write_request(&mut lines, &sample.case, false);
            lines.push(b'\n');
        }
        Python::attach(|py| {
            let load = self.module.bind(py).getattr("load")?;
            Ok(load.call1((PyBytes::new(py, &lines),))?.extract()?)
        })
    }

    fn pass(&mut self, which: &[u32]) -> Result<u64> {
        self.call("one_pass", which)
    }

    fn each(&mut self, which: &[u32]) -> Result<Vec<u64>> {
        self.call("each", which)
    }
}
