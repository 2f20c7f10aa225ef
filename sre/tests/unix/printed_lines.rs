//! The lines that `sre` prints to be pasted into a shell: each is run by one, and shows what it was printed for. What
//! diverges is a patched copy of an interpreter.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sre_test_support::{Missing, Prerequisite, Trial};

use crate::patched::{Patched, patched};

const SRE: &str = env!("CARGO_BIN_EXE_sre");

/// A folder whose name a shell has to be careful with, a patched interpreter in it, and a corpus in a repository.
struct Place {
    _folder: tempfile::TempDir,
    here: PathBuf,
    python: Patched,
}

impl Place {
    fn new() -> Result<Place, Missing> {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("it's a \\ $place");
        fs::create_dir(&here).unwrap();
        let python = Prerequisite::PythonLibrary.require(patched(&here.join("py")))?;
        Ok(Place { _folder: folder, here, python })
    }

    fn sre(&self, arguments: &[&str]) -> Output {
        Command::new(SRE).args(arguments).current_dir(&self.here).output().unwrap()
    }

    /// The patched interpreter as a user would name it.
    fn relative(&self) -> String {
        let name = self.python.path.file_name().unwrap().to_str().unwrap();
        format!("./py/bin/{name}")
    }

    /// Runs a printed line.
    fn paste(&self, line: &str, folder: &Path) -> Output {
        Command::new("sh")
            .args(["-c", line])
            .current_dir(folder)
            .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@b"), ("GIT_COMMITTER_NAME", "a")])
            .envs([("GIT_COMMITTER_EMAIL", "a@b"), ("GIT_EDITOR", "echo a case >")])
            .output()
            .unwrap()
    }

    /// The recorded answer is that of the patched interpreter, in a corpus of this test.
    fn make_corpus(&self) -> PathBuf {
        let corpus = self.here.join("corpus");
        fs::create_dir(&corpus).unwrap();
        let git = |arguments: &[&str]| {
            assert!(Command::new("git").args(arguments).current_dir(&self.here).status().unwrap().success());
        };
        git(&["init", "--quiet"]);
        corpus
    }
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The line that a word begins, without it.
fn line<'t>(printed: &'t str, word: &str) -> Option<&'t str> {
    printed.lines().find_map(|line| line.trim_start().strip_prefix(word)).map(str::trim_start)
}

/// Runs the lines of a report.
fn check_lines(place: &Place, report: &Output) {
    assert_eq!(report.status.code(), Some(2), "{report:?}");
    let printed = text(report);
    let signature = line(&printed, "signature").unwrap();
    // With a file to make, all happens where that is.
    let mut folder = PathBuf::from("/");
    if let Some(make) = line(&printed, "as a file") {
        folder.clone_from(&place.here);
        assert!(place.paste(make, &folder).status.success(), "{make}");
    }
    let reproduced = place.paste(line(&printed, "reproduce").unwrap(), &folder);
    assert_eq!(reproduced.status.code(), Some(2), "{printed}{reproduced:?}");
    assert_eq!(line(&text(&reproduced), "signature"), Some(signature));
    let explained = place.paste(line(&printed, "explain").unwrap(), &folder);
    assert_eq!(explained.status.code(), Some(2), "{printed}{explained:?}");
    assert!(text(&explained).contains("  signature  "), "{explained:?}");
    // The corpus is looked for from the current folder.
    let add = line(&printed, "add").unwrap();
    let added = place.paste(add, &place.here);
    assert!(added.status.success(), "{add}: {added:?}");
    let added = text(&added);
    let version = line(&printed, "python").unwrap().split(' ').next().unwrap().to_owned();
    assert_eq!(line(&added, "differs"), Some(&*version), "{added}");
    let next: Vec<&str> =
        added.lines().skip_while(|line| !line.contains("  next  ")).skip(1).map(str::trim).collect();
    let [commit, explain, replay] = next[..] else { panic!("{added}") };
    let committed = place.paste(commit, Path::new("/"));
    assert!(committed.status.success(), "{commit}: {committed:?}");
    assert_eq!(place.paste(explain, Path::new("/")).status.code(), Some(2), "{explain}");
    let replayed = place.paste(replay, Path::new("/"));
    assert_eq!(replayed.status.code(), Some(2), "{replay}: {replayed:?}");
    // The recorded answer differs, which needs no interpreter to be seen again.
    let again = text(&replayed);
    let again = place.paste(line(&again, "reproduce").unwrap(), Path::new("/"));
    assert_eq!(again.status.code(), Some(2), "{again:?}");
    fs::remove_dir_all(place.here.join("corpus")).unwrap();
}

