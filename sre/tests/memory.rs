//! What CPython's compiler takes of memory, as `sre memory` measures it.

mod common;

use sre_case::Case;
use sre_compiler::Flags;
use sre_memory::Cpython;
use sre_oracle::Reference;
use sre_test_support::{Missing, Prerequisite};

/// Longer patterns take more, and refused ones nothing.
fn assert_measured(reference: &Reference) {
    let mut cpython = Cpython::start(reference).expect("it starts");
    let mut measure =
        |pattern: &str| cpython.measure(&Case::str(pattern, Flags::empty())).expect("an answer");
    assert_eq!(measure("("), None);
    let short = measure("a[bc]").expect("it is accepted");
    let long = measure(&"a[bc]".repeat(100)).expect("it is accepted");
    // The code alone is as many words of four bytes.
    assert!(long.retained > short.retained + 100 * 4 * 4, "{reference:?} {short:?} {long:?}");
    assert!(long.peak > long.retained && short.peak > short.retained);
    if let (Some(short), Some(long)) = (short.asked_for, long.asked_for) {
        assert!(long.0 > short.0 && short.0 > 10 && short.1 > short.0, "{short:?} {long:?}");
    }
}

fn a_child_process_is_measured() -> Result<(), Missing> {
    assert_measured(&Reference::Python(common::python3()?));
    Ok(())
}

fn the_embedded_interpreter_is_measured() -> Result<(), Missing> {
    #[cfg(feature = "embedded")]
    let embedded = Some(Reference::Embedded);
    #[cfg(not(feature = "embedded"))]
    let embedded = None;
    assert_measured(&Prerequisite::Embedded.require(embedded)?);
    Ok(())
}

sre_test_support::tests! { a_child_process_is_measured, the_embedded_interpreter_is_measured }
