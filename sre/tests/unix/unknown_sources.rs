//! Interpreters whose `re` is of no version that was compared.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use sre_test_support::{Missing, Prerequisite, Trial};

use crate::common;
use crate::patched::patched;

fn sre(arguments: &[&str], pythons: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(arguments).env("SRE_PYTHONS", pythons).output().unwrap()
}

/// What `sre pythons` says of the interpreter at a path.
fn listed(path: &Path) -> Value {
    let output = sre(&["pythons", "--format", "json"], path);
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let is_it = |python: &&Value| python["path"].as_str() == path.to_str();
    list["pythons"].as_array().unwrap().iter().find(is_it).unwrap_or_else(|| panic!("{list}")).clone()
}

fn the_sources_of_versions_that_were_compared_are_known() -> Result<(), Missing> {
    let mut compared = 0;
    for python in common::pythons()? {
        let version = python.info.version;
        if sre_compiler::Dialect::compared_versions().any(|known| known == version) {
            let python = listed(&python.path);
            assert_eq!(python["known_sources"], true, "{python}");
            compared += 1;
        }
    }
    Prerequisite::Python.require((compared > 0).then_some(()))
}

fn a_changed_parser_is_noticed() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let python = Prerequisite::PythonLibrary.require(patched(folder.path()))?;
    let found = listed(&python.path);
    assert_eq!(found["known_sources"], false, "{found}");
    let text = String::from_utf8(sre(&["pythons"], &python.path).stdout).unwrap();
    let path = python.path.to_str().unwrap();
    let line = text.lines().find(|line| line.contains(path)).unwrap();
    assert!(line.ends_with("(unknown sources of re)"), "{line}");
    // A comparison says it at once, whatever comes of it.
    let output = sre(&["compare", "a", "--pythons", path], &python.path);
    let warned = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(warned.contains("no version that sre-compiler was compared with"), "{warned}");
    let original = python.original.path.to_str().unwrap();
    let output = sre(&["compare", "a", "--pythons", original], &python.path);
    assert!(output.stderr.is_empty(), "{output:?}");
    // Once, of either side and in a comparison of matches.
    for arguments in [
        &["--pythons", original, "--against", path][..],
        &["--pythons", path, "--against", original],
        &["--pythons", original, "--against", path, "--match"],
        &["--pythons", path, "--match", "--variants", "info"],
    ] {
        let output = sre(&[&["compare", "a"], arguments].concat(), &python.path);
        let warned = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        assert!(
            warned.starts_with("warning: Python ") && warned.lines().count() == 1,
            "{arguments:?}: {warned}"
        );
        assert!(warned.contains(path), "{arguments:?}: {warned}");
    }
    Ok(())
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials![
        the_sources_of_versions_that_were_compared_are_known,
        a_changed_parser_is_noticed
    ]
}
