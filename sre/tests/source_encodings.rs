//! The encodings of Python files, as every interpreter reads them.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sre_case::{Text, wire};
use sre_compiler::Dialect;
use sre_test_support::Missing;

/// What a file gives to `re.compile`, in code points; none if it cannot be compiled.
type Read = BTreeMap<String, Option<Vec<u32>>>;

fn run(python: &Path, command: &str, folder: &Path) -> String {
    let script = include_str!("source_encodings.py");
    let output = Command::new(python).args(["-I", "-c", script, command]).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What we read, and why files are not checked.
fn rust(folder: &Path) -> (Read, BTreeMap<String, String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_sre"))
        .args(["check", "--format", "json", "--target", "3.13", "--source"])
        .arg(folder)
        .output()
        .unwrap();
    let (mut read, mut notes) = (Read::new(), BTreeMap::new());
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let Some(file) = entry["file"].as_str() else { continue };
        let name = Path::new(file).file_name().unwrap().to_str().unwrap().to_owned();
        if let Some(note) = entry["note"].as_str() {
            notes.insert(name, note.to_owned());
        } else {
            let case = wire::parse_request(entry["case"].to_string().as_bytes()).unwrap().case;
            let Text::Str(text) = case.text else { panic!("{entry}") };
            read.insert(name, Some(text));
        }
    }
    (read, notes)
}

fn files_in_any_encoding_are_read_as_each_interpreter_reads_them() -> Result<(), Missing> {
    let newest: BTreeMap<_, _> =
        common::pythons()?.into_iter().map(|python| (python.info.version.1, python.path)).collect();
    let (&newest_minor, writer) = newest.last_key_value().expect("at least one");
    // Newer versions know more names of encodings and refuse a few more files, which is done here for all.
    let misses_versions = newest_minor < Dialect::LATEST.min_version().1;
    let folder = tempfile::tempdir().unwrap();
    run(writer, "write", folder.path());
    let (read, notes) = rust(folder.path());
    let cpython: Vec<Read> = newest
        .values()
        .map(|python| {
            let lines = run(python, "read", folder.path());
            lines.lines().map(|line| serde_json::from_str::<(String, _)>(line).unwrap()).collect()
        })
        .collect();
    let (mut same, mut refused, mut unknown, mut disputed, mut newer) = (0, 0, 0, 0, 0);
    for file in cpython[0].keys() {
        let content = || String::from_utf8_lossy(&fs::read(folder.path().join(file)).unwrap()).into_owned();
        let answers: BTreeSet<&Option<Vec<u32>>> = cpython.iter().map(|read| &read[file]).collect();
        let rust = read.get(file);
        assert!(rust.is_some() != notes.contains_key(file), "{file}: {:?}", content());
        let is_unknown = notes.get(file).is_some_and(|note| note.contains("is not known here"));
        match answers.first() {
            _ if answers.len() > 1 => {
                disputed += 1;
                assert!(rust.is_none_or(|rust| answers.contains(rust)), "{file}: {:?}: {rust:?}", content());
            }
            answer
                if misses_versions
                    && !is_unknown
                    && rust.cloned().flatten() != answer.cloned().cloned().flatten() =>
            {
                newer += 1
            }
            Some(None) => {
                refused += 1;
                assert_eq!(rust, None, "{file}: {:?}", content());
            }
            Some(Some(_)) if is_unknown => unknown += 1,
            answer => {
                same += 1;
                assert_eq!(rust, answer.copied(), "{file}: {:?}: {:?}", content(), notes.get(file));
            }
        }
    }
    eprintln!(
        "{same} read alike, {refused} refused alike, {unknown} not known here, {disputed} versions differ over, {newer} differ"
    );
    assert!(same > 3000 && refused > 1000 && unknown < same / 10, "{same} {refused} {unknown}");
    assert!(newer < 100, "{newer} files are read differently from all interpreters found");
    Ok(())
}

sre_test_support::tests! {
    files_in_any_encoding_are_read_as_each_interpreter_reads_them,
}
