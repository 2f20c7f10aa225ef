//! Everything that writes files, from outside: what an output may be, what is left of it when a write fails, and two runs
//! that write the same.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::{fs, thread};

use sre_case::Case;
use sre_support::lock;
use sre_support::lock::Lock;
use sre_test_support::{Missing, Prerequisite, Trial};

use crate::common;
use crate::common::make_fifo;

#[path = "writers_record.rs"]
mod record;

const SRE: &str = env!("CARGO_BIN_EXE_sre");

/// The newest interpreter, which tests of `record` and `keep` run.
fn python() -> Result<&'static Path, Missing> {
    static PYTHON: OnceLock<Result<PathBuf, Missing>> = OnceLock::new();
    PYTHON.get_or_init(|| common::newest().map(|python| python.path)).as_deref().map_err(|missing| *missing)
}

fn sre(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(SRE);
    command.args(arguments).current_dir(folder);
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn six_cases_kept_at_once_are_all_kept() -> Result<(), Missing> {
    let python = python()?;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("corpus")).unwrap();
    let keep = |n: usize| {
        let (name, pattern) = (format!("case-{n}"), format!("\n{n}|a*"));
        let arguments = ["corpus", "add", "--corpus", "corpus", "--name", &name, "-e", &pattern, "--pythons"];
        let mut command = sre(folder.path(), &arguments);
        command.arg(python).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<Child> = (0..6).map(keep).collect();
    for child in running {
        let done = child.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    }
    let answers = text(&folder.path().join("corpus/answers/regressions.jsonl"));
    for n in 0..6 {
        assert!(answers.contains(&format!("\"case-{n}.case\"")), "{answers}");
        let written = fs::read(folder.path().join(format!("corpus/regressions/case-{n}.case"))).unwrap();
        assert_eq!(Case::decode(&written), Case::str(&format!("\n{n}|a*"), sre_compiler::Flags::empty()));
    }
    let replayed = sre(folder.path(), &["corpus", "test", "corpus", "--no-python"]).output().unwrap();
    assert_eq!(replayed.status.code(), Some(0), "{replayed:?}");
    assert_eq!(names(&folder.path().join("corpus")), ["answers", "regressions"], "a lock is left");
    Ok(())
}

fn keep_and_answers_wait_for_who_writes_the_answers() -> Result<(), Missing> {
    let python = python()?;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("corpus")).unwrap();
    let path = lock::beside(&folder.path().join("corpus/answers")).unwrap();
    let held = Lock::try_take(&path).unwrap().unwrap();
    let start = |arguments: &[&str]| {
        let mut command = sre(folder.path(), arguments);
        let command = command.arg("--pythons").arg(python).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("waiting for another run"), "{line}");
        child
    };
    let keep = start(&["corpus", "add", "--corpus", "corpus", "--name", "a", "a|b"]);
    let answers = start(&["corpus", "record", "--accept"]);
    assert!(!folder.path().join("corpus/regressions").exists());
    drop(held);
    for child in [keep, answers] {
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
    }
    assert!(text(&folder.path().join("corpus/answers/regressions.jsonl")).contains("\"a.case\""));
    Ok(())
}

