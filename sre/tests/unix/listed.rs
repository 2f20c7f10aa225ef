//! What `SRE_PYTHONS` lists and is no interpreter that works: reported, and given up soon.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::{OpenOptionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use sre_oracle::pythons;
use sre_test_support::{Missing, Prerequisite, Trial};

use crate::common;

/// A script that runs, and leaves a mark that it did.
fn fake(folder: &Path, name: &str, script: &str) -> PathBuf {
    let file = folder.join(name);
    let mark = folder.join(format!("{name}.ran"));
    let script = format!("#!/bin/sh\necho $$ >>'{}'\n{script}\n", mark.display());
    sre_test_support::write_program(&file, &script);
    file
}

/// Makes a FIFO, and returns a script that has it open as long as one of its processes runs.
fn hold_open(folder: &Path, name: &str, script: &str) -> String {
    let fifo = folder.join(name);
    common::make_fifo(&fifo);
    format!("exec 9<>'{}'\n{script}", fifo.display())
}

/// Waits until no process has a FIFO open, and fails if that takes long. A process that has ended and
/// that nobody has waited for yet has no files open.
fn wait_for_end(fifo: &Path) {
    let mut reader = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(fifo).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while reader.read(&mut [0]).is_err() {
        assert!(Instant::now() < deadline, "{}: a process was left", fifo.display());
        thread::sleep(Duration::from_millis(10));
    }
}

/// Each path with the reason that is to be said.
fn broken(folder: &Path) -> Vec<(PathBuf, &'static str)> {
    let plain = folder.join("plain");
    fs::write(&plain, "no program").unwrap();
    let empty = folder.join("empty");
    fs::create_dir(&empty).unwrap();
    let link = folder.join("link");
    symlink(folder.join("nowhere"), &link).unwrap();
    let frame = "printf '%s\\n' 60000000; cat /dev/zero";
    vec![
        (fake(folder, "hangs", &hold_open(folder, "hangs.alive", "exec sleep 1000")), "no answer within "),
        (fake(folder, "waits", &hold_open(folder, "waits.alive", "sleep 1000")), "no answer within "),
        (fake(folder, "closes", "exec >&-; exec sleep 1000"), "it closed its output"),
        (fake(folder, "fails", "exit 1"), "it ended with exit status: 1"),
        (fake(folder, "succeeds", "exit 0"), "it ended with exit status: 0"),
        (fake(folder, "dies", "kill -9 $$"), "it ended with signal: 9"),
        (fake(folder, "garbage", "echo Welcome to Python"), "invalid reply; not a Python"),
        (fake(folder, "object", "echo '{}'"), "invalid reply; not a Python"),
        (fake(folder, "frame", frame), "invalid reply; not a Python"),
        (fake(folder, "endless", "exec cat /dev/zero"), "a line is too long"),
        (folder.join("missing"), "No such file or directory"),
        (link, "No such file or directory"),
        (plain, "Permission denied"),
        (empty, "contains no python3"),
    ]
}

