//! `sre check --source`: which files are checked, and the messages for those that cannot be.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Returns the exit status, standard output and standard error.
fn check(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sre"));
    let output = command.arg("check").args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    for name in ["good", "bad", "broken", "empty"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    write("good/a.py", b"import re\nre.compile('a')\n");
    write("bad/a.py", b"import re\nre.compile('(')\n");
    write("broken/a.py", b"import re\n)\n");
    write("broken/b.py", b"# coding: nonsense\n");
    write("broken/c.py", b"'\xff'\n");
    write("empty/a.txt", b"(");
    folder
}

#[test]
fn what_cannot_be_checked_is_an_error() {
    let folder = files();
    let (status, out, err) = check(folder.path(), &["--source", "broken"]);
    assert_eq!(status, Some(1), "{out}{err}");
    assert!(out.starts_with("3 files, 3 not checked\n0 patterns for "), "{out}");
    let lines: Vec<&str> = err.lines().collect();
    assert_eq!(lines.len(), 3, "{err}");
    assert!(lines[0].starts_with("error: broken/a.py:2: ") && lines[0].ends_with("; not checked"), "{err}");
    assert!(lines[1].contains("b.py:1: declares the unknown encoding \"nonsense\"; not checked"), "{err}");
    assert!(
        lines[2].contains("c.py: not UTF-8 (byte 1), and declares no other encoding; not checked"),
        "{err}"
    );
    assert_eq!(check(folder.path(), &["--source", "good", "broken/b.py"]).0, Some(1));
    // A finding has precedence over an unreadable file.
    assert_eq!(check(folder.path(), &["--source", "bad", "broken"]).0, Some(2));
    assert_eq!(check(folder.path(), &["--source", "broken", "bad"]).0, Some(2));
    assert_eq!(check(folder.path(), &["--source", "good"]).0, Some(0));
}

#[test]
fn each_format_reports_files_that_are_not_checked() {
    let folder = files();
    let (status, out, err) =
        check(folder.path(), &["--format", "github", "--source", "broken", "empty", "nowhere"]);
    assert_eq!((status, err.as_str()), (Some(1), ""), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 5, "{out}");
    assert!(lines[0].starts_with("::error file=broken/a.py,line=2,title=SRE005 file-not-checked::"), "{out}");
    assert!(
        lines[2].starts_with("::error file=broken/c.py,title=SRE005 file-not-checked::not UTF-8"),
        "{out}"
    );
    assert_eq!(lines[3], "::error file=empty,title=SRE005 file-not-checked::no Python files found");
    assert!(
        lines[4].starts_with("::error file=nowhere,title=SRE005 file-not-checked::No such file"),
        "{out}"
    );

    let (status, out, err) = check(folder.path(), &["--format", "json", "--source", "broken", "empty"]);
    assert_eq!((status, err.as_str()), (Some(1), ""), "{out}");
    let entries: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.len(), 5, "{out}");
    assert_eq!((entries[0]["file"].as_str(), entries[0]["line"].as_u64()), (Some("broken/a.py"), Some(2)));
    assert_eq!(entries[3]["note"], "no Python files found");
    assert_eq!(entries[4]["summary"]["unreadable"], 3);
}

#[test]
fn it_is_an_error_if_there_is_nothing_to_check() {
    let folder = files();
    let (status, out, err) = check(folder.path(), &["--source", "empty"]);
    assert_eq!(status, Some(1), "{out}{err}");
    assert_eq!(err, "error: empty: no Python files found; not checked\n");
    assert!(out.starts_with("0 files, 0 not checked\n"), "{out}");
    // One of several, too: its name may be mistyped.
    assert_eq!(check(folder.path(), &["--source", "good", "empty"]).0, Some(1));
    let (status, out, err) = check(folder.path(), &["--source", "nowhere", "good"]);
    assert_eq!(status, Some(1));
    assert!(
        err.contains("nowhere: No such file") && out.starts_with("2 files, 1 not checked\n1 pattern for "),
        "{out}{err}"
    );
}

#[test]
fn a_file_is_checked_once() {
    let folder = files();
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.py", folder.path().join("good/link.py")).unwrap();
    for paths in [
        &["good", "good"][..],
        &["good", "good/a.py"],
        &["./good/a.py", "good"],
        &["good/a.py", "bad/../good/a.py"],
    ] {
        let (_, out, _) = check(folder.path(), &[&["--source"], paths].concat());
        assert!(out.starts_with("1 file, 0 not checked\n1 pattern for "), "{paths:?}: {out}");
    }
}

/// Many calls on one line: the time is not their product.
#[test]
fn a_long_line_of_calls_is_no_problem() {
    let folder = tempfile::tempdir().unwrap();
    let line = "re.match(x, y); re.match('a', y); ".repeat(100_000);
    fs::write(folder.path().join("a.py"), format!("import re\n{line}\n")).unwrap();
    let (status, out, err) = check(folder.path(), &["--target", "3.13", "--source", "."]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("\n100,000 patterns for ") && out.contains("\n100,000 calls skipped: "), "{out}");
}
