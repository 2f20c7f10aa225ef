//! `sre minimize`, `keep` and `explain`, from outside, on divergences between two versions.
#![allow(clippy::unwrap_used)] // also outside of #[test]
mod common;

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use sre_compiler::Dialect;
use sre_oracle::Embedded;
use sre_test_support::Missing;

fn sre(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sre")).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

/// A version that treats possessive quantifiers in another way than the embedded interpreter.
fn other() -> String {
    let own = Embedded::new().unwrap().info().dialect().unwrap();
    let other = if own.min_version() < (3, 11, 0) { Dialect::default() } else { "3.10".parse().unwrap() };
    other.to_string()
}

const PATTERN: &str = "^(?P<name>[a-c]{2,3}|x(?:y++|z))\\d$";

fn a_divergence_becomes_small_and_keeps_its_signature() {
    let arguments = ["--pythons", "embedded", "--target", &other(), "--format", "json", "-f", "im", PATTERN];
    let found = sre(&[&["compare", "--minimize", "0"], &arguments[..]].concat());
    let minimized = sre(&[&["minimize"], &arguments[..]].concat());
    let compared = sre(&[&["compare"], &arguments[..]].concat());
    for output in [&found, &minimized, &compared] {
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
    let divergence = |output: &Output| json(output)["pythons"][0]["unknown"][0].clone();
    let [found, minimized, compared] = [&found, &minimized, &compared].map(divergence);
    assert_eq!((&found["signature"], &compared), (&minimized["signature"], &minimized));
    assert_eq!((&found["case"]["pattern"], &found["found_as"]), (&Value::from(PATTERN), &Value::Null));
    assert_eq!((&minimized["case"]["pattern"], &minimized["case"]["flags"]), (&"a++".into(), &0.into()));
    assert_eq!(minimized["found_as"], found["case"]);
}

fn what_does_not_diverge_is_said_so() {
    let output = sre(&["minimize", "--pythons", "embedded", "-e", PATTERN.trim_start_matches('^')]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = sre(&["explain", "--python", "embedded", "a|b"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("no difference"), "{output:?}");
}

fn a_divergence_is_explained() {
    let output = sre(&["explain", "--python", "embedded", "--target", &other(), "--format", "json", "ab++c"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let explanation = json(&output);
    assert_eq!((&explanation["aspect"], &explanation["span"]), (&"error".into(), &serde_json::json!([3, 4])));
    assert_eq!(explanation["functions"][0][0], "_parse");
    let rules = explanation["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["name"] == "possessive_and_atomic"), "{rules:?}");
}

fn a_case_is_kept_once_with_its_answers() -> Result<(), Missing> {
    common::pythons()?;
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().to_str().unwrap();
    let keep = |name: &str, pattern: &str| {
        sre(&[
            "corpus",
            "add",
            "--corpus",
            corpus,
            "--pythons",
            "3",
            "--name",
            name,
            "-f",
            "i",
            "-e",
            pattern,
        ])
    };
    let output = keep("what-went-wrong", "a|b");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let file = folder.path().join("regressions/what-went-wrong.case");
    assert_eq!(fs::read(&file).unwrap(), b"str i\na|b");
    for (name, pattern, why) in [("what-went-wrong", "c", "exists already"), ("a b", "c", "consists of")] {
        let output = keep(name, pattern);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(why), "{output:?}");
    }
    assert_eq!(keep("another", "b|c").status.code(), Some(0));
    assert_eq!(fs::read(&file).unwrap(), b"str i\na|b");
    let replayed = sre(&["corpus", "test", "--no-python", corpus]);
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
    Ok(())
}

sre_test_support::tests! {
    a_divergence_becomes_small_and_keeps_its_signature,
    what_does_not_diverge_is_said_so,
    a_divergence_is_explained,
    a_case_is_kept_once_with_its_answers,
}
