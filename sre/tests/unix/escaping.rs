//! Text of others does not reach a terminal unchanged: names of files, patterns, what a recording contains.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sre_test_support::{Missing, Trial};

use crate::common;

/// Colours, a line of its own, a carriage return, the eight-bit CSI, a change of direction, and no UTF-8.
const HOSTILE: &[u8] = b"x\x1b[31m\nINJECTED\r\xC2\x9b\xE2\x80\xAE\xff";

fn hostile(extension: &str) -> OsString {
    OsString::from_vec([HOSTILE, extension.as_bytes()].concat())
}

/// As much of it as a pattern may be.
fn hostile_text() -> OsString {
    OsStr::from_bytes(&HOSTILE[..HOSTILE.len() - 1]).to_owned()
}

/// Fails if the output contains control characters, or a line made by foreign text.
fn assert_visible(what: &str, output: &[u8]) {
    let text = String::from_utf8(output.to_vec()).unwrap_or_else(|_| panic!("{what}: {output:?}"));
    let obeyed = |c: char| c.is_control() && c != '\n' && c != '\t' || matches!(c, '\u{200e}'..='\u{202e}');
    assert!(!text.contains(obeyed), "{what}: {text:?}");
    assert!(!text.lines().any(|line| line.starts_with("INJECTED")), "{what}: {text:?}");
}

