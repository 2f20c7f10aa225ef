//! Comparing sre-compiler with one interpreter.

use std::panic::AssertUnwindSafe;
use std::{fmt, panic, slice};

use sre_case::wire::{InterpreterInfo, Reads};
use sre_case::{Case, Cost, Oracle, Outcome};
use sre_compiler::Dialect;

use crate::divergence::{Divergence, PANIC, TestedPython, Verdict, compare};
use crate::pythons::Python;
use crate::run::{CannotCompare, Options, Reference};
use crate::rust_compiler::RustCompiler;
use crate::worker::{Watched, Worker};

/// Compares the outcomes of sre-compiler, or of a tested interpreter, and an interpreter for the
/// same cases.
pub struct Comparator {
    tested: Tested,
    cpython: Interpreter,
    info: InterpreterInfo,
    dialect: Dialect,
    debug: bool,
    /// The argument of `--pythons` for the interpreter.
    argument: String,
}

/// What is compared with the interpreter.
enum Tested {
    Rust(Box<RustCompiler>),
    Python { worker: Box<Worker>, side: TestedPython },
}

impl Tested {
    fn worker(&self) -> Option<&Worker> {
        match self {
            Tested::Rust(_) => None,
            Tested::Python { worker, .. } => Some(worker),
        }
    }
}

#[cfg_attr(not(feature = "embedded"), expect(clippy::large_enum_variant, reason = "never embedded then"))]
enum Interpreter {
    Embedded(crate::embedded::Embedded),
    Worker(Worker),
}

impl Tested {
    /// sre-compiler as the interpreter's dialect, or the one in the options.
    fn rust(info: &InterpreterInfo, options: Options) -> Result<(Tested, Dialect), CannotCompare> {
        let own = || info.dialect().map_err(|why| CannotCompare(format!("Python {}: {why}", info.label())));
        let dialect = options.dialect.map_or_else(own, Ok)?;
        let mut rust = RustCompiler::new(dialect);
        rust.set_debug(options.debug);
        Ok((Tested::Rust(Box::new(rust)), dialect))
    }
}

impl Interpreter {
    fn start(python: &Python, options: Options) -> Result<(Interpreter, InterpreterInfo), CannotCompare> {
        Interpreter::start_with(python, options, crate::PYTHON_SOURCE)
    }

    fn start_with(
        python: &Python,
        options: Options,
        program: &str,
    ) -> Result<(Interpreter, InterpreterInfo), CannotCompare> {
        let worker = start_worker(python, options, program)?;
        let info = worker.info().clone();
        Ok((Interpreter::Worker(worker), info))
    }

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
    /// If the interpreter does not start, or has no dialect and the options name none.
    pub fn start(reference: &Reference, options: Options) -> Result<Comparator, CannotCompare> {
        let (cpython, info) = match reference {
            Reference::Embedded => {
                let embedded = crate::run::embedded()?;
                let info = embedded.info().clone();
                (Interpreter::Embedded(embedded), info)
            }
            Reference::Python(python) => Interpreter::start(python, options)?,
            Reference::Pair(pair) => Interpreter::start(&pair.reference, options)?,
        };
        let tested = match reference {
            Reference::Pair(pair) => {
                let mut worker = start_worker(&pair.tested, options, crate::PYTHON_SOURCE)?;
                worker.set_debug(options.debug);
                let (label, argument) = (worker.info().label(), pair.tested.argument.clone());
                let dialect = worker.info().nearest_dialect();
                (Tested::Python { worker: Box::new(worker), side: TestedPython { label, argument } }, dialect)
            }
            Reference::Embedded | Reference::Python(_) => Tested::rust(&info, options)?,
        };
        Ok(Comparator::new(tested, (cpython, info), options, reference.argument()))
    }

    /// Starts an interpreter that can say what its refusals depend on.
    pub(crate) fn start_watched(python: &Python, options: Options) -> Result<Comparator, CannotCompare> {
        let program = crate::python_program(crate::PYTHON_WATCHED);
        let (cpython, info) = Interpreter::start_with(python, options, &program)?;
        let tested = Tested::rust(&info, options)?;
        Ok(Comparator::new(tested, (cpython, info), options, &python.argument))
    }

    fn new(
        (tested, dialect): (Tested, Dialect),
        (mut cpython, info): (Interpreter, InterpreterInfo),
        options: Options,
        argument: &str,
    ) -> Comparator {
        let debug = options.debug;
        cpython.oracle().set_debug(debug);
        Comparator { tested, cpython, info, dialect, debug, argument: argument.to_owned() }
    }

    /// Returns the outcomes of the interpreter, each with what it depends on, if that is known.
    pub(crate) fn watched_outcomes(
        &mut self,
        cases: &[Case],
        watched: Watched,
    ) -> Vec<(Outcome, Option<Reads>)> {
        match &mut self.cpython {
            Interpreter::Worker(worker) => worker.watched_outcomes(cases, watched),
            Interpreter::Embedded(embedded) => {
                embedded.outcomes(cases).into_iter().map(|outcome| (outcome, None)).collect()
            }
        }
    }

