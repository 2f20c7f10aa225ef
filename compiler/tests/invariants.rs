//! The invariants that ARCHITECTURE.md names: a change that breaks one fails here.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::path::{Path, PathBuf};

/// The source files of this crate, generated ones apart.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("generated") {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 20, "the sources are where they are looked for");
    found
}

/// The lines of code, without comments, of the sources whose path passes.
fn lines(of: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for (path, text) in sources() {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        for (number, line) in text.lines().enumerate().filter(|_| of(&name)) {
            let code = line.split("//").next().unwrap_or_default();
            found.push((format!("{name}:{}: {line}", number + 1), code.to_owned()));
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
fn small_rooms() {
    for (path, text) in sources() {
        assert!(text.lines().count() <= 500, "{} has over 500 lines", path.display());
    }
}

#[test]
fn versions_stand_in_one_table() {
    let elsewhere = |name: &str| name != "dialect.rs" && !name.starts_with("unicode");
    assert_nowhere(&[".minor", ".patch", "Version::V", "for_version("], elsewhere);
}

#[test]
fn unicode_is_asked_through_the_dialect() {
    let rooms = ["tokenizer.rs", "tree.rs", "width.rs", "input.rs", "pool.rs", "program.rs", "flags.rs"];
    assert_nowhere(&["unicode"], |name| rooms.contains(&name));
}

#[test]
fn memory_is_asked_for_in_one_place() {
    let pool = |name: &str| {
        name.starts_with("syntax")
            || name.starts_with("lower")
            || [
                "tree.rs",
                "literals.rs",
                "members.rs",
                "charmap.rs",
                "tokenizer.rs",
                "width.rs",
                "compiler.rs",
            ]
            .contains(&name)
    };
    let growing =
        [".push(", ".extend(", ".extend_from_slice(", ".collect()", "vec!", "format!", "Box::new", "to_vec("];
    // `warnings.push` and `names.push` are no vectors; for the others room is made.
    let own = ["warnings.push(", "names.push(", "self.code.extend", "list.extend"];
    let hits: Vec<_> = lines(pool)
        .into_iter()
        .filter(|(_, code)| growing.iter().any(|word| code.contains(word)))
        .filter(|(_, code)| !own.iter().any(|word| code.contains(word)))
        .map(|(place, _)| place)
        .collect();
    assert!(hits.is_empty(), "not through the pool:\n{}", hits.join("\n"));
}

#[test]
fn rooms_are_passed_in_order() {
    // A room knows none that comes after it.
    assert_nowhere(&["crate::syntax", "crate::lower", "crate::dis", "crate::dump"], |name| {
        [
            "input.rs",
            "tokenizer.rs",
            "tree.rs",
            "kind.rs",
            "members.rs",
            "charmap.rs",
            "literals.rs",
            "width.rs",
        ]
        .contains(&name)
            || ["dialect.rs", "opcode.rs", "flags.rs"].contains(&name)
    });
    assert_nowhere(&["crate::dis", "crate::dump"], |name| name.starts_with("syntax"));
    assert_nowhere(&["crate::syntax", "crate::tokenizer", "crate::input", "crate::dis"], |name| {
        name.starts_with("lower")
    });
}

#[test]
fn no_std_and_no_unsafe() {
    let root = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for attribute in ["#![no_std]", "#![forbid(unsafe_code)]", "#![deny(missing_docs)]"] {
        assert!(root.contains(attribute), "{attribute}");
    }
    assert_nowhere(&["std::", "extern crate std"], |name| name != "lib.rs" && !name.ends_with("tests.rs"));
}