fn the_lines_of_compare_and_minimize_show_the_same_divergence() -> Result<(), Missing> {
    let place = Place::new()?;
    let python = place.relative();
    let pythons = ["--pythons", &*python];
    for arguments in [
        &["compare", "-e", "it's q"][..],
        &["compare", "--debug", "--minimize", "0", "-e", r"q\\\'\s$(x)`y`!"],
        &["compare", "--bytes", "-f", "im", "-e", "q"],
        &["minimize", "-f", "x", "-e", "\u{1}\n\n\u{e9}[a]"],
        &["minimize", "-e", "--q"],
    ] {
        place.make_corpus();
        check_lines(&place, &place.sre(&[arguments, &pythons[..]].concat()));
    }
    Ok(())
}

fn between_two_versions_there_is_nothing_to_add() -> Result<(), Missing> {
    let place = Place::new()?;
    let original = place.python.original.path.to_str().unwrap();
    let dialect = if place.python.original.info.version.1 < 11 { "3.13" } else { "3.9" };
    let printed = text(&place.sre(&["compare", "--pythons", original, "--target", dialect, "-e", "a++"]));
    let reproduced = place.paste(line(&printed, "reproduce").unwrap(), Path::new("/"));
    assert_eq!(line(&text(&reproduced), "signature"), line(&printed, "signature"), "{printed}");
    let explained = place.paste(line(&printed, "explain").unwrap(), Path::new("/"));
    assert_eq!(explained.status.code(), Some(2), "{explained:?}");
    assert_eq!(line(&printed, "add"), None, "{printed}");
    Ok(())
}

/// A case file has no letter for these flags: the case is written as a line of JSON, and no line adds it to the corpus.
fn what_no_case_file_holds_is_written_as_a_line_of_json() -> Result<(), Missing> {
    let place = Place::new()?;
    let python = place.relative();
    let own = place.python.original.info.version.1;
    let own = format!("3.{own}");
    let other = if own == "3.8" { "3.13" } else { "3.8" };
    // Between versions, and of one version that is wrong; the escape is no argument, the last one is.
    for (dialect, flags, pattern, is_file) in [
        (Some(other), "0x201", "a(?!)\u{1}", true),
        (None, "0x200", "q\u{7}'\\\\%", true),
        (None, "-0x80000000", "\u{200e}q\n", true),
        (None, "0x4000", "it's q", false),
    ] {
        let flags = format!("--flags={flags}");
        let mut arguments = vec!["compare", "--minimize", "0", "--pythons", &python, &flags, "-e", pattern];
        arguments.extend(dialect.iter().flat_map(|dialect| ["--target", dialect]));
        let report = place.sre(&arguments);
        let printed = text(&report);
        assert_eq!(report.status.code(), Some(2), "{report:?}");
        let make = line(&printed, "as a file");
        assert_eq!(make.is_some(), is_file, "{printed}");
        if let Some(make) = make {
            assert!(make.ends_with("> x.jsonl"), "{printed}");
            assert!(place.paste(make, &place.here).status.success(), "{make}");
        }
        let reproduced = place.paste(line(&printed, "reproduce").unwrap(), &place.here);
        let again = text(&reproduced);
        assert_eq!(reproduced.status.code(), Some(2), "{printed}{reproduced:?}");
        assert_eq!(line(&again, "signature"), line(&printed, "signature"), "{printed}{again}");
        // The first line is the case, with all of its flags.
        assert!(printed.lines().next().is_some_and(|case| again.contains(case)), "{printed}{again}");
        assert_eq!(line(&printed, "add"), None, "{printed}");
        assert_eq!(line(&printed, "explain").is_none(), is_file, "{printed}");
    }
    Ok(())
}

