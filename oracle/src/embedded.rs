//! The interpreter that the build links, in process.

mod library;
mod start;

use std::ffi::CString;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fmt, slice};

use pyo3::prelude::*;
use pyo3::sync::MutexExt as _;
use pyo3::types::{PyBytes, PyList, PyTuple};
use sre_case::wire::InterpreterInfo;
use sre_case::{Accepted, Case, Cost, Oracle, Outcome, PyText, Rejected, Text, Warning, push_utf8};

use crate::pythons;

/// The interpreter that the build links.
///
/// There is one interpreter per process. Several `Embedded` share it and take turns.
pub struct Embedded {
    info: InterpreterInfo,
    module: Py<PyModule>,
    answers: Py<PyAny>,
    debug: bool,
    cost: Cost,
    /// The pattern as UTF-8.
    utf8: Vec<u8>,
}

/// Why the embedded interpreter does not start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CannotStart(String);

impl fmt::Display for CannotStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CannotStart {}

/// Held while the interpreter compiles a batch. It may switch threads in the middle of a pattern,
/// and warnings are recorded in one list.
static TURN: Mutex<()> = Mutex::new(());

fn take_turn(py: Python<'_>) -> MutexGuard<'static, ()> {
    TURN.lock_py_attached(py).unwrap_or_else(PoisonError::into_inner)
}

impl Embedded {
    /// Whether the build links an interpreter.
    pub const IS_LINKED: bool = true;

    /// Starts the interpreter, unless it is already running. It is isolated from the settings and
    /// modules of the user.
    ///
    /// # Errors
    /// If the interpreter, or a file of its library, has changed since the build, or was loaded from
    /// another place.
    pub fn new() -> Result<Embedded, CannotStart> {
        start::start().map_err(CannotStart)?;
        let linked = start::linked().map_err(CannotStart)?;
        Python::attach(|py| {
            let embedded = Embedded::define(py).map_err(|error| CannotStart(error.to_string()))?;
            library::check_modules(py, linked.files).map_err(CannotStart)?;
            Ok(embedded)
        })
    }

    /// Runs oracle.py and asks for version and build.
    fn define(py: Python<'_>) -> PyResult<Embedded> {
        let _turn = take_turn(py);
        let source = CString::new(crate::PYTHON_SOURCE)?;
        let module = PyModule::from_code(py, &source, c"oracle.py", c"sre_oracle")?;
        module.getattr("record_warnings")?.call0()?;
        let info = module.getattr("hello")?.call0()?;
        let item = |key: &str| info.get_item(key);
        Ok(Embedded {
            info: InterpreterInfo {
                version: item("version")?.extract::<[u32; 3]>()?.into(),
                level: item("level")?.extract()?,
                magic: item("magic")?.extract()?,
                unidata: item("unidata")?.extract()?,
                implementation: item("implementation")?.extract()?,
                digits: item("digits")?.extract()?,
            },
            answers: module.getattr("answers")?.unbind(),
            module: module.unbind(),
            debug: false,
            cost: Cost::default(),
            utf8: Vec::new(),
        })
    }

    /// Returns the interpreter's version and build.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// Replaces the interpreter's `parse` and `_code`, for example by the same functions with marks
    /// ([`PYTHON_BRANCHES`](crate::PYTHON_BRANCHES)), until the next [`Embedded::new`].
    ///
    /// # Errors
    /// Only if memory runs out.
    pub fn ask(&mut self, parse: &Bound<'_, PyAny>, code: &Bound<'_, PyAny>) -> PyResult<()> {
        let module = self.module.bind(parse.py());
        module.setattr("_parse", parse)?;
        module.setattr("_code", code)
    }

    /// Returns the hash of its sources of `re`, as that of a [`pythons::Python`]; `None` if they cannot
    /// be read.
    pub fn sources(&self) -> Option<u64> {
        let read = |py: Python<'_>| {
            let _turn = take_turn(py);
            let code = CString::new(pythons::sources::function())?;
            let module = PyModule::from_code(py, &code, c"sources.py", c"sre_oracle_sources")?;
            module.getattr("sources")?.call0()?.extract::<Option<String>>()
        };
        Python::attach(read).ok().flatten().as_deref().map(pythons::sources::hash)
    }

    /// Returns the warning that a comparison with this interpreter begins with, if its sources of `re`
    /// are of no version that sre-compiler was compared with.
    pub fn warning(&self) -> Option<String> {
        pythons::sources::warning(&self.info, self.sources(), "embedded")
    }

    /// Returns the processor time of compiling. The time of all else is that of this process.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Returns the executable of the same Python, if it still exists.
    pub fn executable(&self) -> Option<std::path::PathBuf> {
        self.matching_executable().map(|python| python.path)
    }

    /// Returns the same Python as an executable, if it still exists.
    pub(crate) fn matching_executable(&self) -> Option<pythons::Python> {
        let executable = start::linked().ok()?.executable;
        pythons::probe(executable.as_ref()).ok().filter(|python| python.info == self.info)
    }

    fn try_outcomes(&mut self, py: Python<'_>, cases: &[Case]) -> PyResult<Vec<Outcome>> {
        let utf8 = &mut self.utf8;
        let cases: Vec<_> = cases
            .iter()
            .map(|case| match &case.text {
                Text::Bytes(bytes) => (true, PyBytes::new(py, bytes), case.flags.bits()),
                Text::Str(text) => {
                    utf8.clear();
                    text.iter().for_each(|&c| push_utf8(utf8, c));
                    (false, PyBytes::new(py, utf8), case.flags.bits())
                }
            })
            .collect();
        let answer = {
            let _turn = take_turn(py);
            self.answers.bind(py).call1((cases, self.debug))?
        };
        let (answers, nanoseconds): (Bound<'_, PyList>, u64) = answer.extract()?;
        self.cost.reference += Duration::from_nanos(nanoseconds);
        answers.iter().map(|answer| outcome_of(&answer)).collect()
    }
}

impl Oracle for Embedded {
    fn outcome(&mut self, case: &Case) -> Outcome {
        let lost = |why| Outcome::NoAnswer { why };
        Python::attach(|py| match self.try_outcomes(py, slice::from_ref(case)) {
            Ok(mut outcomes) => outcomes.pop().unwrap_or_else(|| lost("no answer".to_owned())),
            Err(error) => lost(format!("the embedded interpreter raised {error}")),
        })
    }

    fn outcomes(&mut self, cases: &[Case]) -> Vec<Outcome> {
        let outcomes = Python::attach(|py| self.try_outcomes(py, cases));
        outcomes.unwrap_or_else(|_| cases.iter().map(|case| self.outcome(case)).collect())
    }

    fn set_debug(&mut self, debug: bool) {
        self.debug = debug;
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Embedded({:?})", self.info)
    }
}

/// Reads one of the tuples that `answers` of oracle.py returns.
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
        valid: item(7)?.extract()?,
    }))
}

fn warnings(list: &Bound<'_, PyAny>) -> PyResult<Vec<Warning>> {
    // Without warnings, which is the usual case, this is an empty tuple instead of a list.
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
