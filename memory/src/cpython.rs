//! Measures the memory that CPython's compiler uses.

use std::time::Duration;

use serde::Deserialize;
use sre_case::wire::InterpreterInfo;
use sre_case::{Case, wire};
use sre_oracle::Reference;
use sre_oracle::child::Child;

/// Measures an interpreter's compiler: `re.compile` without its cache.
pub struct Cpython {
    info: InterpreterInfo,
    interpreter: Interpreter,
}

enum Interpreter {
    #[cfg(feature = "embedded")]
    Embedded(embedded::Measured),
    Process(Child),
}

/// The memory that CPython used for a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CpythonUsage {
    /// Number of blocks requested from its allocators, and their total size in bytes. Known only of
    /// the embedded interpreter.
    pub asked_for: Option<(u64, u64)>,
    /// Most bytes allocated at a time, by `tracemalloc`.
    pub peak: u64,
    /// Bytes allocated after compiling, while the pattern lives, by `tracemalloc`.
    pub retained: u64,
    /// Objects of these that only the collector frees.
    pub waiting_objects: u64,
    /// Bytes of these that only the collector frees.
    pub waiting: u64,
    /// Bytes that reference counting frees when the pattern is dropped.
    pub freed_with_pattern: u64,
    /// Bytes that the cache of `re` holds for the pattern, with its text.
    pub cached: u64,
    /// Bytes of these that are left after `re.purge()`.
    pub after_purge: u64,
}

/// The figures of `traced` in memory.py, in order.
type Traced = (u64, u64, u64, u64, u64, u64, u64);

impl CpythonUsage {
    fn new(traced: Traced, asked_for: Option<(u64, u64)>) -> CpythonUsage {
        let (peak, retained, waiting_objects, waiting, freed_with_pattern, cached, after_purge) = traced;
        CpythonUsage {
            asked_for,
            peak,
            retained,
            waiting_objects,
            waiting,
            freed_with_pattern,
            cached,
            after_purge,
        }
    }

    /// Returns the bytes that reference counting frees while the pattern is compiled: at least those above what
    /// remains.
    pub fn freed_while_compiling(&self) -> u64 {
        self.peak.saturating_sub(self.retained)
    }

    /// Returns the bytes that stay allocated when the pattern was dropped: tables and free lists.
    pub fn left(&self) -> u64 {
        self.retained.saturating_sub(self.waiting + self.freed_with_pattern)
    }
}

/// A reply of memory.py.
#[derive(Deserialize)]
struct Answer {
    traced: Option<Traced>,
}

const SOURCE: &str = include_str!("../python/memory.py");

/// The limit for one pattern.
const TIME_LIMIT: Duration = Duration::from_secs(60);

impl Cpython {
    /// Starts an interpreter.
    ///
    /// # Errors
    /// The reason why it does not start.
    pub fn start(reference: &Reference) -> Result<Cpython, String> {
        match reference {
            #[cfg(feature = "embedded")]
            Reference::Embedded => {
                let embedded = sre_oracle::Embedded::new().map_err(|error| error.to_string())?;
                let measured = embedded::Measured::new().map_err(|error| error.to_string())?;
                let info = embedded.info().clone();
                Ok(Cpython { info, interpreter: Interpreter::Embedded(measured) })
            }
            #[cfg(not(feature = "embedded"))]
            Reference::Embedded => Err("built without the `embedded` feature".to_owned()),
            Reference::Pair(pair) => Cpython::start(&Reference::Python(pair.reference.clone())),
            Reference::Python(python) => {
                let program = sre_oracle::python_program(SOURCE);
                let mut child = Child::start(&python.path, &program).map_err(|error| error.to_string())?;
                let info = wire::parse_info(&child.receive(TIME_LIMIT)?).map_err(|why| why.to_string())?;
                Ok(Cpython { info, interpreter: Interpreter::Process(child) })
            }
        }
    }

    /// Returns which Python it is.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// Compiles the case and returns the memory used; `None` if the case is rejected.
    ///
    /// # Errors
    /// If the interpreter does not reply.
    pub fn measure(&mut self, case: &Case) -> Result<Option<CpythonUsage>, String> {
        match &mut self.interpreter {
            #[cfg(feature = "embedded")]
            Interpreter::Embedded(measured) => measured.measure(case).map_err(|error| error.to_string()),
            Interpreter::Process(child) => {
                let mut line = Vec::new();
                wire::write_request(&mut line, case, false);
                line.push(b'\n');
                child.send(line);
                let answer = child.receive(TIME_LIMIT)?;
                let answer: Answer =
                    serde_json::from_slice(&answer).map_err(|why| format!("invalid reply: {why}"))?;
                Ok(answer.traced.map(|traced| CpythonUsage::new(traced, None)))
            }
        }
    }
}

impl std::fmt::Debug for Cpython {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cpython({})", self.info.label())
    }
}

#[cfg(feature = "embedded")]
mod embedded {
    use std::ffi::CString;

    use pyo3::prelude::*;
    use pyo3::types::PyBytes;

    use super::{CpythonUsage, SOURCE};
    use crate::hooks;
    use sre_case::{Case, Text, push_utf8};

    /// The functions of memory.py.
    pub(super) struct Measured {
        traced: Py<PyAny>,
        compiled: Py<PyAny>,
        nothing: Py<PyAny>,
    }

    impl Measured {
        pub(super) fn new() -> PyResult<Measured> {
            Python::attach(|py| {
                let source = CString::new([sre_oracle::PYTHON_SOURCE, SOURCE].concat())?;
                let module = PyModule::from_code(py, &source, c"memory.py", c"sre_memory")?;
                module.getattr("prepare")?.call0()?;
                let function = |name: &str| module.getattr(name).map(Bound::unbind);
                Ok(Measured {
                    traced: function("traced")?,
                    compiled: function("compiled")?,
                    nothing: function("nothing")?,
                })
            })
        }

        pub(super) fn measure(&self, case: &Case) -> PyResult<Option<CpythonUsage>> {
            Python::attach(|py| {
                let pattern = pattern_of(py, case)?;
                let arguments = (&pattern, case.flags.bits());
                let Some(traced) =
                    self.traced.bind(py).call1(arguments)?.extract::<Option<super::Traced>>()?
                else {
                    return Ok(None);
                };
                // The cost of the call itself is subtracted.
                let (call, calls, bytes_of_call) = hooks::count(py, || self.nothing.call1(py, arguments));
                let (compiled, allocations, bytes) = hooks::count(py, || self.compiled.call1(py, arguments));
                call.and(compiled)?;
                let asked_for = (allocations.saturating_sub(calls), bytes.saturating_sub(bytes_of_call));
                Ok(Some(CpythonUsage::new(traced, Some(asked_for))))
            })
        }
    }

    fn pattern_of<'py>(py: Python<'py>, case: &Case) -> PyResult<Bound<'py, PyAny>> {
        match &case.text {
            Text::Bytes(bytes) => Ok(PyBytes::new(py, bytes).into_any()),
            Text::Str(text) => {
                let mut utf8 = Vec::new();
                text.iter().for_each(|&c| push_utf8(&mut utf8, c));
                PyBytes::new(py, &utf8).call_method1("decode", ("utf-8", "surrogatepass"))
            }
        }
    }
}
