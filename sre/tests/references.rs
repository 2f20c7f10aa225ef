//! `sre references`: what a debug build says of itself, and that what leaves references is found.
#![allow(clippy::unwrap_used)] // also outside of #[test]

#[cfg(unix)]
#[path = "common/patched.rs"]
mod patched;

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

/// Makes a copy of a debug build with a defect.
#[cfg(unix)]
fn patched_debug_build(folder: &Path, defect: &str) -> Result<PathBuf, Missing> {
    let original = sre_oracle::pythons::probe(&debug_build()?).ok();
    let patched = original.and_then(|original| patched::copy(folder, original, defect));
    Ok(Prerequisite::DebugPython.require(patched)?.path)
}

/// The parser keeps an object for each look-ahead.
#[cfg(unix)]
const LEAK: &str = "
_sound_parse, _kept = parse, []
def parse(str, *args, **kwargs):
    if type(str) is type('') and '(?=' in str:
        _kept.append(object())
    return _sound_parse(str, *args, **kwargs)
";

#[cfg(unix)]
fn a_leak_of_the_parser_is_found_with_generated_patterns() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let python = patched_debug_build(folder.path(), LEAK)?;
    let output = references(&python, &["--generate", "100"], false);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("\nre.compile('(?=')\n"), "{printed}");
    assert!(printed.contains("compiling  leaves 1 reference"), "{printed}");
    Ok(())
}

/// What `_sre.compile` returns for one pattern aborts when it matches.
#[cfg(unix)]
const CRASH: &str = "
import _sre, os
_sound_compile = _sre.compile
class _Aborts:
    def __getattr__(self, name):
        return lambda *args: os.abort()
def _compile(pattern, *args):
    return _Aborts() if pattern == 'm' else _sound_compile(pattern, *args)
_sre.compile = _compile
";

#[cfg(unix)]
fn what_the_interpreter_writes_when_it_crashes_in_matching_is_shown() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let python = patched_debug_build(folder.path(), CRASH)?;
    let output = references(&python, &["a", "m"], false);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("1 finding of 2 cases"), "{printed}");
    assert!(printed.contains("Fatal Python error: Aborted") && printed.contains(" in matched"), "{printed}");
    Ok(())
}

#[cfg(unix)]
sre_test_support::tests! {
    nothing_is_left_behind_by_patterns_of_all_kinds,
    a_reference_that_is_left_is_found_and_shown_again,
    a_build_without_counts_is_refused,
    a_leak_of_the_parser_is_found_with_generated_patterns,
    what_the_interpreter_writes_when_it_crashes_in_matching_is_shown,
}

#[cfg(not(unix))]
sre_test_support::tests! {
    nothing_is_left_behind_by_patterns_of_all_kinds,
    a_reference_that_is_left_is_found_and_shown_again,
    a_build_without_counts_is_refused,
}
