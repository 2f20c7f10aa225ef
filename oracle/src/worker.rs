//! An interpreter as a child process.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, iter, slice};

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Cost, Oracle, Outcome, wire};
use sre_support::visible::Shown;

use crate::child::Child;
use crate::pythons;

/// An interpreter as a child process, asked in batches over pipes.
///
/// Should it die, hang or write nonsense, it is replaced, and asked for the cases of the batch one by one. The outcome of
/// a case that it stops at twice is [`Outcome::NoAnswer`]; the others get their answers.
pub struct Worker {
    python: PathBuf,
    program: String,
    info: InterpreterInfo,
    child: Option<Child>,
    time_limit: Duration,
    debug: bool,
    replaced: usize,
    cost: Cost,
}

/// How many cases are asked at a time: enough that what a question costs is small for each, few enough that one that the
/// interpreter stops at does not cost much.
pub(crate) const BATCH: usize = 128;

/// How many characters the patterns of a batch have, a single one apart: bounds the memory that an answer takes.
const BATCH_LENGTH: usize = 1 << 16;

/// How long an interpreter may take to start.
const START_LIMIT: Duration = Duration::from_secs(30);

impl Worker {
    /// Starts an interpreter.
    ///
    /// # Errors
    /// Says why it does not start.
    pub fn start(python: &Path) -> Result<Worker, String> {
        Worker::start_with(python, crate::PYTHON_SOURCE)
    }

    /// Starts an interpreter that runs another program than [`PYTHON_SOURCE`](crate::PYTHON_SOURCE): one that
    /// misbehaves, in a test.
    ///
    /// # Errors
    /// Says why it does not start.
    pub fn start_with(python: &Path, program: &str) -> Result<Worker, String> {
        let (child, info) = start(python, program)?;
        Ok(Worker {
            python: python.to_owned(),
            program: program.to_owned(),
            info,
            child: Some(child),
            time_limit: Duration::from_secs(30),
            debug: false,
            replaced: 0,
            cost: Cost::default(),
        })
    }

    /// How long a single case may take; 30 seconds unless it is set.
    pub fn set_time_limit(&mut self, limit: Duration) {
        self.time_limit = limit;
    }

    /// Which Python it is.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// What was started.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    /// The executable, with links followed, if it still is where it was.
    pub fn executable(&self) -> Option<PathBuf> {
        pythons::probe(&self.python).ok().map(|python| python.path)
    }

    /// How often the process had to be replaced.
    pub fn replaced(&self) -> usize {
        self.replaced
    }

    /// What its answers cost.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Asks for the outcomes of the cases, all at once. If it fails, the process is gone.
    fn ask(&mut self, cases: &[Case]) -> Result<Vec<Outcome>, String> {
        let answer = self.try_to_ask(cases);
        if answer.is_err() {
            self.child = None;
            self.replaced += 1;
        }
        answer
    }

    fn try_to_ask(&mut self, cases: &[Case]) -> Result<Vec<Outcome>, String> {
        let child = match &mut self.child {
            Some(child) => child,
            none => {
                let (child, info) = start(&self.python, &self.program)?;
                if info != self.info {
                    return Err(format!("{} is another Python than before", self.python.shown()));
                }
                none.insert(child)
            }
        };
        let mut line = Vec::new();
        wire::write_batch(&mut line, cases, self.debug);
        line.push(b'\n');
        child.send(line);
        let answer = child.receive(self.time_limit)?;
        let batch = wire::parse_batch(&answer).map_err(|why| format!("its answer is none: {why}"))?;
        if batch.outcomes.len() != cases.len() {
            return Err("its answer is one to other cases".to_owned());
        }
        self.cost += batch.cost;
        Ok(batch.outcomes)
    }

    /// The outcome of a case that a process may have stopped at. It is asked once more: the reason may have come from
    /// outside.
    fn ask_alone(&mut self, case: &Case) -> Outcome {
        let cases = slice::from_ref(case);
        let answer = self.ask(cases).or_else(|_| self.ask(cases));
        let lost = |why| Outcome::NoAnswer { why };
        answer
            .map_or_else(lost, |mut outcomes| outcomes.pop().unwrap_or_else(|| lost("no answer".to_owned())))
    }
}

/// Parts of some cases that can be asked at once.
fn batches(mut cases: &[Case]) -> impl Iterator<Item = &[Case]> {
    iter::from_fn(move || {
        let mut length = 0;
        let fits = |case: &&Case| {
            length += case.len();
            length < BATCH_LENGTH
        };
        let count = cases.iter().take(BATCH).take_while(fits).count();
        let (batch, others) = cases.split_at(count.max(1).min(cases.len()));
        cases = others;
        (!batch.is_empty()).then_some(batch)
    })
}

fn start(python: &Path, program: &str) -> Result<(Child, InterpreterInfo), String> {
    let failed = |why: String| format!("{} did not start: {why}", python.shown());
    let mut child = Child::start(python, program).map_err(|error| failed(error.to_string()))?;
    let line = child.receive(START_LIMIT).map_err(failed)?;
    let info = wire::parse_info(&line).map_err(|error| failed(error.to_string()))?;
    Ok((child, info))
}

impl Oracle for Worker {
    fn outcome(&mut self, case: &Case) -> Outcome {
        let lost = || Outcome::NoAnswer { why: "no answer".to_owned() };
        self.outcomes(slice::from_ref(case)).pop().unwrap_or_else(lost)
    }

    fn outcomes(&mut self, cases: &[Case]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(cases.len());
        for cases in batches(cases) {
            match self.ask(cases) {
                Ok(answers) => outcomes.extend(answers),
                Err(_) => outcomes.extend(cases.iter().map(|case| self.ask_alone(case))),
            }
        }
        outcomes
    }

    fn set_debug(&mut self, debug: bool) {
        self.debug = debug;
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Worker({}, {})", self.python.shown(), self.info.label())
    }
}