/// What cannot be in a case file is refused before an interpreter is started.
fn a_case_that_no_case_file_can_hold_is_not_added() {
    let folder = tempfile::tempdir().unwrap();
    for (flags, named) in [("t", "re.T"), ("128", "re.DEBUG"), ("0x200", "0x200"), ("-1", "-0x17f")] {
        let flags = format!("--flags={flags}");
        let arguments =
            ["corpus", "add", "--corpus", ".", "--name", "a", &flags, "--pythons", "./missing", "-e", "a"];
        let done = sre(folder.path(), &arguments).output().unwrap();
        assert_eq!(done.status.code(), Some(1));
        let expected =
            format!("error: the case cannot be added: a case file has no letter for the flags {named}\n");
        assert_eq!(stderr(&done), expected);
    }
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[cfg(feature = "embedded")]
mod embedded {
    use sre_case::{Text, wire};
    use sre_compiler::Flags;
    use sre_oracle::Embedded;

    use super::*;

    /// Minimizes a template with a repeat, which 3.12 refuses and 3.13 accepts: the flag must stay.
    fn minimize_template(folder: &Path, output: &str) -> Output {
        let own = Embedded::new().unwrap().info().dialect().unwrap();
        let other = if own.min_version() < (3, 13, 0) { "3.13" } else { "3.12" };
        let arguments = [
            "minimize",
            "--pythons",
            "embedded",
            "--target",
            other,
            "-f",
            "t",
            "-o",
            output,
            "-e",
            "(x|a*)b",
        ];
        sre(folder, &arguments).output().unwrap()
    }

    fn minimize_refuses_what_a_case_file_cannot_hold_and_a_line_of_json_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let refused = minimize_template(folder.path(), "x.case");
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        let said = stderr(&refused);
        assert!(said.contains("cannot write x.case: a case file has no letter for the flags re.T"), "{said}");
        assert!(said.contains(".jsonl"), "{said}");
        let printed = String::from_utf8_lossy(&refused.stdout).into_owned();
        assert!(printed.contains("\nre.compile('"), "what was found is lost: {printed}");
        assert_eq!(names(folder.path()), Vec::<String>::new());

        let written = minimize_template(folder.path(), "x.jsonl");
        assert_eq!(written.status.code(), Some(2), "{written:?}");
        let line = fs::read(folder.path().join("x.jsonl")).unwrap();
        let case = wire::parse_request(&line).unwrap().case;
        assert_eq!(case.flags, Flags::TEMPLATE);
        assert!(line.ends_with(b"}\n") && matches!(case.text, Text::Str(_)));
    }

    fn minimize_and_soak_write_to_a_fifo_and_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let minimize = |output: &str| {
            let own = Embedded::new().unwrap().info().dialect().unwrap();
            let (other, pattern) =
                if own.min_version() < (3, 11, 0) { ("3.11", "a*+") } else { ("3.10", "a*+") };
            let arguments =
                ["minimize", "--pythons", "embedded", "--target", other, "-o", output, "-e", pattern];
            let done = sre(folder.path(), &arguments).output().unwrap();
            assert_eq!(done.status.code(), Some(2), "{done:?}");
        };
        let soak = |output: &str| {
            let done = sre(folder.path(), &["soak", "--minutes", "0.02", "-o", output]).output().unwrap();
            assert!(matches!(done.status.code(), Some(0 | 2)), "{done:?}");
        };
        make_fifo(&at("fifo"));
        for (run, begins) in [(&minimize as &dyn Fn(&str), "str "), (&soak, "<!")] {
            let fifo = at("fifo");
            let reader = thread::spawn(move || fs::read_to_string(fifo).unwrap());
            run("fifo");
            assert!(reader.join().unwrap().to_lowercase().starts_with(begins));
            assert!(fs::symlink_metadata(at("fifo")).unwrap().file_type().is_fifo());
            fs::write(at("file"), "old").unwrap();
            fs::set_permissions(at("file"), fs::Permissions::from_mode(0o600)).unwrap();
            let _ = fs::remove_file(at("link"));
            symlink("file", at("link")).unwrap();
            run("link");
            assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
            assert!(text(&at("file")).to_lowercase().starts_with(begins));
            assert_eq!(fs::metadata(at("file")).unwrap().mode() & 0o7777, 0o600);
        }
        assert_eq!(names(folder.path()), ["fifo", "file", "link"]);
    }

    fn a_state_that_another_run_keeps_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        symlink("state", folder.path().join("link")).unwrap();
        let held = Lock::try_take(&lock::beside(&state).unwrap()).unwrap().unwrap();
        let run = |name: &str| {
            let arguments = ["exhaustive", "--tokens", "1", "--pythons", "embedded", "--state", name];
            sre(folder.path(), &arguments).output().unwrap()
        };
        for name in ["state", "link"] {
            let done = run(name);
            assert_eq!(done.status.code(), Some(1), "{done:?}");
            assert!(stderr(&done).contains(&format!("{name} is in use by another run")), "{done:?}");
            assert!(!state.exists());
        }
        drop(held);
        assert_eq!(run("link").status.code(), Some(0));
        assert_eq!(run("state").status.code(), Some(0));
        let merge = ["exhaustive", "--merge", "state", "--state", "sum"];
        assert_eq!(sre(folder.path(), &merge).output().unwrap().status.code(), Some(0));
        let held = Lock::try_take(&lock::beside(&folder.path().join("sum")).unwrap()).unwrap().unwrap();
        let done = sre(folder.path(), &merge).output().unwrap();
        assert!(done.status.code() == Some(1) && stderr(&done).contains("sum is in use"), "{done:?}");
        drop(held);
        assert_eq!(names(folder.path()), ["link", "state", "sum"]);
    }

    pub(super) fn tests() -> Vec<Trial> {
        sre_test_support::trials! {
            minimize_refuses_what_a_case_file_cannot_hold_and_a_line_of_json_holds_it,
            minimize_and_soak_write_to_a_fifo_and_through_a_link,
            a_state_that_another_run_keeps_is_refused,
        }
    }
}

