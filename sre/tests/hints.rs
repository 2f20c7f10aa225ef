//! Hints for likely mistakes, which name the command that was probably meant.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use sre_test_support::Missing;

const LINE: &str = "{\"kind\": \"str\", \"pattern\": \"a\", \"flags\": 0}\n";

fn sre(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sre")).args(arguments).current_dir(folder).output().unwrap()
}

/// Returns the exit status and standard error.
fn said(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = sre(folder, arguments);
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// A folder with a file of each kind.
fn files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    write("app.py", "import re\nre.compile('a')\n");
    write("data.jsonl", LINE);
    write("a b.case", "bytes im\na");
    write("crlf.case", "str im\r\na");
    write("mark.case", "\u{feff}str im\na");
    write("flag.case", "str q\na");
    write("typo.case", "st im\na");
    write("README.md", "# A title\n");
    write("empty.case", "");
    fs::create_dir(folder.path().join("src")).unwrap();
    folder
}

fn check_takes_files_and_folders() {
    let folder = files();
    for arguments in [&["check", "app.py"][..], &["check", "src", "app.py"], &["check", "data.jsonl"]] {
        let output = sre(folder.path(), arguments);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains("1 pattern for 3.8 to 3.15: 0 refused"), "{arguments:?}: {printed}");
    }
    // A pattern that is the name of a file, and one that is not.
    for arguments in [&["check", "-e", "app.py"][..], &["check", "app"], &["dis", "-e", "src"]] {
        let (status, said) = said(folder.path(), arguments);
        assert_eq!((status, said.as_str()), (Some(0), ""), "{arguments:?}");
    }
    let said_of = |arguments: &[&str]| said(folder.path(), arguments);
    let (status, said) = said_of(&["check", "src/nothing.py"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("src/nothing.py: no such file; if it is a pattern, give it with -e"), "{said}");
    let (status, text) = said_of(&["check", "scr/"]);
    assert!(status == Some(1) && text.contains("scr/: no such folder; if it is a pattern"), "{text}");
    let (status, text) = said_of(&["check", "src", "test"]);
    assert!(status == Some(1) && text.contains("test: no such file or folder; if it is a pattern"), "{text}");
}

fn what_is_no_case_file_is_refused_with_the_reason() {
    let folder = files();
    for verb in [
        &["compare"][..],
        &["minimize"],
        &["explain"],
        &["compile"],
        &["dis"],
        &["corpus", "add"],
        &["corpus", "test"],
        &["memory", "--python", "none"],
    ] {
        let refused = |file: &str, reason: &str| {
            let (status, said) = said(folder.path(), &[verb, &[file]].concat());
            assert_eq!(status, Some(1), "{verb:?} {file}: {said}");
            assert!(said.contains(file) && said.contains(reason), "{verb:?} {file}: {said}");
        };
        refused("crlf.case", "line 1 ends in CR LF");
        refused("mark.case", "byte-order mark");
        refused("flag.case", "line 1: \"q\" is not a flag");
        refused("typo.case", "line 1 is \"st im\"");
        refused("README.md", "line 1 is \"# A title\"");
        refused("empty.case", "empty");
        refused("data.jsonl", "--jsonl data.jsonl");
        refused("app.py", "did you mean: sre check --source app.py");
    }
    for verb in ["compare", "minimize", "explain"] {
        let (status, said) = said(folder.path(), &[verb, "missing.jsonl"]);
        assert!(status == Some(1) && said.contains("no such file"), "{verb}: {said}");
    }
}

fn a_fuzzers_folder_may_hold_anything() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("0123abcd"), b"a\xff").unwrap();
    let output = sre(folder.path(), &["memory", "--python", "none", "--format", "json", "."]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

fn json_lines_are_reported_by_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let memory = &["memory", "--python", "none", "--format", "json", "--jsonl", "a.jsonl"][..];
    let check = &["check", "--jsonl", "a.jsonl"][..];
    for arguments in [memory, check] {
        fs::write(&file, format!("{LINE}{LINE}{{\"kind\": 1}}\n")).unwrap();
        let (status, text) = said(folder.path(), arguments);
        assert_eq!(status, Some(1), "{text}");
        assert!(
            text.contains("a.jsonl:3: ") && text.contains("(column 10)") && !text.contains("line 1"),
            "{text}"
        );
        fs::write(&file, format!("{LINE}{{\"kind\": \n{LINE}")).unwrap();
        let (_, text) = said(folder.path(), arguments);
        assert!(text.contains("a.jsonl:2: ") && !text.contains(" line "), "{text}");
        fs::write(&file, format!("\u{feff}{LINE}")).unwrap();
        let (status, text) = said(folder.path(), arguments);
        assert_eq!((status, text.as_str()), (Some(0), ""));
        fs::write(&file, b"\xff\xfe{\0}\0\n\0").unwrap();
        let (status, text) = said(folder.path(), arguments);
        assert!(status == Some(1) && text.contains("UTF-16"), "{text}");
        fs::write(&file, "str i\na").unwrap();
        let (status, _) = said(folder.path(), arguments);
        assert_eq!(status, Some(1));
    }
    let (_, text) = said(folder.path(), memory);
    assert!(text.contains("did you mean: sre compare a.jsonl"), "{text}");
}

fn what_is_named_twice_is_read_once() {
    let folder = files();
    fs::create_dir(folder.path().join("cases")).unwrap();
    fs::write(folder.path().join("cases/a.case"), "str -\na").unwrap();
    let patterns = |arguments: &[&str]| {
        let output = sre(folder.path(), arguments);
        String::from_utf8(output.stdout).unwrap().lines().next().unwrap().to_owned()
    };
    let memory = patterns(&["memory", "--python", "none", "cases", "./cases/a.case", "cases/../cases"]);
    assert!(memory.ends_with("for this pattern"), "{memory}");
    let lines = patterns(&["memory", "--python", "none", "--jsonl", "data.jsonl", "--jsonl", "./data.jsonl"]);
    assert!(lines.ends_with("for this pattern"), "{lines}");
    let output = sre(folder.path(), &["corpus", "test", "--no-python", "cases", "cases/a.case"]);
    let replayed = String::from_utf8(output.stdout).unwrap();
    assert!(replayed.contains("1 case, 0 recorded answers"), "{replayed}");
}

fn what_is_named_twice_is_compared_once() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = files();
    fs::create_dir(folder.path().join("cases")).unwrap();
    fs::write(folder.path().join("cases/a.case"), "str -\na").unwrap();
    let python = python.path.to_str().unwrap();
    let arguments = ["compare", "--pythons", python, "--format", "json", "cases", "cases/a.case"];
    let output = sre(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(all["pythons"][0]["compared"], 1);
    Ok(())
}

sre_test_support::tests! {
    check_takes_files_and_folders,
    what_is_no_case_file_is_refused_with_the_reason,
    a_fuzzers_folder_may_hold_anything,
    json_lines_are_reported_by_line_and_column,
    what_is_named_twice_is_read_once,
    what_is_named_twice_is_compared_once,
}
