//! Without the feature `names`, a name is an error that says so, and nothing else changes.

#![cfg(not(feature = "names"))]
#![allow(clippy::unwrap_used)] // also outside of #[test]

use sre_compiler::{Dialect, ErrorKind, Flags, compile};

#[test]
fn names_are_an_error_that_says_so() {
    for pattern in [r"a\N{DIGIT ONE}", r"a[\N{no such}]"] {
        let error = compile(pattern, Flags::empty(), Dialect::LATEST).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NamesNotIncluded);
        let expected =
            r"\N{…} is not supported: sre-compiler was built without the feature `names` at position ";
        assert!(error.to_string().starts_with(expected), "{error}");
        assert_eq!(&pattern[error.span().unwrap()], pattern.trim_matches(['a', '[', ']']));
    }
    let error = compile(r"\N{", Flags::empty(), Dialect::LATEST).unwrap_err();
    assert_eq!(error.to_string(), "missing character name at position 3");
    assert!(compile(r"[\w\u0041]", Flags::empty(), Dialect::LATEST).is_ok());
}
