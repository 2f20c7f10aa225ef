//! Tests the harness by running this program again, with and without `SRE_REQUIRE`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use sre_test_support::{Missing, Prerequisite};

/// Runs one test of this program. Returns the exit status and the output.
fn run(test: &str, required: &str) -> (Option<i32>, String) {
    let this = env::current_exe().expect("a program knows its path");
    let mut command = Command::new(this);
    command.args(["--exact", test]).env("SRE_REQUIRE", required).env("SRE_TEST_REPORTS", "1");
    let output = command.output().expect("this program runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

/// The test that the others run. Run on its own, it lacks nothing.
fn lacks_valgrind() -> Result<(), Missing> {
    let found = env::var_os("SRE_TEST_REPORTS").is_none();
    Prerequisite::Valgrind.require(found.then_some(()))
}

fn a_test_without_its_prerequisite_is_ignored_with_the_reason() {
    let (status, text) = run("lacks_valgrind", "python");
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("0 passed; 0 failed; 1 ignored"), "{text}");
}

fn a_test_without_a_required_prerequisite_fails() {
    let (status, text) = run("lacks_valgrind", "python, valgrind");
    assert_ne!(status, Some(0), "{text}");
    assert!(text.contains("no valgrind was found, and SRE_REQUIRE asks for valgrind"), "{text}");
}

fn an_unknown_requirement_fails() {
    let (status, text) = run("lacks_valgrind", "pyton");
    assert_ne!(status, Some(0), "{text}");
    assert!(text.contains("SRE_REQUIRE names pyton") && text.contains("python3.13"), "{text}");
}

/// Finds the Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("it can be read").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            sources(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

/// Checks that no test file without Rust's own harness has a `#[test]`, which would not be compiled.
fn no_test_is_silently_left_out() {
    let attribute = concat!("#[", "test]");
    let skips = concat!("eprintln!(\"", "skipped");
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut files);
    let mut listing = 0;
    for file in files {
        let text = fs::read_to_string(&file).expect("it can be read");
        let has = |line: &str| text.lines().any(|other| other.trim() == line);
        let lists = |name| ["{", "["].iter().any(|open| text.contains(&format!("{name} {open}")));
        let is_listing = lists("sre_test_support::tests!") || lists("sre_test_support::trials!");
        listing += usize::from(is_listing);
        assert!(!is_listing || !has(attribute), "{file:?} has a {attribute}, which is never run");
        assert!(
            !text.contains(skips),
            "{file:?} has a test that passes where it is skipped: see `Prerequisite`"
        );
    }
    assert!(listing > 10, "{listing} files list their tests");
}

/// A script that the test itself writes could not be run now and then, while another thread starts a process.
#[cfg(unix)]
fn a_written_program_can_be_run_while_other_threads_start_processes() {
    use std::sync::atomic::{AtomicBool, Ordering};

    let folder = env::temp_dir().join(format!("sre-test-support-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("it can be made");
    let stopped = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stopped.load(Ordering::Relaxed) {
                    Command::new("true").current_dir("/").output().expect("it is there");
                }
            });
        }
        let run = |n: u32| {
            let (script, copy) = (folder.join(format!("script-{n}")), folder.join(format!("copy-{n}")));
            sre_test_support::write_program(&script, "#!/bin/sh\necho one\n");
            sre_test_support::copy_program(&script, &copy);
            [script, copy].map(|program| Command::new(program).output().map(|output| output.stdout))
        };
        let results: Vec<_> = (0..300).flat_map(run).collect();
        stopped.store(true, Ordering::Relaxed);
        for result in results {
            assert_eq!(result.expect("it can be run"), b"one\n");
        }
    });
    fs::remove_dir_all(&folder).expect("it can be removed");
}

/// Checks that programs are written by `write_program`.
fn no_test_writes_a_program_by_itself() {
    let mode = concat!("from_mode(0o", "755)");
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut files);
    files.retain(|file| file.components().any(|part| part.as_os_str() == "tests"));
    assert!(files.len() > 50, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).expect("it can be read");
        assert!(!text.contains(mode), "{file:?}: use sre_test_support::write_program");
    }
}

sre_test_support::tests! {
    lacks_valgrind,
    no_test_is_silently_left_out,
    #[cfg(unix)]
    a_written_program_can_be_run_while_other_threads_start_processes,
    no_test_writes_a_program_by_itself,
    a_test_without_its_prerequisite_is_ignored_with_the_reason,
    a_test_without_a_required_prerequisite_fails,
    an_unknown_requirement_fails,
}
