//! Portability: what each CPython says of a pattern, without any Python.
//!
//! A [`Checker`] asks our compiler for several [`Version`]s, and puts those that say the same together in a
//! [`Report`]. [`source`] finds the patterns of Python programs. [`text`], [`json`] and [`github`] write reports.

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