/// Runs the command, and returns all that it prints.
fn printed(folder: &Path, arguments: &[&OsStr]) -> String {
    let shown = format!("{arguments:?}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    let output = command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap();
    assert_visible(&shown, &output.stdout);
    assert_visible(&shown, &output.stderr);
    assert!(output.status.code().is_some_and(|code| code != 70), "{shown}: {output:?}");
    let both = [output.stdout, output.stderr].concat();
    String::from_utf8(both).unwrap()
}

fn words<'w>(words: &'w [&'w str]) -> Vec<&'w OsStr> {
    words.iter().map(OsStr::new).collect()
}

fn names_of_files_are_escaped_by_every_verb() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let file = |extension: &str, content: &[u8]| -> OsString {
        let name = hostile(extension);
        fs::write(here.join(&name), content).unwrap();
        name
    };
    let wrong = file(".case", b"no header");
    let lines = file(".jsonl", b"{\"kind\": \"str\", \"pattern\": \"(\", \"flags\": 0}\n{}\n");
    let python = file(".py", b"import re\nre.compile('(')\nre.compile(x)\n");
    let broken = file("broken.py", b"(");
    let state = file(".state", b"{}");
    let missing = hostile("missing.case");
    let empty = hostile("empty");
    fs::create_dir(here.join(&empty)).unwrap();
    let corpus = hostile("corpus");
    fs::create_dir_all(here.join(&corpus).join("seeds")).unwrap();
    fs::create_dir(here.join(&corpus).join("answers")).unwrap();
    fs::write(here.join(&corpus).join("seeds/a.case"), "str -\n(").unwrap();
    fs::write(here.join(&corpus).join("seeds").join(&wrong), "str -\na").unwrap();
    let unwritable = Path::new(&missing).join("x").into_os_string();

    let runs: Vec<(Vec<&str>, Vec<&OsStr>)> = vec![
        (vec!["check", "--source"], vec![&python, &broken, &missing, &empty]),
        (vec!["check", "--skipped", "--source"], vec![OsStr::new(".")]),
        (vec!["check", "--format", "github", "--source"], vec![&python, &broken, &missing, &empty]),
        (vec!["check", "--jsonl"], vec![&lines]),
        (vec!["check", "--format", "github", "--jsonl"], vec![&lines]),
        (vec!["check", "--jsonl"], vec![&missing]),
        (vec!["compare"], vec![&wrong]),
        (vec!["compare"], vec![&lines]),
        (vec!["compare"], vec![&missing]),
        (vec!["compare"], vec![&empty]),
        (vec!["compare", "--jsonl"], vec![&lines]),
        (vec!["compare", "--jsonl"], vec![&wrong]),
        (vec!["compare", "a", "--pythons"], vec![&unwritable]),
        (vec!["minimize"], vec![&wrong]),
        (vec!["explain"], vec![&missing]),
        (vec!["corpus", "add"], vec![&wrong]),
        (vec!["corpus", "add", "a", "--name", "b", "--corpus"], vec![&missing]),
        (vec!["corpus", "add", "a", "--name", "b", "--pythons"], vec![&unwritable]),
        (vec!["corpus", "test"], vec![&missing]),
        (vec!["corpus", "test"], vec![&empty]),
        (vec!["corpus", "test"], vec![&wrong]),
        (vec!["corpus", "test", "--no-python"], vec![&corpus]),
        (vec!["memory", "--python", "none"], vec![&wrong]),
        (vec!["memory", "--python", "none", "--jsonl"], vec![&missing]),
        (vec!["memory", "--python"], vec![&unwritable]),
        (vec!["record", "--python"], vec![&unwritable, OsStr::new("--"), OsStr::new("-c"), OsStr::new("")]),
        (vec!["exhaustive", "--tokens", "1", "--state"], vec![&state]),
        (vec!["exhaustive", "--merge"], vec![&missing]),
        (vec!["soak", "--minutes", "0.001", "--jsonl"], vec![&missing]),
        (vec!["soak", "--minutes", "0.001", "-o"], vec![&unwritable]),
        (vec!["soak", "--python"], vec![&unwritable]),
        (vec!["check"], vec![&lines]),
        (vec!["dis"], vec![&wrong]),
        (vec![], vec![&missing]),
        (vec!["compare", "a", "--jobs"], vec![&missing]),
        (vec!["compile", "a", "--python"], vec![&missing]),
        (vec!["compile", "a", "--flags"], vec![&missing]),
    ];
    for (verb, rest) in runs {
        let printed = printed(here, &[words(&verb), rest].concat());
        // A name that is not UTF-8 may be missing in the message.
        let refused = printed.contains("not UTF-8") || printed.contains("invalid UTF-8");
        assert!(
            printed.contains(r"\x1b[31m\x0aINJECTED") || refused || printed.contains('\u{fffd}'),
            "{verb:?}: {printed}"
        );
    }
}

/// These look for an interpreter first.
fn names_of_files_are_escaped_by_verbs_that_start_interpreters() -> Result<(), Missing> {
    let python = common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let (missing, python) = (hostile("missing.py"), python.path.as_os_str());
    let unwritable = Path::new(&missing).join("x").into_os_string();
    for rest in [
        &[OsStr::new("--"), &missing][..],
        &[OsStr::new("-o"), &unwritable, OsStr::new("--"), OsStr::new("-c"), OsStr::new("")],
    ] {
        let arguments = [&[OsStr::new("record"), OsStr::new("--python"), python], rest].concat();
        let printed = printed(folder.path(), &arguments);
        assert!(printed.contains(r"\x1b[31m\x0aINJECTED") || printed.contains("not UTF-8"), "{printed}");
    }
    for verb in ["answers", "coverage"] {
        let printed = printed(folder.path(), &[OsStr::new(verb), &missing]);
        assert!(printed.contains(r"\x1b[31m\x0aINJECTED"), "{verb}: {printed}");
    }
    Ok(())
}

fn patterns_are_escaped_by_every_verb() {
    let folder = tempfile::tempdir().unwrap();
    let text = hostile_text();
    let in_error = OsString::from_vec([b"(?", HOSTILE[1..].split_last().unwrap().1].concat());
    let in_set = OsString::from_vec([&b"["[..], b"\x1b-\x0d", b"]"].concat());
    let in_name = OsString::from_vec(b"(?P<a>x)(?P<\x1b\xE2\x80\xAE>x)".to_vec());
    for pattern in [&text, &in_error, &in_set, &in_name] {
        for verb in [
            &["check"][..],
            &["check", "--format", "github"],
            &["compile"],
            &["dis"],
            &["dis", "--spans"],
            &["compare"],
            &["compare", "--debug"],
            &["minimize"],
            &["explain"],
            &["corpus", "add", "--name", "a", "--corpus", "."],
        ] {
            printed(folder.path(), &[words(verb), vec![pattern]].concat());
        }
    }
}

/// One of two dialects is not the interpreter's: there are divergences to show.
fn patterns_are_escaped_in_divergences() -> Result<(), Missing> {
    common::newest()?;
    let folder = tempfile::tempdir().unwrap();
    let possessive = OsString::from_vec(b"a++\x1b\xE2\x80\xAE".to_vec());
    for verb in [&["compare", "-e"][..], &["explain", "-e"], &["minimize", "-e"]] {
        let dialects = ["3.8", "3.13"].map(|dialect| {
            let mut arguments = [words(verb), vec![&*possessive]].concat();
            arguments.extend(["--target", dialect].map(OsStr::new));
            printed(folder.path(), &arguments)
        });
        assert!(dialects.concat().contains(r"\x1b"), "{verb:?}: {dialects:?}");
    }
    Ok(())
}

fn what_a_recording_says_is_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jsonl");
    let source = r"x\u001b[31m\nINJECTED\r\u009b\u202e.py:1";
    let line = format!(
        "{{\"kind\": \"str\", \"pattern\": \"(?\\u001b\", \"flags\": 0, \"source\": \"{source}\"}}\n"
    );
    fs::write(&file, format!("{line}{{\"kind\u{1b}\": 1}}\n{{\"\\u001b\": x}}\n")).unwrap();
    for format in ["text", "github"] {
        let printed = printed(folder.path(), &words(&["check", "--format", format, "--jsonl", "a.jsonl"]));
        assert!(printed.contains(r"\x1b"), "{printed}");
    }
    printed(folder.path(), &words(&["compare", "--jsonl", "a.jsonl"]));
}

