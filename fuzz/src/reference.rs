//! The CPython to compare with: the linked interpreter, or otherwise `python3` as a child process.

use std::path::PathBuf;

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Oracle, Outcome};
use sre_compiler::Dialect;

#[cfg(feature = "embedded")]
use crate::cpython_coverage::CpythonCoverage;
use crate::gc::Garbage;
use crate::stats::{Side, timed};

#[cfg(feature = "embedded")]
type Interpreter = sre_oracle::Embedded;
#[cfg(not(feature = "embedded"))]
type Interpreter = sre_oracle::Worker;

/// The interpreter to compare with.
#[derive(Debug)]
pub(crate) struct Reference {
    interpreter: Interpreter,
    #[cfg(feature = "embedded")]
    coverage: Option<CpythonCoverage>,
    garbage: Garbage,
}

impl Reference {
    /// Starts the interpreter.
    pub(crate) fn new() -> Result<Reference, String> {
        #[cfg(feature = "embedded")]
        let mut interpreter = sre_oracle::Embedded::new().map_err(|error| error.to_string())?;
        #[cfg(not(feature = "embedded"))]
        let interpreter = sre_oracle::Worker::start("python3".as_ref())?;
        Ok(Reference {
            #[cfg(feature = "embedded")]
            coverage: CpythonCoverage::from_environment(&mut interpreter)?,
            interpreter,
            garbage: Garbage::new()?,
        })
    }

    /// Returns version and build of the interpreter, and its dialect.
    pub(crate) fn about(&self) -> Result<(InterpreterInfo, Dialect), String> {
        let info = self.interpreter.info().clone();
        let dialect = info.dialect().map_err(|why| format!("CPython {}: {why}", info.label()))?;
        Ok((info, dialect))
    }

    /// Returns the warning that a comparison with the interpreter begins with, if there is one.
    pub(crate) fn warning(&self) -> Option<String> {
        self.interpreter.warning()
    }

    /// Returns the executable of the interpreter, if there is one.
    pub(crate) fn executable(&self) -> Option<PathBuf> {
        self.interpreter.executable()
    }

    /// Selects whether outcomes include the tree and the disassembly.
    pub(crate) fn set_debug(&mut self, debug: bool) {
        self.interpreter.set_debug(debug);
    }

    /// Returns the outcome of a case, and for a share of them passes the coverage to libFuzzer. The
    /// hash of the case decides, since libFuzzer expects the same coverage of the same input.
    #[cfg_attr(not(feature = "embedded"), expect(unused_variables, reason = "there is no coverage"))]
    pub(crate) fn outcome(&mut self, case: &Case, hash: u32) -> Outcome {
        timed(Side::Cpython, || {
            #[cfg(feature = "embedded")]
            if let Some(Err(error)) =
                self.coverage.as_mut().map(|coverage| coverage.select(&mut self.interpreter, hash))
            {
                return Outcome::NoAnswer { why: format!("selecting CPython's compiler raised {error}") };
            }
            let outcome = self.interpreter.outcome(case);
            self.garbage.collect();
            #[cfg(feature = "embedded")]
            if let Some(Err(error)) = self.coverage.as_ref().map(CpythonCoverage::tell) {
                return Outcome::NoAnswer { why: format!("reading CPython's coverage raised {error}") };
            }
            outcome
        })
    }
}
