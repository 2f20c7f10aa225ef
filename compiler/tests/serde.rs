//! What is serialized, with the feature `serde`.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use serde_json::{from_value, json, to_value};
use sre_compiler::{Dialect, Flags, compile, compile_with_warnings};

#[test]
fn flags_and_dialects_are_read_as_they_are_written() {
    let flags = Flags::IGNORECASE | Flags::from_bits(0x200);
    assert_eq!(to_value(flags).unwrap(), json!(0x202));
    assert_eq!(from_value::<Flags>(json!(0x202)).unwrap(), flags);
    for dialect in Dialect::all() {
        let value = to_value(dialect).unwrap();
        assert_eq!(value, json!(dialect.to_string()));
        assert_eq!(from_value::<Dialect>(value).unwrap(), dialect);
    }
    assert_eq!(from_value::<Dialect>(json!("3.13")).unwrap(), Dialect::PY313);
    let error = from_value::<Dialect>(json!("2.7")).unwrap_err();
    assert!(error.to_string().starts_with("not a CPython version"), "{error}");
}

#[test]
fn results_are_objects() {
    let (program, warnings) = compile_with_warnings("(?P<n>[[a])", Flags::empty(), Dialect::PY313);
    let program = program.unwrap();
    let expected = json!({
        "dialect": Dialect::PY313.to_string(),
        "code": program.code(),
        "flags": 32,
        "groups": 1,
        "groupindex": [["n", 1]],
    });
    assert_eq!(to_value(&program).unwrap(), expected);
    let warning = json!({
        "category": "FutureWarning", "msg": "Possible nested set at position 7", "pos": 7, "span": [7, 8],
    });
    assert_eq!(to_value(&warnings).unwrap(), json!([warning]));
    let error = compile("é(b", Flags::empty(), Dialect::PY313).unwrap_err();
    let expected = json!({
        "type": "error", "msg": "missing ), unterminated subpattern",
        "pos": 1, "lineno": 1, "colno": 2, "span": [2, 3],
    });
    assert_eq!(to_value(&error).unwrap(), expected);
    let error = compile("a", Flags::LOCALE, Dialect::PY313).unwrap_err();
    assert_eq!(to_value(&error).unwrap()["span"], json!(null));
}
