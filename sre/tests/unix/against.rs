//! `sre compare --against`: compares two interpreters, one in the role of sre-compiler.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sre_oracle::pythons::Python;
use sre_test_support::{Missing, Prerequisite, Trial};

use crate::common;

/// A script that starts an interpreter, which runs a program of its own before the one it is given.
fn changed(folder: &Path, python: &Python, program: &str) -> PathBuf {
    let file = folder.join("python3");
    let program = format!("{program}\nimport sys\nexec(sys.argv[1], {{\"__name__\": \"__main__\"}})");
    let python = python.path.display();
    fs::write(folder.join("program.py"), program).unwrap();
    let script = format!(
        "#!/bin/sh\nexec '{python}' -I -S -c \"$(cat '{}')\" \"$4\"\n",
        folder.join("program.py").display()
    );
    sre_test_support::write_program(&file, &script);
    file
}

/// Compares a pattern with the newest interpreter.
fn compare(python: &Python, tested: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(["compare", "--pythons"]).arg(&python.path).arg("--against").arg(tested);
    command.args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn an_interpreter_agrees_with_itself() -> Result<(), Missing> {
    let python = common::newest()?;
    let output = compare(&python, &python.path, &["--debug", "a(?P<b>[c-e]+?)|(?!)", "[[a]", "(", "a{3,1}"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    Ok(())
}

fn what_a_build_changes_is_found_and_minimized() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let module = if python.info.version >= (3, 11, 0) { "re._compiler" } else { "sre_compile" };
    let program = format!("import {module} as compiler\ncompiler._simple = lambda p: False");
    let tested = changed(folder.path(), &python, &program);
    let output = compare(&python, &tested, &["xa*y"]);
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(printed.contains("REPEAT_ONE") && printed.contains("MAX_UNTIL"), "{printed}");
    let label = python.info.label();
    assert!(printed.contains(&format!("     CPython {label}")), "{printed}");
    // The line to paste shows the same.
    let line = printed.lines().find_map(|line| line.trim().strip_prefix("reproduce  ")).expect("a line");
    assert!(line.contains(" --against "), "{line}");
    let again = Command::new("sh").args(["-c", line]).output().unwrap();
    assert_eq!(again.status.code(), Some(2), "{line}: {again:?}");
    let output = compare(&python, &tested, &["xa*y", "--format", "json"]);
    assert!(text(&output.stdout).contains("\"against\""), "{output:?}");
    Ok(())
}

/// What makes an interpreter a version that sre-compiler does not imitate.
const ALPHA: &str = "import sys, collections\n\
    version = collections.namedtuple('version', 'major minor micro releaselevel serial')\n\
    sys.version_info = version(3, 99, 0, 'alpha', 1)\n";

/// What makes an interpreter compile repeats of single characters as those of groups.
const NO_SIMPLE: &str = "try: import re._compiler as compiler\n\
    except ImportError: import sre_compile as compiler\n\
    compiler._simple = lambda p: False\n";

/// Runs a command with one interpreter.
fn with_python(verb: &str, python: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args([verb, "--pythons"]).arg(python).args(arguments).output().unwrap()
}

/// Runs the command of a report, and returns its exit status.
fn run_again(report: &str, name: &str) -> Option<i32> {
    let line = report.lines().find_map(|line| line.trim().strip_prefix(name)).expect("a line");
    Command::new("sh").args(["-c", line.trim()]).output().unwrap().status.code()
}

fn two_interpreters_without_a_dialect_are_compared() -> Result<(), Missing> {
    let python = common::newest()?;
    let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let alpha = changed(one.path(), &python, ALPHA);
    let another = changed(other.path(), &python, &format!("{ALPHA}{NO_SIMPLE}"));
    let against = |arguments: &[&str]| {
        with_python("compare", &alpha, &[&["--against", another.to_str().unwrap()], arguments].concat())
    };
    let output = against(&["a", r"\d", "("]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = against(&["xa*y"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let printed = text(&output.stdout);
    assert!(printed.contains("REPEAT_ONE") && printed.contains("MAX_UNTIL"), "{printed}");
    assert_eq!(run_again(&printed, "reproduce"), Some(2), "{printed}");
    // What they match is the same, and so are the forms of one of them.
    for output in [
        against(&["--match", "xa*y", "(a|b)+?c"]),
        with_python("compare", &alpha, &["--match", "--variants", "info,wide", "xa*y", "(a|b)+?c"]),
    ] {
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(text(&output.stdout).contains("the same matches\n2 patterns: "), "{output:?}");
    }
    Ok(())
}

fn an_interpreter_without_a_dialect_is_compared() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let alpha = changed(folder.path(), &python, ALPHA);
    let output = compare(&python, &alpha, &["a+", r"\d", "("]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // sre-compiler joins if it is asked to imitate another version.
    let version = python.dialect.as_ref().unwrap().to_string();
    for (verb, more) in
        [("compare", None), ("compare", Some("--match")), ("minimize", None), ("explain", None)]
    {
        let refused = with_python(verb, &alpha, &more.iter().copied().chain(["a+"]).collect::<Vec<_>>());
        assert_eq!(refused.status.code(), Some(1), "{verb}: {refused:?}");
        let why = text(&refused.stderr);
        assert!(why.contains("too new") && why.contains("with --target VERSION"), "{verb}: {why}");
        let target = ["--target", version.as_str(), "a+"];
        let joined = with_python(verb, &alpha, &more.into_iter().chain(target).collect::<Vec<_>>());
        assert_eq!(joined.status.code(), Some(0), "{verb}: {joined:?}");
    }
    Ok(())
}

fn what_differs_from_an_interpreter_without_a_dialect_is_shown() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let alpha = changed(folder.path(), &python, &format!("{ALPHA}{NO_SIMPLE}"));
    let version = python.dialect.as_ref().unwrap().to_string();
    let output = with_python("compare", &alpha, &["--target", &version, "xa*y"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let printed = text(&output.stdout);
    assert!(printed.contains(&format!(", sre-compiler as {version}\n")), "{printed}");
    assert!(!printed.contains("  add  "), "{printed}");
    for name in ["reproduce", "explain"] {
        assert_eq!(run_again(&printed, name), Some(2), "{printed}");
    }
    // Code is not run by a matcher that takes other code.
    let output = with_python("compare", &alpha, &["--match", "--target", "3.8", "a"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains("choose a --target with the same"), "{output:?}");
    Ok(())
}

fn what_is_expected_is_counted_and_nothing_else_is_hidden() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let module = if python.info.version >= (3, 11, 0) { "re._compiler" } else { "sre_compile" };
    let program = format!("import {module} as compiler\ncompiler._simple = lambda p: False");
    let tested = changed(folder.path(), &python, &program);
    let file = folder.path().join("expected.toml");
    let entry =
        |signature: &str| format!("[[expect]]\nsignature = '{signature}'\nreason = 'no simple repeats'\n");
    let compare_with = |text: String| {
        fs::write(&file, text).unwrap();
        compare(&python, &tested, &["xa*y", "b", "--expect", file.to_str().unwrap()])
    };
    let output = compare_with(entry("code: *REPEAT_ONE*"));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let printed = text(&output.stdout);
    assert!(printed.starts_with("no other divergence in "), "{printed}");
    assert!(printed.contains("1 expected divergence: no simple repeats\n"), "{printed}");
    // An expectation that fits nothing hides nothing, and is noted.
    let output = compare_with(entry("code: REPEAT"));
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("expected, but not seen: no simple repeats"), "{output:?}");
    let output = compare_with("[[expect]]\nsignature = 'a'\n".to_owned());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains("expected.toml: line 1: missing field `reason`"), "{output:?}");
    Ok(())
}

fn pypy_differs_from_cpython_only_as_listed() -> Result<(), Missing> {
    let (name, wanted) = ("pypy3", (3, 9));
    let pypy = sre_oracle::pythons::probe(name.as_ref()).ok();
    let is_listed = |python: &Python| (python.info.version.0, python.info.version.1) == wanted;
    let pypy = Prerequisite::PyPy.require(pypy.filter(is_listed))?;
    let python = common::pythons()?.into_iter().find(is_listed);
    let python = Prerequisite::PythonVersion.require(python)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (corpus, listed) = (root.join("corpus/seeds"), root.join("oracle/pypy/expected.toml"));
    let arguments = [corpus.to_str().unwrap(), "--expect", listed.to_str().unwrap()];
    let output = compare(&python, &pypy.path, &arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // All that is listed is seen.
    assert!(output.stderr.is_empty(), "{output:?}");
    let output = compare(&python, &pypy.path, &[r"\U80000000"]);
    assert!(text(&output.stdout).contains("  pypy 3.9."), "{output:?}");
    // With sre-compiler, too, if it is asked to imitate a version.
    let output = with_python("compare", &pypy.path, &["a"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let why = text(&output.stderr);
    assert!(why.contains("pypy is not CPython; with --target VERSION"), "{why}");
    let output = with_python("compare", &pypy.path, &["a", "--target", "3.9"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = with_python("compare", &pypy.path, &[r"\U80000000", "--target", "3.9"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let printed = text(&output.stdout);
    assert!(printed.contains("sre-compiler  ") && printed.contains("  pypy 3.9."), "{printed}");
    assert_eq!(run_again(&printed, "reproduce"), Some(2), "{printed}");
    Ok(())
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials![
        an_interpreter_agrees_with_itself,
        what_a_build_changes_is_found_and_minimized,
        two_interpreters_without_a_dialect_are_compared,
        an_interpreter_without_a_dialect_is_compared,
        what_differs_from_an_interpreter_without_a_dialect_is_shown,
        what_is_expected_is_counted_and_nothing_else_is_hidden,
        pypy_differs_from_cpython_only_as_listed,
    ]
}
