//! Compares sre-compiler with CPython.
//!
//! [`RustCompiler`] is this project's compiler, [`Embedded`] the interpreter that the build links,
//! a [`Worker`] any other; each is an [`Oracle`](sre_case::Oracle), which gives the outcome of a
//! case. [`compare`] compares two outcomes of a case; [`compare_all`] does so for many, several at
//! a time, and [`compare_each`] with many interpreters; [`sweep`] takes every pattern of a few
//! tokens, and [`shards`] divides a long job. Of a [`Divergence`], [`minimize`] finds the smallest case, and [`explain`] says where it
//! comes from.

pub mod answers;
mod bounded;
mod cause;
mod causes;
pub mod child;
mod comparator;
mod crash;
mod divergence;
#[cfg_attr(not(feature = "embedded"), path = "not_embedded.rs")]
mod embedded;
mod expected;
pub mod explain;
mod known;
pub mod minimize;
pub mod pythons;
mod report;
mod rows;
mod run;
mod rust_compiler;
pub mod shards;
pub mod shell;
pub mod signature;
mod stats;
mod stats_json;
pub mod sweep;
mod worker;

pub use cause::{Candidates, Cause, cover};
pub use causes::{Causes, Group};
pub use comparator::Comparator;
pub use crash::{crash_of_case, crash_output, is_crash};
pub use divergence::{Aspect, Dialects, Divergence, TestedPython, Verdict, compare, first_difference};
pub use embedded::{CannotStart, Embedded};
pub use expected::{BadExpectations, Expected};
pub use known::Known;
pub use report::{Report, argument as pattern_argument};
pub use run::{CannotCompare, Options, PythonPair, Reference, compare_all, compare_each};
pub use rust_compiler::RustCompiler;
pub use stats::Stats;
pub use stats_json::{BadStats, StatsJson};
pub use worker::Worker;

/// The version of sre-compiler, and a hash of its source.
pub const COMPILER: &str = env!("SRE_COMPILER");

/// The program that every interpreter runs, embedded or not.
pub const PYTHON_SOURCE: &str = include_str!("../python/oracle.py");

/// A program that marks each branch of CPython's compiler, to record which branches a pattern
/// reaches.
pub const PYTHON_BRANCHES: &str = include_str!("../python/branches.py");

/// A program that also says what a refusal depends on; it needs the definitions of `PYTHON_SOURCE`.
pub(crate) const PYTHON_WATCHED: &str = include_str!("../python/watched.py");

/// Returns a program that can use the definitions of `PYTHON_SOURCE`.
pub fn python_program(source: &str) -> String {
    format!("__name__ = 'oracle'\n{PYTHON_SOURCE}\n__name__ = '__main__'\n{source}")
}
