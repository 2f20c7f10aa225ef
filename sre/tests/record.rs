//! `sre record`: programs behave as they would, and what they compile is written down.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use sre_case::{Case, wire};
use sre_oracle::pythons::Python;
use sre_oracle::{Options, Reference, compare_all};
use sre_test_support::{Missing, Prerequisite};

/// The newest of each minor version.
fn one_of_each_minor(pythons: Vec<Python>) -> Vec<Python> {
    let newest: BTreeMap<u32, Python> =
        pythons.into_iter().map(|python| (python.info.version.1, python)).collect();
    newest.into_values().collect()
}

fn record(python: &Path, folder: &Path, program: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(["record", "--output", "out.jsonl", "--python"]).arg(python).arg("--").args(program);
    command.current_dir(folder).output().unwrap()
}

fn cases(file: &Path) -> Vec<Case> {
    let lines = fs::read(file).unwrap();
    lines.split_inclusive(|&byte| byte == b'\n').map(|line| wire::parse_request(line).unwrap().case).collect()
}

/// What a program of many ways to compile prints does not show the recording, but for the order of the processes.
fn a_program_does_what_it_would_and_all_that_it_compiles_is_recorded() -> Result<(), Missing> {
    for python in one_of_each_minor(common::pythons()?) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("program.py"), include_str!("record_program.py")).unwrap();
        let arguments = ["program.py", "a", "-b", "--c"];
        let plain = Command::new(&python.path).args(arguments).current_dir(folder.path()).output().unwrap();
        let recorded = record(&python.path, folder.path(), &arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&recorded.stdout), text(&plain.stdout), "{}", python.info.label());
        let stderr = text(&recorded.stderr);
        let (programs, report) = stderr.trim_end().rsplit_once('\n').unwrap();
        assert_eq!(format!("{programs}\n"), text(&plain.stderr), "{}", python.info.label());
        assert!(report.starts_with("sre: ") && report.contains(" patterns recorded in "), "{report}");
        assert!(text(&plain.stderr).contains("program.py:12: FutureWarning"), "{}", text(&plain.stderr));
        assert_eq!((plain.status.code(), recorded.status.code()), (Some(7), Some(7)));

        let cases: Vec<String> =
            cases(&folder.path().join("out.jsonl")).iter().map(|case| format!("{case:?}")).collect();
        let expected = [
            "re.compile('[[a]')",
            "re.compile('((a')",
            r"re.compile(b'\xff+', re.I)",
            r"re.compile('\ud800\U0001f600\n\x7f')",
            "re.compile('module')",
            "re.compile('fork')",
            "re.compile('closed')",
            "re.compile('subprocess')",
            "re.compile('multiprocessing')",
            "re.compile('thread')",
            "re.compile('last')",
        ];
        let mut rest = cases.iter();
        for expected in expected {
            assert!(rest.any(|case| case == expected), "{}: {expected} in {cases:#?}", python.info.label());
        }
        let distinct: std::collections::HashSet<&String> = cases.iter().collect();
        assert_eq!(distinct.len(), cases.len());
    }
    Ok(())
}

fn the_exit_status_is_the_programs() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let status = |code: &str| record(&python.path, folder.path(), &["-c", code]).status.code();
    assert_eq!(status("import sys; sys.exit(3)"), Some(3));
    assert_eq!(status("1/0"), Some(1));
    assert_eq!(status("import os; os.kill(os.getpid(), 9)"), Some(137));
    assert_eq!(status("import os; os.kill(os.getppid(), 15); import time; time.sleep(20)"), Some(143));
    Ok(())
}

fn a_sitecustomize_that_is_there_is_run_and_only_it_is_seen() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sitecustomize.py"), "import re; re.compile('user'); mark = 1").unwrap();
    let code = "import sitecustomize, sys, os; re = sitecustomize.re; re.compile('program')
