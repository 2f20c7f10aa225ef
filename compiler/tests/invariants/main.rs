//! The invariants that ARCHITECTURE.md names. A change that breaks one fails here.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod imports;
mod layers;
mod sources;

use sources::sources;

/// The lines of code, without comments, of the hand-written sources whose name passes.
fn lines(of: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !source.is_generated() && of(&source.name)) {
        for (number, (line, code)) in source.text.lines().zip(source.code().lines()).enumerate() {
            found.push((format!("{}:{}: {line}", source.name, number + 1), code.to_owned()));
        }
    }
    found
}

#[track_caller]
fn assert_nowhere(words: &[&str], of: impl Fn(&str) -> bool) {
    let hits: Vec<_> = lines(of)
        .into_iter()
        .filter(|(_, code)| words.iter().any(|word| code.contains(word)))
        .map(|(place, _)| place)
        .collect();
    assert!(hits.is_empty(), "{words:?} stand in:\n{}", hits.join("\n"));
}

#[test]
fn source_files_have_at_most_500_lines() {
    for source in sources().iter().filter(|source| !source.is_generated()) {
        let lines = source.text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", source.name);
    }
}

#[test]
fn versions_are_compared_in_one_table() {
    let elsewhere = |name: &str| !name.starts_with("dialect/") && !name.starts_with("unicode/");
    assert_nowhere(
        &[".minor", "rules.patch", "row.patch", "0.patch", "Version::V", "from_version("],
        elsewhere,
    );
}

#[test]
fn unicode_is_asked_through_the_dialect() {
    let without = ["input/", "tree/", "width.rs", "memory.rs", "program.rs", "flags.rs"];
    assert_nowhere(&["unicode"], |name| without.iter().any(|part| name.starts_with(part)));
}

#[test]
fn memory_is_allocated_through_the_pool() {
    const POOLED: [&str; 10] = [
        "parser/",
        "codegen/",
        "tree/",
        "set/",
        "input/",
        "width.rs",
        "stack.rs",
        "literal_run.rs",
        "compiler.rs",
        "pool.rs",
    ];
    const GROWING: [&str; 8] =
        [".push(", ".extend(", ".extend_from_slice(", ".collect()", "vec!", "format!", "Box::new", "to_vec("];
    // These follow a call of `ensure_spare`.
    const RESERVED: [&str; 2] = ["self.code.extend", "list.extend"];
    let hits: Vec<_> = lines(|name| POOLED.iter().any(|part| name.starts_with(part)))
        .into_iter()
        .filter(|(_, code)| GROWING.iter().any(|word| code.contains(word)))
        .filter(|(_, code)| !RESERVED.iter().any(|word| code.contains(word)))
        .map(|(place, _)| place)
        .collect();
    assert!(hits.is_empty(), "allocates without `memory.rs`:\n{}", hits.join("\n"));
}

#[test]
fn no_std_and_no_unsafe() {
    let sources = sources();
    let root = &sources.iter().find(|source| source.name == "lib.rs").unwrap().text;
    for attribute in ["#![no_std]", "#![forbid(unsafe_code)]", "#![deny(missing_docs)]"] {
        assert!(root.contains(attribute), "{attribute}");
    }
    assert_nowhere(&["std::", "extern crate std"], |name| name != "lib.rs" && !name.ends_with("tests.rs"));
}

#[test]
fn comments_wrap_at_100_columns() {
    for source in sources().iter().filter(|source| !source.is_generated()) {
        for (number, line) in source.text.lines().enumerate() {
            let text = line.trim_start();
            // Lines of tables, links and code cannot be wrapped.
            let wraps = text.starts_with("//") && !text.contains("| ") && !text.contains("](");
            let columns = line.chars().count();
            assert!(!wraps || columns <= 100, "{}:{} has {columns} columns", source.name, number + 1);
        }
    }
}
