//! The target `differential` with two interpreters, one of them in the place of the compiler.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sre_oracle::pythons;
use sre_oracle::pythons::Python;
use sre_test_support::{Missing, Prerequisite};

/// A script that starts an interpreter without the short form of repeats.
fn changed(folder: &Path, python: &Python) -> PathBuf {
    let module = if python.info.version >= (3, 11, 0) { "re._compiler" } else { "sre_compile" };
    with_program(folder, python, &format!("import {module} as compiler\ncompiler._simple = lambda p: False"))
}

/// A script that starts an interpreter, which runs a program of its own before the one it is given.
fn with_program(folder: &Path, python: &Python, program: &str) -> PathBuf {
    let program = format!("{program}\nimport sys\nexec(sys.argv[1], {{\"__name__\": \"__main__\"}})");
    fs::write(folder.join("program.py"), program).unwrap();
    let (file, python) = (folder.join("python3"), python.path.display());
    let program = folder.join("program.py");
    let script = format!("#!/bin/sh\nexec '{python}' -I -S -c \"$(cat '{}')\" \"$4\"\n", program.display());
    sre_test_support::write_program(&file, &script);
    file
}

struct Replay {
    folder: tempfile::TempDir,
    reference: PathBuf,
    test: PathBuf,
}

impl Replay {
    fn run(&self, pattern: &str, expected: Option<&str>) -> Output {
        let case = self.folder.path().join("one.case");
        fs::write(&case, format!("str -\n{pattern}")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_differential"));
        command.arg(case).env("SRE_FUZZ_REFERENCE", &self.reference).env("SRE_FUZZ_TEST", &self.test);
        if let Some(text) = expected {
            let file = self.folder.path().join("expected.toml");
            fs::write(&file, text).unwrap();
            command.env("SRE_FUZZ_EXPECT", file);
        }
        command.output().unwrap()
    }
}

fn a_change_is_found_unless_it_is_expected() -> Result<(), Missing> {
    let newest = pythons::find().into_iter().rfind(|python| python.dialect.is_ok());
    let python = Prerequisite::Python.require(newest)?;
    let folder = tempfile::tempdir().unwrap();
    let test = changed(folder.path(), &python);
    let replay = Replay { folder, reference: python.path, test };
    let output = replay.run("(ab|c)", None);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let output = replay.run("xa*y", None);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("REPEAT_ONE") && printed.contains(" --against "), "{printed}");
    let expected = "[[expect]]\nsignature = 'code: *REPEAT_ONE*'\nreason = 'no simple repeats'\n";
    let output = replay.run("xa*y", Some(expected));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // A file without a reason is no file of expectations.
    let output = replay.run("xa*y", Some("[[expect]]\nsignature = 'code: *'\n"));
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing field `reason`"), "{output:?}");
    Ok(())
}

fn an_interpreter_of_unknown_sources_is_named_once() -> Result<(), Missing> {
    let newest = pythons::find().into_iter().rfind(|python| python.dialect.is_ok());
    let python = Prerequisite::Python.require(newest)?;
    let folder = tempfile::tempdir().unwrap();
    let module = if python.info.version >= (3, 11, 0) { "re._parser" } else { "sre_parse" };
    let program = format!("import {module} as parser\nparser.__spec__.loader.get_data = lambda path: b''");
    let unknown = with_program(folder.path(), &python, &program);
    let replay = Replay { folder, reference: python.path, test: unknown.clone() };
    let warned_once = |output: &Output| {
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let printed = String::from_utf8_lossy(&output.stderr);
        let warnings: Vec<&str> =
            printed.lines().filter(|line| line.starts_with("warning: Python ")).collect();
        assert_eq!(warnings.len(), 1, "{printed}");
        assert!(warnings[0].contains("no version that sre-compiler was compared with"), "{printed}");
    };
    warned_once(&replay.run("(ab|c)", None));
    let case = replay.folder.path().join("one.case");
    warned_once(
        &Command::new(env!("CARGO_BIN_EXE_match")).arg(case).env("PYO3_PYTHON", &unknown).output().unwrap(),
    );
    Ok(())
}

sre_test_support::tests! {
    a_change_is_found_unless_it_is_expected,
    an_interpreter_of_unknown_sources_is_named_once,
}
