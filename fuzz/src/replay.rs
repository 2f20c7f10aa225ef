//! Replaying files, which a target's program does when it is built without libFuzzer.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use sre_case::wire;
use sre_support::visible::Shown;
use sre_support::{count, files_below, grouped};

use crate::finding::{Finding, Kind};
use crate::input::Input;
use crate::leaks;
use crate::memory::live;
use crate::memory::retained;
use crate::run::{Check, Depth};

/// What is done with the files.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Check,
    Show,
    Jsonl,
}

/// Checks the files and folders that the command line names. With `--show` only shows the cases that they are
/// decoded to, with `--jsonl` as lines for `sre`. A leak sanitizer, if there is one, checks after each file that
/// leaves more live bytes, and at the end; a leak ends the run.
///
/// Exit status: 0 no finding, 1 usage error or no file found, 2 findings.
pub fn main(mut checks: impl Check) -> ExitCode {
    let mut check = |input: &Input| checks.check(input, Depth::Full).map(drop);
    let mut arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let mode = match arguments.first().and_then(|first| first.to_str()) {
        Some("--show") => Mode::Show,
        Some("--jsonl") => Mode::Jsonl,
        _ => Mode::Check,
    };
    if mode != Mode::Check {
        arguments.remove(0);
    }
    if arguments.is_empty() {
        eprintln!("usage: {} [--show | --jsonl] FILE-OR-FOLDER...", env::args().next().unwrap_or_default());
        return ExitCode::from(1);
    }
    let mut files = Vec::new();
    for argument in arguments {
        match files_of(Path::new(&argument)) {
            Ok(found) if found.is_empty() => {
                eprintln!("{}: no files", argument.shown());
                return ExitCode::from(1);
            }
            Ok(found) => files.extend(found),
            Err(error) => {
                eprintln!("{}: {error}", argument.shown());
                return ExitCode::from(1);
            }
        }
    }
    let (mut found, mut ran) = (0, 0);
    for file in &files {
        let input = match fs::read(file) {
            Ok(bytes) => Input::read(&bytes),
            Err(error) => {
                eprintln!("{}: {error}", file.shown());
                return ExitCode::from(1);
            }
        };
        match mode {
            Mode::Show => println!("{}:\n{input:?}", file.shown()),
            Mode::Jsonl => {
                let mut line = Vec::new();
                wire::write_request(&mut line, &input.case, false);
                println!("{}", String::from_utf8_lossy(&line));
            }
            Mode::Check => {
                ran += 1;
                if let Err(finding) = leaks_nothing(&input, &mut check) {
                    found += 1;
                    println!("{}:\n{finding}\n", file.shown());
                    if finding.kind == Kind::Leak {
                        break; // the sanitizer would report it again after each further file
                    }
                }
            }
        }
    }
    if mode == Mode::Check {
        let sanitizer = leaks::found();
        if sanitizer == Some(true) && found == 0 {
            found = 1;
            println!("sre-fuzz: {}: memory that is not counted\n", Kind::Leak.name());
        }
        let under = if sanitizer.is_some() { " under a leak sanitizer" } else { "" };
        println!("{} of {}{under}, {}", grouped(ran), count(files.len(), "file"), count(found, "finding"));
    }
    ExitCode::from(if found == 0 { 0 } else { 2 })
}

/// Checks an input, and that nothing leaked outside the counted parts of the checks.
fn leaks_nothing(
    input: &Input,
    check: &mut impl FnMut(&Input) -> Result<(), Finding>,
) -> Result<(), Finding> {
    let before = live();
    check(input)?;
    // A leak check takes some milliseconds.
    if live() <= before || leaks::found() != Some(true) {
        return Ok(());
    }
    let (bytes, blocks) = retained(|| check(input));
    Err(Finding {
        kind: Kind::Leak,
        signature: format!("a check: {}", count(bytes.unsigned_abs(), "byte")),
        causes: None,
        input: input.clone(),
        found_as: None,
        commands: None,
        report: format!("live bytes grew by {bytes} when it was repeated\n{blocks}").into(),
    })
}

/// Returns the files below a folder; otherwise the path itself, which may be a pipe.
fn files_of(path: &Path) -> io::Result<Vec<PathBuf>> {
    if fs::metadata(path)?.is_dir() { files_below(path) } else { Ok(vec![path.to_owned()]) }
}