/// The verbs that print, each in its forms.
fn printing_verbs() -> Vec<Vec<&'static str>> {
    let mut verbs = vec![
        vec!["--help"],
        vec!["--version"],
        vec!["compile", "--help"],
        vec!["compile", "a"],
        vec!["compile", "--jsonl"],
        vec!["dis", "a"],
        vec!["check", "a"],
        vec!["check", "a", "--format", "json"],
        vec!["check", "a*+", "--format", "github"],
        vec!["check", "--jsonl"],
        vec!["check", "--jsonl", "--format", "json"],
        vec!["check", "--source", "program.py"],
        vec!["check", "--source", "program.py", "--format", "json"],
        vec!["memory", "--python", "none", "--jsonl", "cases.jsonl"],
        vec!["memory", "--python", "none", "--jsonl", "cases.jsonl", "--format", "json"],
        vec!["pythons"],
        vec!["soak", "--minutes", "0.02", "-o", "soak.html"],
    ];
    if cfg!(feature = "embedded") {
        for arguments in ["compare", "minimize"] {
            verbs.push(vec![arguments, "--pythons", "embedded", "a"]);
            verbs.push(vec![arguments, "--pythons", "embedded", "--format", "json", "a"]);
        }
        verbs.push(vec!["exhaustive", "--pythons", "embedded", "--tokens", "1"]);
    }
    verbs
}

fn a_full_standard_output_is_an_error_of_every_verb() -> Result<(), Missing> {
    let full = Prerequisite::DevFull.require(File::options().write(true).open("/dev/full").ok())?;
    let folder = tempfile::tempdir().unwrap();
    let line = "{\"kind\": \"str\", \"pattern\": \"a*+\", \"flags\": 0}\n";
    fs::write(folder.path().join("cases.jsonl"), line).unwrap();
    fs::write(folder.path().join("program.py"), "import re\nre.compile('a*+')\n").unwrap();
    for verb in printing_verbs() {
        let mut command = sre(folder.path(), &verb);
        command.stdin(File::open(folder.path().join("cases.jsonl")).unwrap());
        let done = command.stdout(full.try_clone().unwrap()).output().unwrap();
        assert_eq!(done.status.code(), Some(1), "{verb:?}: {done:?}");
        let expected = "error: cannot write standard output: No space left on device";
        assert!(stderr(&done).contains(expected), "{verb:?}: {done:?}");
    }
    Ok(())
}

fn a_reader_that_has_read_enough_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    for verb in [&["--help"][..], &["compile", "a"], &["dis", "a"], &["check", "a", "--format", "json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let done = sre(folder.path(), verb).stdout(writer).output().unwrap();
        assert_eq!((done.status.code(), stderr(&done)), (Some(0), String::new()), "{verb:?}");
    }
}

fn an_output_past_the_limit_of_its_size_is_an_error_and_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("soak.html");
    fs::write(&page, "old").unwrap();
    let script = "ulimit -f 1; exec \"$0\" soak --minutes 0.02 -o soak.html";
    let done = Command::new("sh").args(["-c", script, SRE]).current_dir(folder.path()).output().unwrap();
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(stderr(&done).contains("cannot write soak.html: File too large"), "{}", stderr(&done));
    assert!(done.stdout.ends_with(b"\n") && !done.stdout.is_empty(), "the verdicts are lost");
    assert_eq!((text(&page), names(folder.path())), ("old".to_owned(), vec!["soak.html".to_owned()]));
    // Before the work begins, which may take hours.
    let missing =
        sre(folder.path(), &["soak", "--minutes", "600", "-o", "missing/soak.html"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("cannot write missing/soak.html"), "{missing:?}");
}

pub(crate) fn tests() -> Vec<Trial> {
    let mut tests = sre_test_support::trials! {
        six_cases_kept_at_once_are_all_kept,
        keep_and_answers_wait_for_who_writes_the_answers,
        a_case_that_no_case_file_can_hold_is_not_added,
        a_full_standard_output_is_an_error_of_every_verb,
        a_reader_that_has_read_enough_is_no_error,
        an_output_past_the_limit_of_its_size_is_an_error_and_leaves_the_old_one,
    };
    #[cfg(feature = "embedded")]
    tests.extend(embedded::tests());
    tests.extend(record::tests());
    tests
}
