//! Errors and warnings as data, and CPython's text of each.

mod error;
mod kind;
mod message;
mod raw_error;
mod render;
mod repr;
mod warning;
mod warning_list;

pub use error::{Error, ErrorText};
pub use kind::{ErrorKind, Exception};
pub(crate) use raw_error::RawError;
pub use render::Rendered;
pub(crate) use repr::{write_latin1_ascii, write_str_repr};
pub(crate) use warning::Warnings;
pub use warning::{Warning, WarningKind};
pub use warning_list::WarningList;
