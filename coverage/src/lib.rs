//! Measures which lines and branches of CPython's compilers and of sre-compiler the corpus reaches,
//! and which opcodes, rules and messages.
//!
//! A [`Subject`] is a compiler with its lines and branches, and whether each was reached:
//! [`interpreter()`] measures that of an interpreter, [`rust()`] reads the counters of an
//! instrumented sre-compiler. [`Unreached`] is the list of what no pattern can reach, with reasons;
//! [`Coverage`] checks the measurements against it.

mod extent;
mod interpreter;
mod matrix;
mod page;
mod rust;
mod source;
mod subject;
#[cfg(test)]
mod tests;
mod unreached;

use std::path::PathBuf;

use serde::Serialize;
use sre_compiler::Dialect;

pub use interpreter::interpreter;
pub use matrix::{Cell, Matrix, Row, rules, texts, words};
pub use page::{Page, headline};
pub use rust::rust;
pub use subject::{Kind, Site, Subject, Text};
pub use unreached::{BadEntry, Entry, Problem, State, Unreached};

/// The measurements, checked against the list of what cannot be reached.
#[derive(Debug)]
pub struct Coverage {
    /// The compilers that were measured.
    pub subjects: Vec<Subject>,
    /// By subject, the state of each site.
    pub states: Vec<Vec<State>>,
    /// Sites that are neither reached nor listed, and wrong entries of the list.
    pub problems: Vec<Problem>,
}

/// Numbers of sites by state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Count {
    /// Sites that the corpus reaches.
    pub reached: usize,
    /// Sites that no pattern can reach, by the list.
    pub listed: usize,
    /// Sites that are neither reached nor listed.
    pub missed: usize,
}

impl Coverage {
    /// Checks measurements against the list.
    pub fn new(subjects: Vec<Subject>, unreached: &Unreached) -> Coverage {
        let (states, problems) = unreached.check(&subjects);
        Coverage { subjects, states, problems }
    }

    /// Counts the lines of a subject, or its branches.
    pub fn count(&self, subject: usize, lines: bool) -> Count {
        let sites = self.subjects[subject].sites.iter().zip(&self.states[subject]);
        Count::of(sites.filter(|(site, _)| (site.kind == Kind::Line) == lines).map(|(_, state)| *state))
    }
}

impl Count {
    /// Counts sites by state.
    pub fn of(states: impl Iterator<Item = State>) -> Count {
        let mut count = Count::default();
        for state in states {
            match state {
                State::Reached => count.reached += 1,
                State::Listed(_) => count.listed += 1,
                State::Missed => count.missed += 1,
            }
        }
        count
    }

    /// Returns the number of all sites.
    pub fn all(&self) -> usize {
        self.reached + self.listed + self.missed
    }

    /// Returns the percentage of the reachable sites that are reached.
    pub fn percent(&self) -> f64 {
        100.0 * self.reached as f64 / (self.reached + self.missed).max(1) as f64
    }
}

/// Returns the dialects that no measured interpreter has.
pub fn absent(subjects: &[Subject]) -> Vec<Dialect> {
    let is_here = |dialect: &Dialect| subjects.iter().any(|subject| subject.dialect == Some(*dialect));
    Dialect::all().filter(|dialect| !is_here(dialect)).collect()
}

/// Returns the name of a case of the corpus: its folder and its file.
pub fn case_name(file: &std::path::Path) -> String {
    let name = file.with_extension("");
    let parts: PathBuf = name.iter().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
    parts.to_string_lossy().into_owned()
}
