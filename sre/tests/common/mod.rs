//! What the tests share that need an interpreter.

#![allow(dead_code)] // each test program uses a part of it

use std::path::Path;
use std::process::Command;

use sre_oracle::pythons;
use sre_oracle::pythons::Python;
use sre_test_support::{Missing, Prerequisite};

/// The `python3` on the PATH.
pub(crate) fn python3() -> Result<Python, Missing> {
    let python = pythons::probe("python3".as_ref()).ok();
    Prerequisite::Python.require(python.filter(|python| python.dialect.is_ok()))
}

/// The newest interpreter on this machine that the compiler has a dialect for.
pub(crate) fn newest() -> Result<Python, Missing> {
    let newest = pythons::find().into_iter().rfind(|python| python.dialect.is_ok());
    Prerequisite::Python.require(newest)
}

/// Every interpreter on this machine that the compiler has a dialect for: at least one.
pub(crate) fn pythons() -> Result<Vec<Python>, Missing> {
    let mut found = pythons::find();
    found.retain(|python| python.dialect.is_ok());
    Prerequisite::Python.require((!found.is_empty()).then_some(found))
}

/// Makes a FIFO.
pub(crate) fn make_fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().expect("mkfifo is there");
    assert!(made.success(), "{path:?}: {made}");
}
