//! `docs/memory.md`: the commands marked `sh run` are run with every interpreter that is found, and their output is compared
//! with the page's, numbers apart. `SRE_UPDATE_DOCS=1` writes the output to the page instead.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, thread};

use sre_oracle::pythons::Python;
use sre_test_support::{Missing, Trial};

use crate::common;

/// The page shows the output of this version's newest interpreter.
const SHOWN: (u32, u32) = (3, 13);

/// A command block of the page, and the output block below it.
struct Block {
    command: String,
    output: String,
    /// The lines between the fences of the output, by number.
    lines: std::ops::Range<usize>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn page() -> String {
    fs::read_to_string(root().join("docs/memory.md")).unwrap()
}

/// The blocks marked `sh run`, each of which is followed by one of `text`.
fn blocks(page: &str) -> Vec<Block> {
    let lines: Vec<&str> = page.lines().collect();
    let close = |from: usize| from + lines[from..].iter().position(|line| *line == "```").unwrap();
    let starts = (0..lines.len()).filter(|&n| lines[n] == "```sh run");
    starts
        .map(|start| {
            let end = close(start + 1);
            assert_eq!(lines.get(end + 1), Some(&"```text"), "line {}: no output", end + 2);
            let output = end + 2..close(end + 2);
            Block {
                command: lines[start + 1..end].join("\n"),
                output: lines[output.clone()].join("\n"),
                lines: output,
            }
        })
        .collect()
}

fn is_version_shown(python: &Python) -> bool {
    (python.info.version.0, python.info.version.1) == SHOWN
}

/// A folder to work in: the corpus and the scripts are linked there, and `python3` on its path is the one given.
fn working_directory(python: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["corpus", "docs"] {
        symlink(root().join(name), folder.path().join(name)).unwrap();
    }
    // Not a link: an interpreter looks for its library beside the file that was started.
    let wrapper = folder.path().join("python3");
    let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", python.display());
    sre_test_support::write_program(&wrapper, &script);
    folder
}

/// Runs a block with an interpreter, and returns its output.
fn run(block: &Block, python: &Python) -> String {
    let folder = working_directory(&python.path);
    let programs = Path::new(env!("CARGO_BIN_EXE_sre")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        [folder.path().to_owned(), programs.to_owned()].into_iter().chain(std::env::split_paths(&path));
    let mut command = Command::new("sh");
    command.args(["-eu", "-c", &block.command]).current_dir(folder.path());
    command.env("PATH", std::env::join_paths(path).unwrap()).env("PYTHONDONTWRITEBYTECODE", "1");
    for name in ["PYTHONMALLOC", "PYTHONWARNINGS", "PYTHONTRACEMALLOC", "PYTHONDEVMODE"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let [printed, errors] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    let version = python.info.label();
    assert!(output.status.success(), "{version}: failed: {}\nIt printed:\n{printed}{errors}", block.command);
    printed.trim_end().to_owned()
}

/// The text without what differs from machine to machine: each number, and how wide the columns are.
fn without_numbers(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if digits > 0 {
            word.replace(|c: char| c.is_ascii_digit() || c == '.' || c == ',', "")
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn each_command_is_short_and_has_its_output() {
    let page = page();
    let blocks = blocks(&page);
    assert!(blocks.len() >= 8, "{} blocks", blocks.len());
    for block in &blocks {
        assert!(block.command.lines().count() <= 6, "too long: {}", block.command);
        assert!(!block.output.is_empty(), "no output: {}", block.command);
    }
    for file in fs::read_dir(root().join("docs/memory")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let is_used = name == "corpus.py" || blocks.iter().any(|block| block.command.contains(&name));
        assert!(!name.ends_with(".py") || is_used, "docs/memory/{name}: not on the page");
    }
}

fn what_the_page_says_holds_for_every_interpreter() -> Result<(), Missing> {
    let pythons = common::pythons()?;
    let shown = pythons.iter().rfind(|python| is_version_shown(python));
    let blocks = blocks(&page());
    let shown = shown.unwrap_or(&pythons[pythons.len() - 1]);
    let mut outputs = Vec::new();
    for block in &blocks {
        let is_shown = |python: &&Python| python.path == shown.path;
        // What does not start Python is the same for all.
        let pythons = pythons.iter().filter(|python| block.command.contains("python3") || is_shown(python));
        let printed: Vec<_> = thread::scope(|scope| {
            let runs: Vec<_> =
                pythons.map(|python| scope.spawn(move || (python, run(block, python)))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        let printed = printed.into_iter().find(|(python, _)| is_shown(python)).unwrap();
        outputs.push((block, printed.1));
    }
    if sre_support::variable("SRE_UPDATE_DOCS").is_some() {
        assert!(is_version_shown(shown), "the page shows {}.{}, which was not found", SHOWN.0, SHOWN.1);
        update(&outputs);
        return Ok(());
    }
    // The output depends on the version; resident memory is read from a file that only Linux has; and
    // what CPython allocates is known of the embedded interpreter only.
    if is_version_shown(shown) && cfg!(all(target_os = "linux", feature = "embedded")) {
        for (block, printed) in outputs {
            let [on_page, now] = [&block.output, &printed].map(|text| without_numbers(text));
            assert_eq!(
                on_page, now,
                "{}\nprints:\n{printed}\nSRE_UPDATE_DOCS=1 updates the page",
                block.command
            );
        }
    }
    Ok(())
}

/// Writes outputs to the page.
fn update(outputs: &[(&Block, String)]) {
    let page = page();
    let mut lines: Vec<&str> = page.lines().collect();
    for (block, printed) in outputs.iter().rev() {
        lines.splice(block.lines.clone(), printed.lines());
    }
    fs::write(root().join("docs/memory.md"), lines.join("\n") + "\n").unwrap();
}

pub(crate) fn tests() -> Vec<Trial> {
    sre_test_support::trials! {
        each_command_is_short_and_has_its_output,
        what_the_page_says_holds_for_every_interpreter,
    }
}
