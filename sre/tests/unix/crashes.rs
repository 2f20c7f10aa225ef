//! A crash of an interpreter is a finding, and what it writes is shown.

use std::path::Path;
use std::process::{Command, Output};

use sre_test_support::{Missing, Prerequisite, Trial};

use crate::patched::{Patched, patched_by};

/// Aborts, or is killed as if from outside, while it compiles certain patterns; aborts while it
/// matches others.
const DEFECT: &str = "
import _sre, os, signal
_sound_parse, _sound_compile = parse, _sre.compile
def parse(str, *args, **kwargs):
    if str in ('q', '(q)', 'xqy', 'x(q)y', 'x(q)', '(q)y', 'xq', 'qy'):
        os.abort()
    if str == '(k)':
        os.kill(os.getpid(), signal.SIGKILL)
    return _sound_parse(str, *args, **kwargs)
class _Aborts:
    def __init__(self, pattern):
        self._pattern = pattern
    def __getattr__(self, name):
        if name in ('search', 'match', 'fullmatch', 'finditer', 'sub', 'split'):
            os.abort()
        return getattr(self._pattern, name)
def _compile(pattern, *args):
    compiled = _sound_compile(pattern, *args)
    return _Aborts(compiled) if pattern in ('m', 'xm') else compiled
_sre.compile = _compile
";

fn crashing(folder: &Path) -> Result<Patched, Missing> {
    Prerequisite::PythonLibrary.require(patched_by(folder, DEFECT))
}

fn compare(pythons: &Path, arguments: &[&str]) -> (Option<i32>, String, Output) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    let output = command.arg("compare").arg("--pythons").arg(pythons).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), output)
}

/// The part of the output that faulthandler writes.
const STACK: [&str; 2] = ["Fatal Python error: Aborted", " in parse"];

fn a_crash_is_a_finding_and_a_killed_process_is_none() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let Patched { path, .. } = crashing(folder.path())?;
    let (status, printed, output) = compare(&path, &["a", "(q)"]);
    assert_eq!(status, Some(2), "{output:?}");
    assert!(printed.contains("crashes on 1 case"), "{printed}");
    assert!(printed.contains("\n  crash      it crashed with signal: 6 (SIGABRT)\n"), "{printed}");
    assert!(STACK.iter().all(|part| printed.contains(part)), "{printed}");
    let again = printed.lines().find_map(|line| line.trim().strip_prefix("reproduce  ")).unwrap();
    let again = Command::new("sh").args(["-c", again]).output().unwrap();
    assert_eq!(again.status.code(), Some(2), "{again:?}");
    assert_eq!(compare(&path, &["(q)", "--format", "json"]).0, Some(2));

    let (status, printed, output) = compare(&path, &["a", "(k)"]);
    assert_eq!(status, Some(1), "{output:?}");
    assert!(printed.contains("no answer to 1 case"), "{printed}");
    assert!(printed.contains("\n  no answer  it ended with signal: 9"), "{printed}");
    Ok(())
}

fn a_crash_of_the_tested_interpreter_is_named_after_it() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let Patched { path, original } = crashing(folder.path())?;
    let against = path.to_str().unwrap();
    let (status, printed, output) = compare(&original.path, &["--against", against, "a", "x(q)y"]);
    assert_eq!(status, Some(2), "{output:?}");
    assert!(printed.contains("signature  no answer: it crashed with signal: N (SIGABRT)\n"), "{printed}");
    assert!(printed.contains("cause      the tested interpreter: it crashes"), "{printed}");
    assert!(printed.contains(&format!("crash      {}, {against}\n", original.info.label())), "{printed}");
    assert!(STACK.iter().all(|part| printed.contains(part)), "{printed}");
    assert!(!printed.contains("panic"), "{printed}");
    Ok(())
}

fn a_crash_in_matching_is_shown_with_its_stack() -> Result<(), Missing> {
    let folder = tempfile::tempdir().unwrap();
    let Patched { path, original } = crashing(folder.path())?;
    let against = path.to_str().unwrap();
    let arguments = ["--match", "--against", against, "xm", "--subject", "m"];
    let (status, printed, output) = compare(&original.path, &arguments);
    assert_eq!(status, Some(2), "{output:?}");
    assert!(printed.contains(": it crashed with signal: 6 (SIGABRT) (LITERAL)"), "{printed}");
    assert!(printed.contains(STACK[0]) && printed.contains(" in __getattr__"), "{printed}");
    Ok(())
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials! {
        a_crash_is_a_finding_and_a_killed_process_is_none,
        a_crash_of_the_tested_interpreter_is_named_after_it,
        a_crash_in_matching_is_shown_with_its_stack,
    }
}
