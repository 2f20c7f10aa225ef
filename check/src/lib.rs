//! Checks the portability of patterns across versions of CPython, without running Python.
//!
//! A [`Checker`] compiles a pattern with sre-compiler for several [`Version`](sre_case::Version)s
//! and groups equal answers in a [`Report`]. [`source`] finds the patterns of Python programs.
//! [`findings()`] lists what is wrong in a report by [`rules`], [`mod@file`] checks and fixes files, and
//! [`output`] writes the results. [`Config`] reads `pyproject.toml`, and [`Baseline`] files of
//! findings that are known.

mod answer;
mod baseline;
mod checker;
mod config;
pub mod file;
mod finding;
mod fix;
mod help;
mod meaning;
mod module;
pub mod output;
pub mod rules;
pub mod source;

pub use answer::{Answer, Difference, RegexError, RegexWarning, Report};
pub use baseline::Baseline;
pub use checker::Checker;
pub use config::{Config, Versions};
pub use finding::{Finding, Located, findings};
pub use fix::{Edit, Fix};
pub use module::{Call, Import, Member};