print(sitecustomize.mark, sitecustomize.__file__, [path for path in sys.path if 'record' in path])";
    let output = Command::new(env!("CARGO_BIN_EXE_sre"))
        .args(["record", "-o", "out.jsonl", "--python"])
        .arg(&python.path)
        .args(["--", "-c", code])
        .current_dir(folder.path())
        .env("PYTHONPATH", folder.path())
        .output()
        .unwrap();
    let expected = format!("1 {} []\n", folder.path().join("sitecustomize.py").display());
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    let shown: Vec<String> =
        cases(&folder.path().join("out.jsonl")).iter().map(|case| format!("{case:?}")).collect();
    assert!(
        shown.iter().any(|case| case.contains("user")) && shown.iter().any(|case| case.contains("program"))
    );
    Ok(())
}

#[cfg(unix)]
fn a_script_on_the_path_is_run_as_a_shell_would() -> Result<(), Missing> {
    let python = common::newest()?;
    let (folder, bin) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let tool = bin.path().join("some-tool");
    let script = "#!/usr/bin/env python3\nimport re, sys\nre.compile(sys.argv[1])\nprint(__file__)\n";
    sre_test_support::write_program(&tool, script);
    let run = |program: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
        command
            .args(["record", "--output", "out.jsonl", "--python"])
            .arg(&python.path)
            .arg("--")
            .args(program);
        command.current_dir(folder.path()).env("PATH", bin.path()).output().unwrap()
    };
    let output = run(&["some-tool", "from-the-tool"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{}\n", tool.display()));
    let shown: Vec<String> =
        cases(&folder.path().join("out.jsonl")).iter().map(|case| format!("{case:?}")).collect();
    assert!(shown.contains(&"re.compile('from-the-tool')".to_owned()), "{shown:?}");
    let before = fs::read(folder.path().join("out.jsonl")).unwrap();
    let missing = run(&["pytest", "-x"]);
    assert_eq!(missing.status.code(), Some(1), "{missing:?}");
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(said.contains("sre record -- -m pytest"), "{said}");
    assert_eq!(fs::read(folder.path().join("out.jsonl")).unwrap(), before);
    Ok(())
}

/// What ships with each CPython to test its `re`: all that it compiles is compiled alike.
fn the_regex_tests_of_each_cpython_are_compiled_alike() -> Result<(), Missing> {
    let has_tests = |python: &Python| {
        let code = "import test.test_re, test.re_tests";
        Command::new(&python.path).args(["-c", code]).output().is_ok_and(|output| output.status.success())
    };
    let mut pythons = common::pythons()?;
    pythons.retain(has_tests);
    let pythons = Prerequisite::PythonTests.require((!pythons.is_empty()).then_some(pythons))?;
    for python in one_of_each_minor(pythons) {
        let folder = tempfile::tempdir().unwrap();
        let output = record(&python.path, folder.path(), &["-m", "test", "test_re"]);
        let label = python.info.label();
        assert!(output.status.success(), "{label}: {}", String::from_utf8_lossy(&output.stdout));
        let cases = cases(&folder.path().join("out.jsonl"));
        assert!(cases.len() > 3000, "{label}: {}", cases.len());
        let options = Options { jobs: 2, debug: true, time_limit: Duration::from_secs(30), dialect: None };
        let stats = compare_all(&Reference::Python(python), options, cases.into_iter(), &|_| ()).unwrap();
        eprintln!("{label}: {} accepted and {} refused alike", stats.accepted, stats.rejected);
        assert_eq!(stats.accepted + stats.rejected, stats.compared, "{label}: {:#?}", stats.unknown);
    }
    Ok(())
}

sre_test_support::tests! {
    a_program_does_what_it_would_and_all_that_it_compiles_is_recorded,
    the_exit_status_is_the_programs,
    a_sitecustomize_that_is_there_is_run_and_only_it_is_seen,
    #[cfg(unix)]
    a_script_on_the_path_is_run_as_a_shell_would,
    the_regex_tests_of_each_cpython_are_compiled_alike,
}