/// An interpreter may say anything of itself.
fn what_an_interpreter_says_is_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let python = folder.path().join(hostile("python3"));
    let info = r#"{"executable": "/x\u001b[31m\nINJECTED", "hello": {"version": [3, 13, 0], "level": "\u001b\nINJECTED", "magic": 1,
        "unidata": "\u001b", "implementation": "\u001b\r\nINJECTED", "digits": null}}"#;
    let script = format!("#!/bin/sh\nprintf '%s\\n' '{}'\n", info.replace("\n        ", " "));
    sre_test_support::write_program(&python, &script);
    let output = Command::new(env!("CARGO_BIN_EXE_sre"))
        .arg("pythons")
        .env("SRE_PYTHONS", &python)
        .env("PATH", "")
        .env("HOME", folder.path())
        .env_remove("PYENV_ROOT")
        .output()
        .unwrap();
    assert_visible("pythons", &output.stdout);
    assert!(String::from_utf8_lossy(&output.stdout).contains(r"\x1b"), "{output:?}");
    assert_visible("pythons", &output.stderr);
}

/// `Path::display` does not escape control characters, so printed paths go through `visible`.
fn no_source_displays_a_path_as_it_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    // Every crate but the compiler, which knows no paths, and this folder.
    let crates = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = crates
        .filter(|path| !path.ends_with("compiler") && !path.ends_with("test-support"))
        .map(|path| path.join("src"))
        .filter(|path| path.is_dir())
        .collect();
    assert!(folders.len() >= 13, "{folders:?}");
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files += 1;
                let text = fs::read_to_string(&path).unwrap();
                assert!(!text.contains(".display()"), "{path:?}: use visible::Shown");
            }
        }
    }
    assert!(files > 100, "{files}");
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials! {
        names_of_files_are_escaped_by_every_verb,
        names_of_files_are_escaped_by_verbs_that_start_interpreters,
        patterns_are_escaped_by_every_verb,
        patterns_are_escaped_in_divergences,
        what_a_recording_says_is_escaped,
        what_an_interpreter_says_is_escaped,
        no_source_displays_a_path_as_it_is,
    }
}
