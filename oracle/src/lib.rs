//! Compares `sre-compiler` with CPython.
//!
//! A [`Case`] is a pattern with its flags, and a file of the corpus. An [`Oracle`] tells its [`Outcome`]: [`Ours`]
//! is this project's compiler, [`Embedded`] the interpreter that the build links, a [`Worker`] any other.
//! [`judge`] compares two outcomes of a case; [`compare_all`] does so for many, several at a time, and
//! [`compare_each`] with many interpreters; [`sweep`] takes every pattern of a few tokens.
//! Of a [`Divergence`], [`minimize`] finds the smallest case, and [`explain`] says where it comes from.

pub mod answers;
pub mod atomic_file;
mod bounded;
mod case;
mod case_file;
pub mod check;
mod child;
pub mod corpus;
mod cost;
mod count;
pub mod coverage;
mod divergence;
#[cfg(feature = "embedded")]
mod embedded;
pub mod explain;
mod findings;
pub mod generate;
mod hash;
mod html;
mod interpreter;
mod known;
mod literal;
pub mod lock;
pub mod memory;
pub mod minimize;
mod ours;
mod outcome;
mod pair;
pub mod pythons;
pub mod record;
mod report;
mod rows;
mod run;
pub mod shell;
mod signature;
pub mod soak;
pub mod sweep;
mod tally;
mod text;
pub mod visible;
pub mod wire;
mod worker;

pub use case::{Case, NotInCaseFile, Text};
pub use case_file::BadCase;
pub use cost::Cost;
pub use count::count;
pub use divergence::{Dialects, Divergence, Stage, Verdict, first_difference, judge};
#[cfg(feature = "embedded")]
pub use embedded::{CannotStart, Embedded};
pub use findings::{BadFindings, Findings};
pub use interpreter::Unsupported;
pub use known::Known;
pub use ours::Ours;
pub use outcome::{Accepted, Oracle, Outcome, Rejected, Warning};
pub use pair::Pair;
pub use report::Report;
pub use run::{CannotCompare, Options, Reference, compare_all, compare_each};
pub use tally::Tally;
pub use text::PyText;
pub use worker::Worker;

/// What every interpreter runs, embedded or not.
pub const PYTHON_SOURCE: &str = include_str!("../python/oracle.py");

/// CPython's compiler with a mark at each branch, which tells what a pattern reaches of it. Runs on its own.
pub const PYTHON_BRANCHES: &str = include_str!("../python/branches.py");

/// A program that uses what `PYTHON_SOURCE` defines.
fn python_program(source: &str) -> String {
    format!("__name__ = 'oracle'\n{PYTHON_SOURCE}\n__name__ = '__main__'\n{source}")
}

/// The example of that page is compiled and run as a doctest.
#[cfg(doctest)]
#[doc = include_str!("../../docs/memory.md")]
mod memory_page {}
