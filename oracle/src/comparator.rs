//! Comparing sre-compiler with one interpreter.

use std::panic::AssertUnwindSafe;
use std::{fmt, panic, slice};

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Cost, Oracle, Outcome};
use sre_compiler::Dialect;

use crate::divergence::{Verdict, compare};
use crate::run::{CannotCompare, Options, Reference};
use crate::rust_compiler::RustCompiler;
use crate::worker::Worker;

/// Compares the outcomes of sre-compiler and an interpreter for the same cases.
pub struct Comparator {
    rust: RustCompiler,
    cpython: Interpreter,
    info: InterpreterInfo,
    dialect: Dialect,
    debug: bool,
    /// The argument of `--pythons` for the interpreter.
    argument: String,
}

#[cfg_attr(not(feature = "embedded"), expect(clippy::large_enum_variant, reason = "never embedded then"))]
enum Interpreter {
    Embedded(crate::embedded::Embedded),
    Worker(Worker),
}

impl Interpreter {
    fn oracle(&mut self) -> &mut dyn Oracle {
        match self {
            Interpreter::Embedded(embedded) => embedded,
            Interpreter::Worker(worker) => worker,
        }
    }

    fn replaced(&self) -> usize {
        match self {
            Interpreter::Embedded(_) => 0,
            Interpreter::Worker(worker) => worker.replaced(),
        }
    }
}

impl Comparator {
    /// Starts the interpreter, and sre-compiler for its dialect or the one in the options.
    ///
    /// # Errors
    /// If the interpreter does not start, or has no dialect.
    pub fn start(reference: &Reference, options: Options) -> Result<Comparator, CannotCompare> {
        let (mut cpython, info) = match reference {
            Reference::Embedded => {
                let embedded = crate::run::embedded()?;
                let info = embedded.info().clone();
                (Interpreter::Embedded(embedded), info)
            }
            Reference::Python(python) => {
                let mut worker = Worker::start(&python.path).map_err(CannotCompare)?;
                worker.set_time_limit(options.time_limit);
                let info = worker.info().clone();
                (Interpreter::Worker(worker), info)
            }
        };
        cpython.oracle().set_debug(options.debug);
        let label = info.label();
        let own = info.dialect().map_err(|why| CannotCompare(format!("Python {label}: {why}")))?;
        let dialect = options.dialect.unwrap_or(own);
        let mut rust = RustCompiler::new(dialect);
        rust.set_debug(options.debug);
        let argument = reference.argument().to_owned();
        Ok(Comparator { rust, cpython, info, dialect, debug: options.debug, argument })
    }

    /// Sets the argument of `--pythons` that divergences report.
    pub(crate) fn set_argument(&mut self, argument: &str) {
        argument.clone_into(&mut self.argument);
    }

    /// Returns the version and build of the interpreter.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// Returns the dialect of sre-compiler.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns how often the interpreter's process was replaced.
    pub fn replaced(&self) -> usize {
        self.cpython.replaced()
    }

    /// Returns the processor time of the interpreter, as far as it is not part of this process.
    pub fn cost(&self) -> Cost {
        match &self.cpython {
            Interpreter::Embedded(embedded) => embedded.cost(),
            Interpreter::Worker(worker) => worker.cost(),
        }
    }

    /// Compares the outcomes of a case.
    pub fn verdict(&mut self, case: &Case) -> Verdict {
        let mut verdict = Verdict::Equal;
        self.compare(slice::from_ref(case), |_, _, judged| verdict = judged);
        verdict
    }

    /// Compares the outcomes of several cases and passes each case to `each`, in order, with the
    /// outcome of sre-compiler and the verdict.
    pub fn compare(&mut self, cases: &[Case], mut each: impl FnMut(&Case, &Outcome, Verdict)) {
        let cpython = self.cpython.oracle().outcomes(cases);
        for (case, cpython) in cases.iter().zip(&cpython) {
            let rust = self.rust_outcome(case);
            let mut verdict = compare(case, &self.info, self.dialect, &rust, cpython);
            if let Verdict::Divergent(divergence) = &mut verdict {
                divergence.interpreter = Some(self.argument.clone());
            }
            each(case, &rust, verdict);
        }
    }

    /// Returns the outcome of sre-compiler. A panic is caught and becomes an outcome.
    fn rust_outcome(&mut self, case: &Case) -> Outcome {
        panic::catch_unwind(AssertUnwindSafe(|| self.rust.outcome(case))).unwrap_or_else(|payload| {
            self.rust = RustCompiler::new(self.dialect);
            self.rust.set_debug(self.debug);
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("of unknown kind");
            Outcome::NoAnswer { why: format!("panic: {text}") }
        })
    }
}

impl fmt::Debug for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Comparator({}, {})", self.info.label(), self.dialect)
    }
}
