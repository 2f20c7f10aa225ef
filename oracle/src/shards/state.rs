//! The state of a job, from which another run resumes, and which can be merged with those of other
//! shards.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count, grouped};

use super::numbers::Numbers;
use crate::answers::Hash;

/// The results of a part of a job, which can be added up.
pub trait Results: Clone + Serialize + DeserializeOwned {
    /// Adds the results of other units of the same job.
    fn add(&mut self, other: Self);
}

/// What a job is. The results of different jobs cannot be added up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The verb: `exhaustive`, `compare`, `check`, …
    pub verb: String,
    /// The version of sre-compiler, and a hash of its source.
    pub compiler: String,
    /// A hash of the input, and of the options that change the results.
    pub input: String,
    /// Number of units of the whole job.
    pub units: u64,
    /// What a unit is: `case`, `file`, …
    pub unit: String,
}

/// The state of a job: what was done, and the results.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "R: DeserializeOwned"))]
pub struct State<R> {
    /// The job.
    pub job: Job,
    /// The results, one for each interpreter; one for a job without interpreters.
    pub parts: Vec<Part<R>>,
}

/// The results with one interpreter.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "R: DeserializeOwned"))]
pub struct Part<R> {
    /// The version of the interpreter; empty for a job without interpreters.
    pub name: String,
    /// A hash of what determines the interpreter's answers.
    pub identity: String,
    /// The numbers of the units that are done.
    pub done: Numbers,
    /// Their results.
    pub results: R,
}

/// Why a state cannot be used.
#[derive(Debug)]
pub enum BadState {
    /// The file cannot be read or written.
    Io(PathBuf, io::Error),
    /// The file is not a state, or has changed since it was written.
    Damaged(PathBuf, String),
    /// Two states contain the same units.
    Overlap(String),
    /// The state is of another job.
    Mixture {
        /// What differs.
        what: &'static str,
        /// That of the state.
        found: String,
        /// The expected one.
        expected: String,
    },
}

/// A file that was read, whose results have not been decoded yet.
#[derive(Debug)]
pub struct Sealed {
    file: PathBuf,
    state: Box<RawValue>,
    /// The job of the state.
    pub job: Job,
}

/// The file: its contents and their hash, which detects a truncated file.
#[derive(Serialize, Deserialize)]
struct Content {
    hash: String,
    state: Box<RawValue>,
}

#[derive(Deserialize)]
struct OnlyJob {
    job: Job,
}

impl Job {
    /// Checks that a state is of this job.
    ///
    /// # Errors
    /// Says what differs.
    pub fn check(&self, state: &Job) -> Result<(), BadState> {
        self.check_but_units(state)?;
        if self.units == state.units {
            return Ok(());
        }
        let units = |job: &Job| count(job.units, &job.unit);
        Err(BadState::Mixture { what: "number of units", found: units(state), expected: units(self) })
    }

    /// The same for a job to which units may have been added.
    ///
    /// # Errors
    /// Says what differs.
    pub fn check_but_units(&self, state: &Job) -> Result<(), BadState> {
        let pairs = [
            ("command", &state.verb, &self.verb),
            ("compiler", &state.compiler, &self.compiler),
            ("input or options", &state.input, &self.input),
        ];
        match pairs.into_iter().find(|(_, found, expected)| found != expected) {
            Some((what, found, expected)) => {
                Err(BadState::Mixture { what, found: found.clone(), expected: expected.clone() })
            }
            None => Ok(()),
        }
    }
}

impl Sealed {
    /// Reads a file and the job in it.
    ///
    /// # Errors
    /// If it cannot be read, or is damaged.
    pub fn read(file: &Path) -> Result<Sealed, BadState> {
        let text = fs::read(file).map_err(|error| BadState::Io(file.to_owned(), error))?;
        let damaged = |why: String| BadState::Damaged(file.to_owned(), why);
        let content: Content = serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if content.hash != seal(&content.state) {
            return Err(damaged("its hash does not match".to_owned()));
        }
        let OnlyJob { job } =
            serde_json::from_str(content.state.get()).map_err(|error| damaged(error.to_string()))?;
        Ok(Sealed { file: file.to_owned(), state: content.state, job })
    }

