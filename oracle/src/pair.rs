//! Our compiler and an interpreter, side by side.

use std::panic::AssertUnwindSafe;
use std::{fmt, panic, slice};

use sre_case::wire::Hello;
use sre_case::{Case, Cost, Oracle, Outcome};
use sre_compiler::Dialect;

use crate::divergence::{Verdict, judge};
use crate::ours::Ours;
use crate::run::{CannotCompare, Options, Reference};
use crate::worker::Worker;

/// Our compiler and an interpreter, which are asked about the same cases.
pub struct Pair {
    ours: Ours,
    theirs: Theirs,
    hello: Hello,
    dialect: Dialect,
    debug: bool,
    /// What `--pythons` takes for the interpreter.
    argument: String,
}

#[cfg_attr(not(feature = "embedded"), expect(clippy::large_enum_variant, reason = "never embedded then"))]
enum Theirs {
    Embedded(crate::embedded::Embedded),
    Worker(Worker),
}

impl Theirs {
    fn oracle(&mut self) -> &mut dyn Oracle {
        match self {
            Theirs::Embedded(embedded) => embedded,
            Theirs::Worker(worker) => worker,
        }
    }

    fn replaced(&self) -> usize {
        match self {
            Theirs::Embedded(_) => 0,
            Theirs::Worker(worker) => worker.replaced(),
        }
    }
}

impl Pair {
    /// Starts the interpreter, and our compiler for its dialect, or for the one that the options name.
    ///
    /// # Errors
    /// If the interpreter does not start, or has no dialect.
    pub fn start(reference: &Reference, options: Options) -> Result<Pair, CannotCompare> {
        let (mut theirs, hello) = match reference {
            Reference::Embedded => {
                let embedded = crate::run::embedded()?;
                let hello = embedded.hello().clone();
                (Theirs::Embedded(embedded), hello)
            }
            Reference::Python(python) => {
                let mut worker = Worker::start(&python.path).map_err(CannotCompare)?;
                worker.set_time_limit(options.time_limit);
                let hello = worker.hello().clone();
                (Theirs::Worker(worker), hello)
            }
        };
        theirs.oracle().set_debug(options.debug);
        let label = hello.label();
        let own = hello.dialect().map_err(|why| CannotCompare(format!("Python {label}: {why}")))?;
        let dialect = options.dialect.unwrap_or(own);
        let mut ours = Ours::new(dialect);
        ours.set_debug(options.debug);
        let argument = reference.argument().to_owned();
        Ok(Pair { ours, theirs, hello, dialect, debug: options.debug, argument })
    }

    /// What `--pythons` takes for the interpreter that it stands for, which divergences name.
    pub(crate) fn set_argument(&mut self, argument: &str) {
        argument.clone_into(&mut self.argument);
    }

    /// Which Python it is.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// What our compiler is asked to be.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// How often the interpreter's process had to be replaced.
    pub fn replaced(&self) -> usize {
        self.theirs.replaced()
    }

    /// What the interpreter cost, as far as it is no part of what this process did.
    pub fn cost(&self) -> Cost {
        match &self.theirs {
            Theirs::Embedded(embedded) => embedded.cost(),
            Theirs::Worker(worker) => worker.cost(),
        }
    }

    /// Compares the outcomes of a case.
    pub fn verdict(&mut self, case: &Case) -> Verdict {
        let mut verdict = Verdict::Same;
        self.compare(slice::from_ref(case), |_, _, judged| verdict = judged);
        verdict
    }

    /// Compares the outcomes of several cases; `each` gets every case with our outcome and the verdict, in order.
    pub fn compare(&mut self, cases: &[Case], mut each: impl FnMut(&Case, &Outcome, Verdict)) {
        let theirs = self.theirs.oracle().outcomes(cases);
        for (case, theirs) in cases.iter().zip(&theirs) {
            let ours = self.our_outcome(case);
            let mut verdict = judge(case, &self.hello, self.dialect, &ours, theirs);
            if let Verdict::Different(divergence) = &mut verdict {
                divergence.interpreter = Some(self.argument.clone());
            }
            each(case, &ours, verdict);
        }
    }

    /// Our outcome; a panic is one, too, and ends nothing.
    fn our_outcome(&mut self, case: &Case) -> Outcome {
        panic::catch_unwind(AssertUnwindSafe(|| self.ours.outcome(case))).unwrap_or_else(|payload| {
            self.ours = Ours::new(self.dialect);
            self.ours.set_debug(self.debug);
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("of unknown kind");
            Outcome::Lost { why: format!("panic: {text}") }
        })
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pair({}, {})", self.hello.label(), self.dialect)
    }
}
