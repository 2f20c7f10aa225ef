//! What of CPython's compilers, of ours, and of the language the corpus reaches.
//!
//! A [`Subject`] is a compiler with its lines and branches, and which of them were reached: an
//! interpreter's, asked by [`interpreter()`], or ours, from what the instrumented program counted,
//! by [`ours()`]. [`Unreached`] lists what no pattern can reach, and why; [`Coverage`] holds one to
//! the other.

mod extent;
mod interpreter;
mod matrix;
mod ours;
mod page;
mod subject;
#[cfg(test)]
mod tests;
mod unreached;

use std::path::PathBuf;

use serde::Serialize;
use sre_compiler::Dialect;

pub use interpreter::interpreter;
pub use matrix::{Cell, Matrix, Row, rules, texts, words};
pub use ours::ours;
pub use page::Page;
pub use subject::{Kind, Site, Subject, Text};
pub use unreached::{BadEntry, Entry, Problem, State, Unreached};

/// What was reached, next to what is listed as out of reach.
#[derive(Debug)]
pub struct Coverage {
    /// Every compiler that was looked at.
    pub subjects: Vec<Subject>,
    /// By subject, what became of each site.
    pub states: Vec<Vec<State>>,
    /// What is neither reached nor listed, and what is listed wrongly.
    pub problems: Vec<Problem>,
}

/// How many there are, and what became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Count {
    /// Reached by the corpus.
    pub reached: usize,
    /// Listed as out of reach.
    pub listed: usize,
    /// Neither.
    pub missed: usize,
}

impl Coverage {
    /// Holds what was reached to the list.
    pub fn new(subjects: Vec<Subject>, unreached: &Unreached) -> Coverage {
        let (states, problems) = unreached.judge(&subjects);
        Coverage { subjects, states, problems }
    }

    /// The lines of a subject, or its branches.
    pub fn count(&self, subject: usize, lines: bool) -> Count {
        let sites = self.subjects[subject].sites.iter().zip(&self.states[subject]);
        Count::of(sites.filter(|(site, _)| (site.kind == Kind::Line) == lines).map(|(_, state)| *state))
    }
}

impl Count {
    /// Counts.
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

    /// How many there are.
    pub fn all(&self) -> usize {
        self.reached + self.listed + self.missed
    }

    /// How many of those that can be reached are, in percent.
    pub fn percent(&self) -> f64 {
        100.0 * self.reached as f64 / (self.reached + self.missed).max(1) as f64
    }
}

/// The dialects that none of the interpreters speaks.
pub fn absent(subjects: &[Subject]) -> Vec<Dialect> {
    let is_here = |dialect: &Dialect| subjects.iter().any(|subject| subject.dialect == Some(*dialect));
    Dialect::all().filter(|dialect| !is_here(dialect)).collect()
}

/// The name of a case of the corpus: its area and its file.
pub fn case_name(file: &std::path::Path) -> String {
    let name = file.with_extension("");
    let parts: PathBuf = name.iter().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
    parts.to_string_lossy().into_owned()
}
