//! The data shared by all tools: patterns with their flags, and the outcomes of compiling them.
//!
//! A [`Case`] is a pattern with its flags; its file format is described in `corpus/README.md`, and
//! [`corpus`] reads folders of them. An [`Outcome`] is the result of compiling a case; an
//! [`Oracle`] produces outcomes. [`wire`] is the format in which both travel as JSON Lines.

mod case;
mod case_file;
pub mod corpus;
mod cost;
pub mod excerpt;
mod interpreter;
mod outcome;
mod py_literal;
mod snippet;
mod text;
mod versions;
pub mod wire;

pub use case::{Case, NotInCaseFile, Text, push_utf8};
pub use case_file::BadCase;
pub use cost::{Cost, processor_time};
pub use interpreter::{Unsupported, nearest_dialect, version_of_label};
pub use outcome::{Accepted, Oracle, Outcome, Rejected, Warning};
pub use snippet::{Snippet, visible};
pub use text::PyText;
pub use versions::{BadVersions, Version, label, parse_versions};
