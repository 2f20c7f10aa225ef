//! Compares what patterns match.
//!
//! A [`Plan`] names programs, interpreters or other engines, and pairs of what they run: two
//! builds, this compiler's code and the interpreter's own, or one [`Form`] of a pattern and another.
//! [`run()`] makes subjects for each pattern and compares the outcome of each [`Operation`]: the spans
//! of all groups, `lastindex`, `lastgroup`, or the exception. [`minimize()`] makes pattern and subject
//! smaller together, and [`Report`] shows a difference with the commands that reproduce it.
//!
//! The programs are child processes, so that one that hangs or dies is replaced and named.

mod command;
mod difference;
mod form;
mod found;
mod matcher;
mod minimize;
mod plan;
mod report;
mod run;
mod runner;
mod stats;
mod wire;

pub use command::commands;
pub use difference::Difference;
pub use form::{Form, Operation};
pub use found::{Found, Match};
pub use matcher::{Compared, Matcher};
pub use minimize::{TRIES, minimize};
pub use plan::{Pair, Participant, Plan, Side};
pub use report::Report;
pub use run::{Options, run};
pub use runner::{Limits, PYTHON_SOURCE, Program, Runner};
pub use stats::{Cause, Kind, Stats};
pub use wire::{Given, Job};
