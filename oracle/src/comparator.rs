//! Our compiler and an interpreter, side by side.

use std::panic::AssertUnwindSafe;
use std::{fmt, panic, slice};

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Cost, Oracle, Outcome};
use sre_compiler::Dialect;

use crate::divergence::{Verdict, compare};
use crate::run::{CannotCompare, Options, Reference};
use crate::rust_compiler::RustCompiler;
use crate::worker::Worker;

/// Our compiler and an interpreter, which are asked about the same cases.
pub struct Comparator {
    rust: RustCompiler,
    cpython: Interpreter,
    info: InterpreterInfo,
    dialect: Dialect,
    debug: bool,
    /// What `--pythons` takes for the interpreter.
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
    /// Starts the interpreter, and our compiler for its dialect, or for the one that the options name.
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

    /// What `--pythons` takes for the interpreter that it stands for, which divergences name.
    pub(crate) fn set_argument(&mut self, argument: &str) {
        argument.clone_into(&mut self.argument);
    }

    /// Which Python it is.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// What our compiler is asked to be.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How often the interpreter's process had to be replaced.
    pub fn replaced(&self) -> usize {
        self.cpython.replaced()
    }

    /// What the interpreter cost, as far as it is no part of what this process did.
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

    /// Compares the outcomes of several cases; `each` gets every case with our outcome and the verdict, in order.
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

    /// Our outcome; a panic is one, too, and ends nothing.
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
        write!(f, "Pair({}, {})", self.info.label(), self.dialect)
    }
}