fn sre(arguments: &[&str], listed: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    command.args(arguments).env("SRE_START_LIMIT", "5");
    command.env("SRE_PYTHONS", std::env::join_paths(listed).unwrap()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn what_does_not_work_is_listed_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let broken = broken(folder.path());
    let paths: Vec<&Path> = broken.iter().map(|(path, _)| path.as_path()).collect();
    let output = sre(&["pythons"], &paths);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    let printed = text(&output.stdout);
    for (path, why) in &broken {
        let path = format!(" {}  (", path.display());
        let lines: Vec<&str> = printed.lines().filter(|line| line.contains(&path)).collect();
        assert!(lines.len() == 1 && lines[0].contains(why), "{path}: {why}\n{printed}");
    }
    for name in ["hangs", "waits"] {
        wait_for_end(&folder.path().join(format!("{name}.alive")));
    }

    let output = sre(&["pythons", "--format", "json"], &paths);
    let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (path, why) in &broken {
        let failures = listed["failures"].as_array().unwrap().iter();
        let failures: Vec<_> = failures.filter(|failure| failure["path"] == path.to_str().unwrap()).collect();
        assert!(failures.len() == 1 && failures[0]["listed"] == true, "{}: {listed:#}", path.display());
        assert!(failures[0]["why"].as_str().unwrap().contains(why), "{why}: {listed:#}");
    }
}

fn other_verbs_say_what_does_not_work_and_use_the_rest() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let (missing, fails) = (folder.path().join("missing"), fake(folder.path(), "fails", "exit 1"));
    let hangs = fake(folder.path(), "hangs", "exec sleep 1000");
    let listed = [missing.as_path(), &fails, &hangs, &python.path];
    let (major, minor, patch) = python.info.version;
    let version = format!("{major}.{minor}.{patch}");
    let output = sre(&["compare", "--pythons", &version, "a"], &listed);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let stderr = text(&output.stderr);
    assert_eq!(stderr.lines().count(), 3, "{stderr}");
    for path in [&missing, &fails, &hangs] {
        let begins = format!("warning: SRE_PYTHONS: {}: ", path.display());
        assert!(stderr.lines().any(|line| line.starts_with(&begins)), "{stderr}");
    }
    let output = sre(&["compare", "--pythons", "3.1", "a"], &listed);
    assert!(output.status.code() == Some(1) && text(&output.stderr).lines().count() == 4, "{output:?}");
    Ok(())
}

/// Runs commands while a listed interpreter hangs: they succeed without a message, and do not start it.
fn nothing_listed_is_started(commands: &[Vec<&str>]) {
    let folder = tempfile::tempdir().unwrap();
    let hangs = fake(folder.path(), "hangs", "exec sleep 1000");
    for arguments in commands {
        let output = sre(arguments, &[&hangs]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{arguments:?}");
        assert!(!folder.path().join("hangs.ran").exists(), "{arguments:?}");
    }
}

fn where_none_has_to_be_looked_for_nothing_is_started() {
    let mut commands = vec![vec!["compile", "a"], vec!["check", "a"]];
    if cfg!(feature = "embedded") {
        commands.extend([
            vec!["compare", "a"],
            vec!["compare", "--pythons", "embedded", "a"],
            vec!["explain", "a"],
        ]);
    }
    nothing_listed_is_started(&commands);
}

fn where_one_is_named_no_other_is_started() -> Result<(), Missing> {
    let python = common::newest()?;
    let path = python.path.to_str().unwrap();
    nothing_listed_is_started(&[
        vec!["compare", "--pythons", path, "a"],
        vec!["explain", "--python", path, "a"],
    ]);
    Ok(())
}

#[cfg(target_os = "linux")]
fn an_interpreter_in_a_folder_whose_name_is_not_utf_8_is_found() -> Result<(), Missing> {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap().join(OsStr::from_bytes(b"\xff"));
    fs::create_dir(&folder).unwrap();
    // A link would be followed to a name that is UTF-8.
    let copy = folder.join("python3");
    sre_test_support::copy_program(&python.path, &copy);
    let ran = Command::new(&copy).args(["-I", "-S", "-c", "import json"]).output().unwrap();
    Prerequisite::PythonElsewhere.require(ran.status.success().then_some(()))?;
    let found = pythons::probe(&copy).unwrap();
    assert_eq!((found.info, found.path), (python.info, copy));
    Ok(())
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials! {
        what_does_not_work_is_listed_with_the_reason,
        other_verbs_say_what_does_not_work_and_use_the_rest,
        where_none_has_to_be_looked_for_nothing_is_started,
        where_one_is_named_no_other_is_started,
        #[cfg(target_os = "linux")]
        an_interpreter_in_a_folder_whose_name_is_not_utf_8_is_found,
    }
}
