//! What the memory tests share: a counting and failing allocator, and the patterns of the corpus.

#![allow(dead_code)] // each test program uses a part of it

pub(crate) mod allocator;
pub(crate) mod cases;

use sre_compiler::{Error, Program};

/// Fails unless a result in a program is the expected one.
#[track_caller]
pub(crate) fn assert_same(
    result: &Result<(), Error>,
    program: &Program,
    expected: &Result<Program, Error>,
    context: &dyn Fn() -> String,
) {
    let is_same = match (result, expected) {
        (Ok(()), Ok(expected)) => program == expected,
        (Err(error), Err(expected)) => error == expected,
        _ => false,
    };
    assert!(is_same, "{}: {:?} instead of {expected:?}", context(), result.as_ref().map(|()| program));
}
