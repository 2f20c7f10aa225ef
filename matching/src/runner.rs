//! A process that matches: an interpreter, or another engine.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::value::RawValue;
use sre_case::wire::{self as case_wire, InterpreterInfo};
use sre_oracle::child::Child;
use sre_oracle::crash_output;
use sre_support::visible::Shown;

use crate::form::{Form, Operation};
use crate::found::{self, Found};
use crate::wire::{self, Given, Job, Reply, Request};

/// The program that an interpreter runs, after [`sre_oracle::PYTHON_SOURCE`].
pub const PYTHON_SOURCE: &str = include_str!("../python/matching.py");

/// What runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Program {
    /// A Python.
    Python(PathBuf),
    /// A program that answers the same requests, such as `sre-engine-rustpython`.
    Engine(PathBuf),
}

/// How long to wait.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limits {
    /// For a subject, in processor time; the process itself observes it.
    pub subject: Duration,
    /// For a reply, after which the process is killed.
    pub reply: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { subject: Duration::from_millis(250), reply: Duration::from_secs(30) }
    }
}

/// What a program answers for a pattern.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Why it refuses the pattern.
    Refused(String),
    /// One for each form: why there is none, or the outcomes of each subject.
    Forms(Vec<Result<Vec<Outcomes>, String>>),
}

/// The outcomes of a subject, one for each operation.
#[derive(Debug)]
pub(crate) enum Outcomes {
    Raw(Box<RawValue>),
    /// The process died, or had to be killed.
    Lost(String),
}

impl Outcomes {
    /// Returns whether the outcomes are equal, and none of them is [`Found::Wrong`], without parsing.
    pub(crate) fn is_plainly_equal(&self, other: &Outcomes) -> bool {
        match (self, other) {
            (Outcomes::Raw(one), Outcomes::Raw(other)) => {
                one.get() == other.get() && !one.get().contains("{\"wrong\"")
            }
            _ => false,
        }
    }

    /// Returns whether the time limit of the reply passed, not that of the process itself.
    pub(crate) fn is_without_answer(&self) -> bool {
        matches!(self, Outcomes::Lost(why) if why.starts_with("no answer within"))
    }

    /// Returns the outcomes in the order of [`Operation::ALL`].
    pub(crate) fn found(&self) -> Vec<Found> {
        let lost = |why: String| vec![Found::Lost(why); Operation::ALL.len()];
        match self {
            Outcomes::Raw(raw) => match found::parse(raw.get()) {
                Ok(found) if found.len() == Operation::ALL.len() => found,
                Ok(_) => lost("a reply has the wrong number of outcomes".to_owned()),
                Err(error) => lost(format!("invalid reply: {error}")),
            },
            Outcomes::Lost(why) => lost(why.clone()),
        }
    }
}

/// A process that matches. If it dies or hangs, it is replaced, and the patterns of the request are
/// asked for one by one; then the subjects of a pattern that fails again. Only what fails alone is
/// lost.
pub struct Runner {
    program: Program,
    info: InterpreterInfo,
    child: Option<Child>,
    limits: Limits,
    replaced: usize,
}

/// Number of patterns in a request.
const BATCH: usize = 16;

/// The limit for a reply to a single pattern or subject.
const ALONE: Duration = Duration::from_secs(10);

/// The limit for the first line of a program.
const START: Duration = Duration::from_secs(60);

impl Runner {
    /// Starts a program.
    ///
    /// # Errors
    /// If it does not start, the reason.
    pub fn start(program: &Program, limits: Limits) -> Result<Runner, String> {
        let (child, info) = start(program)?;
        Ok(Runner { program: program.clone(), info, child: Some(child), limits, replaced: 0 })
    }

    /// Returns the version of the program.
    pub fn info(&self) -> &InterpreterInfo {
        &self.info
    }

    /// Returns how often the process was replaced.
    pub fn replaced(&self) -> usize {
        self.replaced
    }

    /// Sets the time limit of a subject.
    pub(crate) fn set_subject_limit(&mut self, limit: Duration) {
        self.limits.subject = limit;
    }

    pub(crate) fn subject_limit(&self) -> Duration {
        self.limits.subject
    }

    /// Returns an answer for each pattern.
    pub(crate) fn ask(&mut self, forms: &[Form], jobs: &[Job]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(jobs.len());
        for batch in jobs.chunks(BATCH) {
            match self.try_to_ask(forms, batch, self.limits.reply) {
                Ok(replies) => answers.extend(replies.into_iter().map(answer)),
                Err(_) => answers.extend(batch.iter().map(|job| self.ask_alone(forms, job))),
            }
        }
        answers
    }

