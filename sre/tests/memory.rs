//! `sre memory`: the memory that CPython's compiler uses, as measured, and what the command prints.

#![allow(clippy::unwrap_used)] // also outside of #[test]
mod common;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use sre_case::Case;
use sre_compiler::Flags;
use sre_memory::Cpython;
use sre_oracle::Reference;
use sre_test_support::{Missing, Prerequisite};

/// Longer patterns use more memory, and rejected ones have no result.
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
    for usage in [short, long] {
        assert_eq!((usage.waiting_objects, usage.waiting), (0, 0), "{reference:?} {usage:?}");
        assert!(usage.freed_with_pattern > 100 && usage.left() < usage.retained, "{reference:?} {usage:?}");
        // Most of the retained memory is the pattern in the cache.
        assert!(usage.cached > usage.freed_with_pattern, "{reference:?} {usage:?}");
    }
    assert!(long.after_purge < long.cached / 2, "{reference:?} {long:?}");
    // DEBUG must not print, which would garble the replies.
    let debug = Case::str("a", Flags::DEBUG);
    assert!(cpython.measure(&debug).expect("an answer").is_some());
}

fn a_child_process_of_every_version_is_measured() -> Result<(), Missing> {
    for python in common::pythons()? {
        assert_measured(&Reference::Python(python));
    }
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

fn sre(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.arg("memory").args(arguments).env_remove("SRE_MEMORY_INJECT");
    command
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

/// Returns the median of a row.
fn median(printed: &Value, measure: &str, compiler: &str) -> f64 {
    let rows = printed["summary"]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["measure"] == measure && row["compiler"] == compiler);
    row.unwrap_or_else(|| panic!("{measure}, {compiler}: {printed}"))["median"].as_f64().unwrap()
}

fn a_cycle_waits_for_the_collector_and_without_one_nothing_does() -> Result<(), Missing> {
    for python in common::pythons()? {
        let path = python.path.to_str().unwrap();
        let arguments = ["-e", "a|b", "--format", "json", "--pythons", path];
        let clean = json(&sre(&arguments).output().unwrap());
        assert_eq!(median(&clean, "waiting_objects", "CPython"), 0.0, "{path}: {clean}");
        let cycle = json(&sre(&arguments).env("SRE_MEMORY_INJECT", "cycle").output().unwrap());
        assert_eq!(median(&cycle, "waiting_objects", "CPython"), 1.0, "{path}: {cycle}");
        assert!(median(&cycle, "waiting", "CPython") >= 40.0, "{path}: {cycle}");
    }
    Ok(())
}

/// The command works without an interpreter; the page and the JSON hold the same figures.
fn patterns_files_and_pages() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(at("one.case"), "str i\n(\\w+)@(a|b)").unwrap();
    std::fs::write(at("more.jsonl"), "{\"kind\": \"bytes\", \"pattern\": \"x+\", \"flags\": 0}\n").unwrap();
    let (case, lines, page) = (at("one.case"), at("more.jsonl"), at("page"));
    let arguments = ["--pythons", "none", "-e", "a|b", &case, "--jsonl", &lines, "--output", &page];
    let output = sre(&arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.starts_with("A new sre-compiler needs "), "{output:?}");
    assert!(text.contains("the median of 3 patterns") && text.contains("CPython was not measured"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let read = |name: &str| std::fs::read_to_string(Path::new(&page).join(name)).unwrap();
    let written: Value = serde_json::from_str(&read("memory.json")).unwrap();
    assert_eq!(written["summary"]["patterns"], 3, "{written}");
    assert_eq!(median(&written, "allocations", "sre-compiler"), 0.0, "a warm compiler allocates nothing");
    assert!(read("memory.html").contains("the median of 3 patterns"));
}

fn a_rejected_pattern_is_reported() {
    let output = sre(&["--pythons", "none", "-e", "a", "-e", "("]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 pattern skipped"), "{output:?}");
    let output = sre(&["--pythons", "none", "("]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("1 pattern rejected") && error.contains("unterminated subpattern"), "{error}");
}

sre_test_support::tests! {
    a_child_process_of_every_version_is_measured,
    the_embedded_interpreter_is_measured,
    a_cycle_waits_for_the_collector_and_without_one_nothing_does,
    patterns_files_and_pages,
    a_rejected_pattern_is_reported,
}
