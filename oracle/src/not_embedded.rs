//! Replaces the embedded interpreter in builds that link none. It never starts.

use std::fmt;
use std::path::PathBuf;

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Cost, Oracle, Outcome};

use crate::pythons::Python;

/// The interpreter that the build links; this build links none.
#[derive(Clone, Copy, Debug)]
pub enum Embedded {}

/// Why the embedded interpreter does not start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CannotStart(());

impl fmt::Display for CannotStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("built without the `embedded` feature")
    }
}

impl std::error::Error for CannotStart {}

impl Embedded {
    /// Whether the build links an interpreter.
    pub const IS_LINKED: bool = false;

    /// Starts the interpreter.
    ///
    /// # Errors
    /// Always, since this build links none.
    pub fn new() -> Result<Embedded, CannotStart> {
        Err(CannotStart(()))
    }

    /// Returns the interpreter's version and build.
    pub fn info(&self) -> &InterpreterInfo {
        match *self {}
    }

    /// Returns the hash of its sources of `re`.
    pub fn sources(&self) -> Option<u64> {
        match *self {}
    }

    /// Returns the warning that a comparison with this interpreter begins with.
    pub fn warning(&self) -> Option<String> {
        match *self {}
    }

    /// Returns the processor time of compiling.
    pub fn cost(&self) -> Cost {
        match *self {}
    }

    /// Returns the executable of the same Python.
    pub fn executable(&self) -> Option<PathBuf> {
        match *self {}
    }

    pub(crate) fn matching_executable(&self) -> Option<Python> {
        match *self {}
    }
}

impl Oracle for Embedded {
    fn outcome(&mut self, _: &Case) -> Outcome {
        match *self {}
    }

    fn set_debug(&mut self, _: bool) {
        match *self {}
    }
}
