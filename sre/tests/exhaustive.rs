//! `sre exhaustive`, from outside.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use sre_compiler::Dialect;
use sre_oracle::Embedded;
use sre_oracle::sweep::cases;

fn exhaustive(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.arg("exhaustive").args(arguments).args(["--format", "json"]).output().unwrap()
}

fn first_python(output: &Output) -> Value {
    let all: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    all["pythons"][0].clone()
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

#[test]
fn shards_add_up_and_a_second_run_goes_on_from_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second, sum] = ["first", "second", "sum"].map(|name| path(folder.path(), name));
    let shard = |shard, state| {
        exhaustive(&["--tokens", "2", "--pythons", "embedded", "--shard", shard, "--state", state])
    };
    let output = shard("0/2", &first);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let half = exhaustive(&["--merge", &first]);
    assert_eq!(half.status.code(), Some(1), "{half:?}");
    assert!(String::from_utf8_lossy(&half.stderr).contains("not compared"), "{half:?}");
    shard("1/2", &second);
    let merged = exhaustive(&["--merge", &first, &second, "--state", &sum]);
    assert_eq!(merged.status.code(), Some(0), "{merged:?}");
    assert_eq!(first_python(&merged)["compared"], cases(2).unwrap());
    assert_eq!(exhaustive(&["--merge", &first, &first]).status.code(), Some(1));
    // Nothing is left to compare, so the time stays the same.
    let again = exhaustive(&["--tokens", "2", "--pythons", "embedded", "--state", &sum]);
    assert_eq!(first_python(&again), first_python(&merged));
    fs::write(&first, &fs::read(&first).unwrap()[..100]).unwrap();
    let torn = shard("0/2", &first);
    assert_eq!(torn.status.code(), Some(1), "{torn:?}");
    assert!(String::from_utf8_lossy(&torn.stderr).contains("damaged"), "{torn:?}");
}

#[test]
fn a_state_of_more_tokens_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let state = path(folder.path(), "state");
    let run = |tokens| exhaustive(&["--tokens", tokens, "--pythons", "embedded", "--state", &state]);
    assert_eq!(run("2").status.code(), Some(0));
    let before = fs::read(&state).unwrap();
    let refused = run("1");
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("the state belongs to a run of 2 tokens, not 1; give --tokens 2"), "{said}");
    assert!(refused.stdout.is_empty());
    assert_eq!(fs::read(&state).unwrap(), before);
    assert_eq!(run("2").status.code(), Some(0));
}

#[test]
fn another_dialect_is_a_divergence_and_the_smallest_case_is_shown() {
    let own = Embedded::new().unwrap().info().dialect().unwrap();
    // Atomic groups came with 3.11; that opcodes have other numbers since is no difference.
    let other = if own.min_version() < (3, 11, 0) { Dialect::default() } else { "3.8".parse().unwrap() };
    let dialect = other.to_string();
    let output = exhaustive(&["--tokens", "1", "--pythons", "embedded", "--target", &dialect]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let python = first_python(&output);
    assert_eq!(python["dialect"], Value::from(dialect));
    let unknown = python["unknown"].as_array().unwrap();
    assert!(unknown.iter().any(|found| found["case"]["pattern"] == "(?>"), "{unknown:?}");
    assert!(unknown.iter().all(|found| found["case"]["pattern"] != ""), "{unknown:?}");
}
