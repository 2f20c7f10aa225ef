//! Checks the portability of patterns across versions of CPython, without running Python.
//!
//! A [`Checker`] compiles a pattern with sre-compiler for several [`Version`](sre_case::Version)s and groups equal
//! answers in a [`Report`]. [`source`] finds the patterns of Python programs. [`text`], [`json`]
//! and [`github`] write reports.

mod answer;
mod checker;
pub mod github;
pub mod json;
mod meaning;
mod module;
pub mod source;
pub mod text;

pub use answer::{Answer, Difference, RegexError, RegexWarning, Report};
pub use checker::Checker;
pub use module::{Call, Import, Member};