    /// Returns the file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Decodes the results.
    ///
    /// # Errors
    /// If they are not of this kind.
    pub fn open<R: Results>(self) -> Result<State<R>, BadState> {
        let damaged = |why: String| BadState::Damaged(self.file.clone(), why);
        let state: State<R> =
            serde_json::from_str(self.state.get()).map_err(|error| damaged(error.to_string()))?;
        let end = |part: &Part<R>| part.done.ranges().last().map_or(0, |range| range.end);
        match state.parts.iter().any(|part| end(part) > state.job.units) {
            true => Err(damaged("it contains more units than its job".to_owned())),
            false => Ok(state),
        }
    }
}

impl<R: Results> State<R> {
    /// Creates the state of a job of which nothing is done.
    pub fn new(job: Job) -> State<R> {
        State { job, parts: Vec::new() }
    }

    /// Writes the file atomically.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), BadState> {
        let failed = |error: io::Error| BadState::Io(file.to_owned(), error);
        let state = serde_json::value::to_raw_value(self).map_err(|error| failed(error.into()))?;
        let content = Content { hash: seal(&state), state };
        let text = serde_json::to_vec(&content).map_err(|error| failed(error.into()))?;
        atomic_file::write(file, &text).map_err(failed)
    }

    /// Returns the index of an interpreter's part, which is added with these results if it is missing.
    ///
    /// # Errors
    /// If the state has one of the same version but another identity.
    pub fn part(&mut self, name: &str, identity: &str, empty: R) -> Result<usize, BadState> {
        let at = match self.parts.iter().position(|part| part.name == name) {
            Some(at) => at,
            None => {
                let (name, identity) = (name.to_owned(), identity.to_owned());
                self.parts.push(Part { name, identity, done: Numbers::default(), results: empty });
                self.parts.len() - 1
            }
        };
        let part = &self.parts[at];
        if part.identity != identity {
            let named = |identity: &str| format!("Python {name} with hash {identity}");
            let (found, expected) = (named(identity), named(&part.identity));
            return Err(BadState::Mixture { what: "interpreter", found, expected });
        }
        Ok(at)
    }

    /// Adds the results of another state of the same job.
    ///
    /// # Errors
    /// If both contain the same units, or are of different jobs.
    pub fn merge(&mut self, other: State<R>) -> Result<(), BadState> {
        self.job.check(&other.job)?;
        for Part { name, identity, done, results } in other.parts {
            if !self.parts.iter().any(|part| part.name == name) {
                self.parts.push(Part { name, identity, done, results });
                continue;
            }
            let at = self.part(&name, &identity, results.clone())?;
            self.parts[at].add(&done, results)?;
        }
        Ok(())
    }

    /// Describes what each interpreter lacks of a range; empty if all is done.
    pub fn missing(&self, range: &Range<u64>) -> Vec<String> {
        self.parts.iter().filter_map(|part| part.missing(range, &self.job.unit)).collect()
    }
}

impl<R: Results> Part<R> {
    /// Adds the results of units that are not done yet.
    ///
    /// # Errors
    /// If one of them is done already.
    pub fn add(&mut self, units: &Numbers, results: R) -> Result<(), BadState> {
        let clash = units.ranges().iter().find(|range| self.done.count_within(range) > 0);
        if let Some(range) = clash {
            let of = if self.name.is_empty() { String::new() } else { format!(" of {}", self.name) };
            return Err(BadState::Overlap(format!("{} to {}{of}", range.start, range.end)));
        }
        for range in units.ranges() {
            let _ = self.done.add(range.clone());
        }
        self.results.add(results);
        Ok(())
    }

    fn missing(&self, range: &Range<u64>, unit: &str) -> Option<String> {
        let missing = self.done.missing(range.clone());
        let units: u64 = missing.iter().map(|range| range.end - range.start).sum();
        let first = missing.first()?;
        let name = if self.name.is_empty() { String::new() } else { format!("{}: ", self.name) };
        let verb = if unit == "case" { "compared" } else { "done" };
        Some(format!("{name}{} not {verb}, starting at number {}", count(units, unit), grouped(first.start)))
    }
}

fn seal(state: &RawValue) -> String {
    Hash::of(&[state.get().as_bytes()]).to_string()
}

impl fmt::Display for BadState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadState::Io(file, error) => write!(f, "{}: {error}", file.shown()),
            BadState::Damaged(file, why) => {
                write!(f, "{}: damaged, or not a state file: {}", file.shown(), why.shown())
            }
            BadState::Overlap(range) => write!(f, "two states contain the units {range}"),
            BadState::Mixture { what, found, expected } => {
                let (found, expected) = (found.shown(), expected.shown());
                write!(f, "the state is of another {what} ({found}, not {expected})")
            }
        }
    }
}

impl std::error::Error for BadState {}
