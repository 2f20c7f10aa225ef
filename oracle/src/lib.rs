//! Compares `sre-compiler` with CPython.
//!
//! A [`Case`] is a pattern with its flags, and a file of the corpus. An [`Oracle`] tells its [`Outcome`]: [`Ours`]
//! is this project's compiler, [`Embedded`] the interpreter that the build links, a [`Worker`] any other.

mod case;
mod child;
#[cfg(feature = "embedded")]
mod embedded;
mod interpreter;
mod literal;
mod ours;
mod outcome;
pub mod pythons;
mod text;
pub mod wire;
mod worker;

pub use case::{Case, Text};
#[cfg(feature = "embedded")]
pub use embedded::Embedded;
pub use interpreter::Unsupported;
pub use ours::Ours;
pub use outcome::{Accepted, Oracle, Outcome, Rejected, Warning};
pub use text::PyText;
pub use worker::Worker;

/// What every interpreter runs, embedded or not.
pub const PYTHON_SOURCE: &str = include_str!("../python/oracle.py");
