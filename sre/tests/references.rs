//! `sre references`: what a debug build says of itself, and that what leaves references is found.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sre_test_support::{Missing, Prerequisite};

/// A debug build: `python3.X-dbg` or `python3.Xd` on the PATH or in a folder of `SRE_PYTHONS`.
fn debug_build() -> Result<PathBuf, Missing> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for name in ["PATH", "SRE_PYTHONS"] {
        let listed = env::var_os(name).unwrap_or_default();
        for path in env::split_paths(&listed) {
            folders.extend(path.is_file().then(|| path.parent().map(Path::to_owned)).flatten());
            folders.push(path);
        }
    }
    let names = (8..20).rev().flat_map(|minor| [format!("python3.{minor}d"), format!("python3.{minor}-dbg")]);
    let found = names
        .into_iter()
        .find_map(|name| folders.iter().map(|folder| folder.join(&name)).find(|path| path.is_file()));
    Prerequisite::DebugPython.require(found)
}

fn references(python: &Path, arguments: &[&str], injected: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(["references", "--pythons"]).arg(python).args(arguments);
    command.env_remove("SRE_REFERENCES_INJECT");
    command.envs(injected.then_some(("SRE_REFERENCES_INJECT", "reference")));
    command.output().unwrap()
}

fn nothing_is_left_behind_by_patterns_of_all_kinds() -> Result<(), Missing> {
    let python = debug_build()?;
    let patterns = ["a|b", "(", "[[a]", "x(?i)", "(?P<n>a+)(?(n)b)", "(?<=a*)", "[^a-z]++"];
    let output = references(&python, &patterns, false);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("nothing left behind by 7 cases"), "{printed}");
    Ok(())
}

fn a_reference_that_is_left_is_found_and_shown_again() -> Result<(), Missing> {
    let python = debug_build()?;
    let output = references(&python, &["x", "(ab|cd)*"], true);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("compiling  leaves 1 reference each time"), "{printed}");
    let line = printed.lines().find_map(|line| line.trim().strip_prefix("reproduce  ")).unwrap();
    let again = |injected: bool| {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).env_remove("SRE_REFERENCES_INJECT");
        shell.envs(injected.then_some(("SRE_REFERENCES_INJECT", "reference")));
        shell.output().unwrap().status.code()
    };
    assert_eq!((again(true), again(false)), (Some(2), Some(0)), "{line}");
    Ok(())
}

fn a_build_without_counts_is_refused() -> Result<(), Missing> {
    let python = sre_oracle::pythons::probe("python3".as_ref()).ok();
    let python = Prerequisite::Python.require(python.filter(|python| python.dialect.is_ok()))?;
    let output = references(&python.path, &["a"], false);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("sys.gettotalrefcount"), "{message}");
    Ok(())
}

sre_test_support::tests! {
    nothing_is_left_behind_by_patterns_of_all_kinds,
    a_reference_that_is_left_is_found_and_shown_again,
    a_build_without_counts_is_refused,
}
