//! The target `differential` with two interpreters, one of them in the place of the compiler.
#![cfg(unix)]
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sre_oracle::pythons;
use sre_oracle::pythons::Python;
use sre_test_support::{Missing, Prerequisite};

/// A script that starts an interpreter without the short form of repeats.
fn changed(folder: &Path, python: &Python) -> PathBuf {
    let module = if python.info.version >= (3, 11, 0) { "re._compiler" } else { "sre_compile" };
    let program = format!(
        "import {module} as compiler\ncompiler._simple = lambda p: False\n\
         import sys\nexec(sys.argv[1], {{\"__name__\": \"__main__\"}})"
    );
    fs::write(folder.join("program.py"), program).unwrap();
    let (file, python) = (folder.join("python3"), python.path.display());
    let program = folder.join("program.py");
    let script = format!("#!/bin/sh\nexec '{python}' -I -S -c \"$(cat '{}')\" \"$4\"\n", program.display());
    fs::write(&file, script).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
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

sre_test_support::tests! { a_change_is_found_unless_it_is_expected }
