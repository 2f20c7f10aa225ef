//! One test for each prerequisite of tests, which is ignored if this machine lacks it.
//!
//! The test files `known`, `oracles`, `sweep` and `triage` are not even built without the feature `embedded`; that it is
//! missing is reported here only.

mod common;

use std::process::Command;

use sre_test_support::{Missing, Prerequisite};

fn python() -> Result<(), Missing> {
    common::pythons().map(drop)
}

fn embedded() -> Result<(), Missing> {
    Prerequisite::Embedded.require(cfg!(feature = "embedded").then_some(()))
}

fn samples() -> Result<(), Missing> {
    Prerequisite::Samples.require(sre_test_support::samples()).map(drop)
}

fn valgrind() -> Result<(), Missing> {
    Prerequisite::Valgrind.require(Command::new("valgrind").arg("--version").output().ok()).map(drop)
}

sre_test_support::tests! { python, embedded, samples, valgrind }
