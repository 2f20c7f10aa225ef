//! An interpreter as a child process.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fmt, iter, mem, slice};

use sre_case::wire::{Batch, InterpreterInfo, Reads};
use sre_case::{Case, Cost, Oracle, Outcome, wire};
use sre_support::visible::Shown;

use crate::child::Child;
use crate::pythons;

/// An interpreter in a child process, which receives cases in batches over pipes.
///
/// If the process dies, hangs or writes an invalid reply, it is replaced, and the cases of the
/// batch are retried one by one. The outcome of a case that fails twice is [`Outcome::NoAnswer`].
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

/// Number of cases in a batch: enough to amortize the cost of a round trip, but few enough to
/// retry.
pub(crate) const BATCH: usize = 128;

/// Limit of characters in a batch of several patterns, which bounds the memory of a reply.
const BATCH_LENGTH: usize = 1 << 16;

/// Time limit for the start of an interpreter.
const START_LIMIT: Duration = Duration::from_secs(60);

impl Worker {
    /// Starts an interpreter.
    ///
    /// # Errors
    /// If it does not start, the reason.
    pub fn start(python: &Path) -> Result<Worker, String> {
        Worker::start_with(python, crate::PYTHON_SOURCE)
    }

    /// Starts an interpreter that runs `program` instead of
    /// [`PYTHON_SOURCE`](crate::PYTHON_SOURCE), such as one that misbehaves in a test.
    ///
    /// # Errors
    /// If it does not start, the reason.
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

    /// Sets the time limit for a single case, which is 30 seconds by default.
    pub fn set_time_limit(&mut self, limit: Duration) {
        self.time_limit = limit;
    }

    /// Returns the interpreter's version and build.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// Returns the executable that was started.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    /// Returns the executable with symbolic links resolved, if it still exists.
    pub fn executable(&self) -> Option<PathBuf> {
        pythons::probe(&self.python).ok().map(|python| python.path)
    }

    /// Returns the warning that a comparison with this interpreter begins with, if its sources of `re`
    /// are of no version that sre-compiler was compared with.
    pub fn warning(&self) -> Option<String> {
        pythons::probe(&self.python).ok()?.warning()
    }

    /// Returns how often the process was replaced.
    pub fn replaced(&self) -> usize {
        self.replaced
    }

    /// Returns the processor time of all replies so far.
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Returns the processor time of all replies since the last call.
    pub(crate) fn take_cost(&mut self) -> Cost {
        mem::take(&mut self.cost)
    }

    /// Returns the outcomes of cases, each with what it depends on, if it is a refusal and that is
    /// known.
    pub(crate) fn watched_outcomes(
        &mut self,
        cases: &[Case],
        watched: Watched,
    ) -> Vec<(Outcome, Option<Reads>)> {
        let mut outcomes = Vec::with_capacity(cases.len());
        for cases in batches(cases) {
            match self.ask_batch(cases, Some(watched)) {
                Ok(batch) => outcomes.extend(batch.outcomes.into_iter().zip(batch.reads)),
                Err(_) => outcomes.extend(cases.iter().map(|case| (self.ask_alone(case), None))),
            }
        }
        outcomes
    }

    /// Requests the outcomes of the cases in one batch. On failure, the process is dropped.
    fn ask(&mut self, cases: &[Case]) -> Result<Vec<Outcome>, String> {
        Ok(self.ask_batch(cases, None)?.outcomes)
    }

    fn ask_batch(&mut self, cases: &[Case], watched: Option<Watched>) -> Result<Batch, String> {
        let answer = self.try_to_ask(cases, watched);
        if answer.is_err() {
            self.child = None;
            self.replaced += 1;
        }
        answer
    }

    fn try_to_ask(&mut self, cases: &[Case], watched: Option<Watched>) -> Result<Batch, String> {
        let child = match &mut self.child {
            Some(child) => child,
            none => {
                let (child, info) = start(&self.python, &self.program)?;
                if info != self.info {
                    return Err(format!("{} is now a different Python", self.python.shown()));
                }
                none.insert(child)
            }
        };
        let mut line = Vec::new();
        if watched.is_some() {
            line.extend_from_slice(b"{\"watched\": ");
        }
        wire::write_batch(&mut line, cases, self.debug);
        if let Some(Watched { end }) = watched {
            line.extend_from_slice(format!(", \"watches_end\": {end}}}").as_bytes());
        }
        line.push(b'\n');
        child.send(line);
        let answer = child.receive(self.time_limit)?;
        let batch = wire::parse_batch(&answer).map_err(|why| format!("invalid reply: {why}"))?;
        let is_complete = batch.outcomes.len() == cases.len();
        if !is_complete || watched.is_some() && batch.reads.len() != cases.len() {
            return Err("the reply has the wrong number of outcomes".to_owned());
        }
        self.cost += batch.cost;
        Ok(batch)
    }

    /// Returns the outcome of a case that may have stopped the process. A failure is retried once,
    /// since it may have an external cause.
    fn ask_alone(&mut self, case: &Case) -> Outcome {
        let cases = slice::from_ref(case);
        let answer = self.ask(cases).or_else(|_| self.ask(cases));
        let lost = |why| Outcome::NoAnswer { why };
        answer
            .map_or_else(lost, |mut outcomes| outcomes.pop().unwrap_or_else(|| lost("no answer".to_owned())))
    }
}

/// That an interpreter is to say what refusals depend on. It has to run
/// [`PYTHON_WATCHED`](crate::PYTHON_WATCHED).
#[derive(Clone, Copy)]
pub(crate) struct Watched {
    /// Whether it watches the end of the pattern; flags are always watched.
    pub end: bool,
}

/// Splits cases into batches.
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