fn a_program_is_named_as_the_shell_finds_it() -> Result<(), Missing> {
    let place = Place::new()?;
    let python = place.relative();
    let compare = |folders: &[&Path]| {
        let old = env::var_os("PATH").unwrap();
        let folders = folders.iter().map(|folder| folder.to_path_buf()).chain(env::split_paths(&old));
        let path = env::join_paths(folders).unwrap();
        let run = |program: &Path| {
            use std::os::unix::process::CommandExt as _;
            let mut command = Command::new(program);
            command.arg0("sre").args(["compare", "--pythons", &python, "q"]);
            text(&command.env("PATH", &path).current_dir(&place.here).output().unwrap())
        };
        line(&run(Path::new(SRE)), "reproduce").unwrap().to_owned()
    };
    let (own, old) = (place.here.join("own"), place.here.join("old"));
    fs::create_dir(&own).unwrap();
    fs::create_dir(&old).unwrap();
    symlink(SRE, own.join("sre")).unwrap();
    sre_test_support::write_program(&old.join("sre"), "#!/bin/sh\necho 0 divergences\n");
    assert!(compare(&[&own, &old]).starts_with("sre compare "), "{}", compare(&[&own, &old]));
    let executable = sre_oracle::shell::quote(Path::new(SRE).canonicalize().unwrap().to_str().unwrap());
    assert!(compare(&[&old, &own]).starts_with(&format!("{executable} compare ")), "{}", compare(&[&old]));
    Ok(())
}

fn of_two_builds_of_a_version_both_are_asked_and_each_is_named_by_its_path() -> Result<(), Missing> {
    let place = Place::new()?;
    let (patched, original) = (&place.python.path, &place.python.original.path);
    let both = env::join_paths([patched, original]).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(SRE);
        command
            .args(arguments)
            .current_dir(&place.here)
            .env("SRE_PYTHONS", &both)
            .env("PATH", "/usr/bin:/bin");
        for (name, value) in [("HOME", &place.here), ("PYENV_ROOT", &place.here)] {
            command.env(name, value);
        }
        command.env_remove("UV_PYTHON_INSTALL_DIR").env_remove("XDG_DATA_HOME").output().unwrap()
    };
    let label = place.python.original.info.label();
    let output = run(&["compare", "-v", "--pythons", "all", "-e", "q"]);
    let printed = text(&output);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let rows: Vec<&str> = printed.lines().filter(|line| line.starts_with(&format!("{label} "))).collect();
    for path in [patched, original] {
        let ends = |row: &&&str| row.ends_with(path.to_str().unwrap());
        assert_eq!(rows.iter().filter(ends).count(), 1, "{printed}");
    }
    let named = sre_oracle::shell::quote(patched.to_str().unwrap());
    let reproduce = line(&printed, "reproduce").unwrap();
    assert!(reproduce.contains(&format!("--pythons {named} ")), "{reproduce}");
    // What answers are recorded of, is one answer a version.
    let corpus = place.make_corpus();
    let corpus_folder = corpus.to_str().unwrap();
    let add =
        |pattern: &str| run(&["corpus", "add", "--corpus", corpus_folder, "--name", "x", "-e", pattern]);
    let refused = add("q");
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("give different answers"), "{refused:?}");
    assert!(!corpus.join("regressions/x.case").exists());
    assert_eq!(add("a").status.code(), Some(0));
    let swept = run(&["exhaustive", "--tokens", "1", "--pythons", "all"]);
    assert_eq!(swept.status.code(), Some(1), "{swept:?}");
    assert!(String::from_utf8_lossy(&swept.stderr).contains("run them one by one"), "{swept:?}");
    Ok(())
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials! {
        the_lines_of_compare_and_minimize_show_the_same_divergence,
        between_two_versions_there_is_nothing_to_add,
        what_no_case_file_holds_is_written_as_a_line_of_json,
        a_program_is_named_as_the_shell_finds_it,
        of_two_builds_of_a_version_both_are_asked_and_each_is_named_by_its_path,
    }
}
