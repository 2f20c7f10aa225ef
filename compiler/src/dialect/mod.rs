//! The differences between CPythons: one row per compiler, one field per rule.
//!
//! Code asks a rule, never a version. A new CPython is a new row, and a new rule if it does
//! something that no other one does.

mod rules;
mod sources;
mod table;
mod variants;
mod version;

pub(crate) use rules::{DigitLimitText, GlobalFlags, GroupNames, MAXREPEAT, Rules, Validator, WidthCap};
pub use version::{Dialect, ParseDialectError};