    fn ask_alone(&mut self, forms: &[Form], job: &Job) -> Answer {
        if let Ok(mut replies) = self.try_to_ask(forms, std::slice::from_ref(job), self.alone())
            && let Some(reply) = replies.pop()
        {
            return answer(reply);
        }
        let mut answers = Vec::new();
        for &form in forms {
            let mut outcomes = Vec::new();
            let mut missing = None;
            for subject in &job.subjects {
                let single = Job { subjects: vec![subject.clone()], ..job.clone() };
                let replies = self.try_to_ask(&[form], std::slice::from_ref(&single), self.alone());
                match replies.map(|mut replies| replies.pop().map(answer)) {
                    Ok(Some(Answer::Refused(why))) => return Answer::Refused(why),
                    Ok(Some(Answer::Forms(mut answers))) => match answers.pop() {
                        Some(Ok(found)) => outcomes.extend(found),
                        Some(Err(why)) => missing = Some(why),
                        None => missing = Some("no answer".to_owned()),
                    },
                    Ok(None) => missing = Some("no answer".to_owned()),
                    Err(why) => outcomes.push(Outcomes::Lost(why)),
                }
            }
            answers.push(missing.map_or(Ok(outcomes), Err));
        }
        Answer::Forms(answers)
    }

    fn alone(&self) -> Duration {
        ALONE.min(self.limits.reply).max(self.limits.subject * 20)
    }

    /// Returns the code of a pattern in a form.
    ///
    /// # Errors
    /// The reason, if there is none.
    pub fn code(&mut self, form: Form, job: &Job) -> Result<Given, String> {
        let request = Request { forms: &[form], limit: 0.0, with_code: true };
        let replies = self.exchange(request, std::slice::from_ref(job), ALONE)?;
        let reply = replies.into_iter().next().ok_or("no answer")?;
        if let Some(why) = reply.refused {
            return Err(why);
        }
        let form = reply.forms.into_iter().next().ok_or("no answer")?;
        form.code.ok_or_else(|| form.missing.unwrap_or_else(|| "no code".to_owned()))
    }

    /// Asks for a form of a pattern in a new process, and returns what an interpreter writes if it
    /// crashes.
    pub(crate) fn crash_output(&self, form: Form, job: &Job) -> Vec<String> {
        let Program::Python(path) = &self.program else { return Vec::new() };
        let request = Request { forms: &[form], limit: self.limits.subject.as_secs_f64(), with_code: false };
        crash_output(
            path,
            &sre_oracle::python_program(PYTHON_SOURCE),
            wire::write(request, std::iter::once(job)),
        )
    }

    fn try_to_ask(&mut self, forms: &[Form], jobs: &[Job], limit: Duration) -> Result<Vec<Reply>, String> {
        let request = Request { forms, limit: self.limits.subject.as_secs_f64(), with_code: false };
        let replies = self.exchange(request, jobs, limit)?;
        for (reply, job) in replies.iter().zip(jobs) {
            let is_complete =
                |form: &wire::FormReply| form.missing.is_some() || form.subjects.len() == job.subjects.len();
            if reply.refused.is_none()
                && !(reply.forms.len() == forms.len() && reply.forms.iter().all(is_complete))
            {
                return Err("a reply is incomplete".to_owned());
            }
        }
        Ok(replies)
    }

    /// Exchanges a request for the replies. On failure, the process is dropped.
    fn exchange(
        &mut self,
        request: Request<'_>,
        jobs: &[Job],
        limit: Duration,
    ) -> Result<Vec<Reply>, String> {
        let result = self.try_to_exchange(request, jobs, limit);
        if result.is_err() {
            self.child = None;
            self.replaced += 1;
        }
        result
    }

    fn try_to_exchange(
        &mut self,
        request: Request<'_>,
        jobs: &[Job],
        limit: Duration,
    ) -> Result<Vec<Reply>, String> {
        let child = match &mut self.child {
            Some(child) => child,
            none => {
                let (child, info) = start(&self.program)?;
                if info != self.info {
                    return Err(format!("{} is now a different program", self.program.path().shown()));
                }
                none.insert(child)
            }
        };
        child.send(wire::write(request, jobs.iter()));
        let reply = child.receive(limit)?;
        // An engine cannot stop a match: the thread goes on until the process ends.
        let is_slow = reply.windows(7).any(|bytes| bytes == b"{\"slow\"");
        if is_slow && matches!(self.program, Program::Engine(_)) {
            self.child = None;
        }
        wire::parse(&reply, jobs.len())
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Runner({}, {})", self.program.path().shown(), self.info.label())
    }
}

impl Program {
    /// Returns the executable.
    pub fn path(&self) -> &Path {
        match self {
            Program::Python(path) | Program::Engine(path) => path,
        }
    }
}

fn answer(reply: Reply) -> Answer {
    if let Some(why) = reply.refused {
        return Answer::Refused(why);
    }
    let form = |form: wire::FormReply| match form.missing {
        Some(why) => Err(why),
        None => Ok(form.subjects.into_iter().map(Outcomes::Raw).collect()),
    };
    Answer::Forms(reply.forms.into_iter().map(form).collect())
}

fn start(program: &Program) -> Result<(Child, InterpreterInfo), String> {
    let failed = |why: String| format!("{} did not start: {why}", program.path().shown());
    let child = match program {
        Program::Python(path) => Child::start(path, &sre_oracle::python_program(PYTHON_SOURCE)),
        Program::Engine(path) => {
            let mut command = Command::new(path);
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            Child::start_command(command)
        }
    };
    let mut child = child.map_err(|error| failed(error.to_string()))?;
    let line = child.receive(START).map_err(failed)?;
    let info = case_wire::parse_info(&line).map_err(|error| failed(error.to_string()))?;
    Ok((child, info))
}
