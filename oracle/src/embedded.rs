//! The interpreter that the build links, in process.

use std::ffi::CString;
use std::fmt;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};

use crate::case::{Case, Text, push_utf8};
use crate::outcome::{Accepted, Oracle, Outcome, Rejected, Warning};
use crate::text::PyText;
use crate::wire::Hello;

/// The interpreter that the build links.
///
/// There is one per process: several `Embedded` share it, and take turns.
pub struct Embedded {
    hello: Hello,
    module: Py<PyModule>,
    answer: Py<PyAny>,
    debug: bool,
    /// The pattern as UTF-8.
    utf8: Vec<u8>,
}

impl Embedded {
    /// Starts the interpreter, unless it runs already.
    ///
    /// # Errors
    /// If it has no compiler that is known: below 3.8, or without its library.
    pub fn new() -> PyResult<Embedded> {
        Python::attach(|py| {
            let source = CString::new(crate::PYTHON_SOURCE)?;
            let module = PyModule::from_code(py, &source, c"oracle.py", c"sre_oracle")?;
            module.getattr("record_warnings")?.call0()?;
            let hello = module.getattr("hello")?.call0()?;
            let item = |key: &str| hello.get_item(key);
            Ok(Embedded {
                hello: Hello {
                    version: item("version")?.extract::<[u32; 3]>()?.into(),
                    level: item("level")?.extract()?,
                    magic: item("magic")?.extract()?,
                    unidata: item("unidata")?.extract()?,
                    implementation: item("implementation")?.extract()?,
                    digits: item("digits")?.extract()?,
                },
                answer: module.getattr("answer")?.unbind(),
                module: module.unbind(),
                debug: false,
                utf8: Vec::new(),
            })
        })
    }

    /// Which Python it is.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Has two other functions asked instead of the interpreter's own `parse` and `_code`, such as these with marks in
    /// them ([`PYTHON_BRANCHES`](crate::PYTHON_BRANCHES)); until the next [`Embedded::new`].
    ///
    /// # Errors
    /// Never, but for want of memory.
    pub fn ask(&mut self, parse: &Bound<'_, PyAny>, code: &Bound<'_, PyAny>) -> PyResult<()> {
        let module = self.module.bind(parse.py());
        module.setattr("_parse", parse)?;
        module.setattr("_code", code)
    }
}

impl Oracle for Embedded {
    fn outcome(&mut self, case: &Case) -> Outcome {
        let (is_bytes, pattern) = match &case.text {
            Text::Bytes(bytes) => (true, bytes.as_slice()),
            Text::Str(text) => {
                self.utf8.clear();
                text.iter().for_each(|&c| push_utf8(&mut self.utf8, c));
                (false, self.utf8.as_slice())
            }
        };
        Python::attach(|py| {
            let arguments = (is_bytes, PyBytes::new(py, pattern), case.flags.bits(), self.debug);
            let answer = self.answer.bind(py).call1(arguments);
            answer.and_then(|answer| outcome_of(&answer)).unwrap_or_else(|error| Outcome::Lost {
                why: format!("the embedded interpreter raised {error}"),
            })
        })
    }

    fn set_debug(&mut self, debug: bool) {
        self.debug = debug;
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Embedded({:?})", self.hello)
    }
}

/// Reads the tuple that `answer` of oracle.py returns.
fn outcome_of(answer: &Bound<'_, PyAny>) -> PyResult<Outcome> {
    let answer = answer.cast::<PyTuple>()?;
    let item = |n: usize| answer.get_item(n);
    if item(0)?.is_none() {
        return Ok(Outcome::Rejected(Rejected {
            exception: item(1)?.extract()?,
            message: text(&item(2)?)?,
            pos: item(3)?.extract()?,
            lineno: item(4)?.extract()?,
            colno: item(5)?.extract()?,
            warnings: warnings(&item(6)?)?,
        }));
    }
    let words = item(0)?;
    let words = words.cast::<PyBytes>()?.as_bytes().chunks_exact(4);
    let names = item(3)?;
    Ok(Outcome::Accepted(Accepted {
        code: words.map(|word| u32::from_ne_bytes([word[0], word[1], word[2], word[3]])).collect(),
        flags: item(1)?.extract()?,
        groups: item(2)?.extract()?,
        group_index: if names.is_instance_of::<PyList>() { names.extract()? } else { Vec::new() },
        warnings: warnings(&item(4)?)?,
        tree: item(5)?.extract()?,
        dis: item(6)?.extract()?,
        taken: item(7)?.extract()?,
    }))
}

fn warnings(list: &Bound<'_, PyAny>) -> PyResult<Vec<Warning>> {
    // Most patterns give none, and then there is an empty tuple rather than a list.
    let Ok(list) = list.cast::<PyList>() else { return Ok(Vec::new()) };
    list.iter()
        .map(|item| {
            let (category, bytes): (String, Bound<'_, PyAny>) = item.extract()?;
            Ok(Warning { category, text: text(&bytes)? })
        })
        .collect()
}

fn text(bytes: &Bound<'_, PyAny>) -> PyResult<PyText> {
    let bytes = bytes.cast::<PyBytes>()?.as_bytes().to_vec();
    PyText::from_utf8(bytes).ok_or_else(|| pyo3::exceptions::PyValueError::new_err("a text is not UTF-8"))
}