    /// Returns the outcomes of the interpreter.
    pub(crate) fn cpython_outcomes(&mut self, cases: &[Case]) -> Vec<Outcome> {
        self.cpython.oracle().outcomes(cases)
    }

    /// Returns the outcome of sre-compiler for a case, and the verdict on that of the interpreter.
    pub(crate) fn judge(&mut self, case: &Case, cpython: &Outcome) -> (Outcome, Verdict) {
        let rust = self.rust_outcome(case);
        let verdict = self.verdict_on(case, &rust, cpython);
        (rust, verdict)
    }

    /// Sets the argument of `--pythons` that divergences report.
    pub(crate) fn set_argument(&mut self, argument: &str) {
        argument.clone_into(&mut self.argument);
    }

    /// Returns the version and build of the interpreter.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// Returns the dialect of sre-compiler, or the one nearest to the tested interpreter.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns how often the process of an interpreter was replaced.
    pub fn replaced(&self) -> usize {
        self.cpython.replaced() + self.tested.worker().map_or(0, Worker::replaced)
    }

    /// Returns the processor time of the interpreters, as far as they are not part of this process.
    pub fn cost(&self) -> Cost {
        let mut cost = match &self.cpython {
            Interpreter::Embedded(embedded) => embedded.cost(),
            Interpreter::Worker(worker) => worker.cost(),
        };
        cost += self.tested.worker().map(Worker::cost).unwrap_or_default();
        cost
    }

    /// Returns the processor time of the interpreter since the last call, as far as it is not part
    /// of this process.
    pub(crate) fn take_cost(&mut self) -> Cost {
        match &mut self.cpython {
            Interpreter::Embedded(embedded) => embedded.cost(),
            Interpreter::Worker(worker) => worker.take_cost(),
        }
    }

    /// Compares the outcomes of a case.
    pub fn verdict(&mut self, case: &Case) -> Verdict {
        let mut verdict = Verdict::Equal;
        self.compare(slice::from_ref(case), |_, _, judged| verdict = judged);
        verdict
    }

    /// Compares the outcomes of a case including the texts of `re.DEBUG`, and returns the divergence,
    /// if there is one.
    pub fn full_divergence(&mut self, case: &Case) -> Option<Box<Divergence>> {
        let debug = self.debug;
        self.set_debug(true);
        let verdict = self.verdict(case);
        self.set_debug(debug);
        match verdict {
            Verdict::Divergent(divergence) => Some(divergence),
            _ => None,
        }
    }

    /// Selects whether outcomes include the texts of `re.DEBUG`.
    pub fn set_debug(&mut self, debug: bool) {
        self.debug = debug;
        self.cpython.oracle().set_debug(debug);
        match &mut self.tested {
            Tested::Rust(compiler) => compiler.set_debug(debug),
            Tested::Python { worker, .. } => worker.set_debug(debug),
        }
    }

    /// Compares the outcomes of several cases and passes each case to `each`, in order, with the
    /// outcome of sre-compiler, or of the tested interpreter, and the verdict.
    pub fn compare(&mut self, cases: &[Case], mut each: impl FnMut(&Case, &Outcome, Verdict)) {
        let cpython = self.cpython.oracle().outcomes(cases);
        let mut tested = match &mut self.tested {
            Tested::Python { worker, .. } => Some(worker.outcomes(cases).into_iter()),
            Tested::Rust(_) => None,
        };
        for (case, cpython) in cases.iter().zip(&cpython) {
            let rust = match &mut tested {
                Some(tested) => tested.next().unwrap_or(Outcome::NoAnswer { why: String::new() }),
                None => self.rust_outcome(case),
            };
            let verdict = self.verdict_on(case, &rust, cpython);
            each(case, &rust, verdict);
        }
    }

    fn verdict_on(&self, case: &Case, rust: &Outcome, cpython: &Outcome) -> Verdict {
        let mut verdict = compare(case, &self.info, self.dialect, rust, cpython);
        if let Verdict::Divergent(divergence) = &mut verdict {
            divergence.interpreter = Some(self.argument.clone());
            if let Tested::Python { side, .. } = &self.tested {
                divergence.tested = Some(side.clone());
            }
        }
        verdict
    }

    /// Returns the outcome of sre-compiler. A panic is caught and becomes an outcome.
    fn rust_outcome(&mut self, case: &Case) -> Outcome {
        let Tested::Rust(compiler) = &mut self.tested else {
            return Outcome::NoAnswer { why: "not sre-compiler".to_owned() };
        };
        panic::catch_unwind(AssertUnwindSafe(|| compiler.outcome(case))).unwrap_or_else(|payload| {
            **compiler = RustCompiler::new(self.dialect);
            compiler.set_debug(self.debug);
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("of unknown kind");
            Outcome::NoAnswer { why: format!("{PANIC}{text}") }
        })
    }
}

fn start_worker(python: &Python, options: Options, program: &str) -> Result<Worker, CannotCompare> {
    let mut worker = Worker::start_with(&python.path, program).map_err(CannotCompare)?;
    worker.set_time_limit(options.time_limit);
    Ok(worker)
}

impl fmt::Debug for Comparator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Comparator({}, {})", self.info.label(), self.dialect)
    }
}
