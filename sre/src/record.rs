//! `sre record`: records the patterns that a program compiles.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{io, process};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use sre_oracle::pythons::{self, Allowed};
use sre_oracle::shell::quote;
use sre_support::count;
use sre_support::visible::Shown;

use crate::options::{Output, Pythons, with_default};
use crate::program::this_program;
use crate::recording;
use crate::recording::{Recorded, Written};
use crate::status::Status;

/// Run a Python program and record the patterns that it compiles
///
/// `sre record -- script.py args…` runs `python3 script.py args…` as usual and writes each distinct
/// pair of pattern and flags, including rejected ones, in the order of first use. The output is
/// JSON Lines, as read by `sre compare --jsonl` and `sre check --jsonl`; "source" is the line of
/// the program that compiled the pattern.
///
/// Threads, forks and Python processes started by the program are recorded as well. Not recorded
/// are patterns compiled while the interpreter starts (by `.pth` files), interpreters started with
/// -I, -E or -S or without the program's environment, processes that cannot write the file, and
/// processes that outlive the program.
///
/// The program can notice that the compiler of `re` is already imported, that its environment
/// contains PYTHONPATH and SRE_RECORD_FILE, and that `isstring` in the compiler's module is
/// replaced. No stack frame is added, so warnings name the same lines as usual.
///
/// While the program runs, cases are collected in a file with the name of the output plus `.part`.
/// When the program ends, the output is replaced in one step, unless nothing was recorded because
/// the program failed or ran with -I, -E or -S. If the output cannot be written, the `.part` file
/// remains. Devices and FIFOs are written at the end.
///
/// Signals sent to `sre` are forwarded to the program; ignored signals, as with `nohup`, stay
/// ignored.
///
/// The exit status is that of the program, or 128 plus the number of the signal that ended it. It
/// is 1 if the program could not be started, or if it succeeded but the recording is incomplete:
/// the disk was full, a process could not write, or nothing could be recorded. Standard error
/// always reports what is missing.
#[derive(Args)]
#[command(mut_arg("pythons", |arg| with_default(arg, "python3 on the PATH")), mut_arg("output", |arg| arg
    .value_name("FILE").default_value("recorded.jsonl")
    .help("Output file; it is replaced. Another `sre record` must not be writing to it")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    python: Pythons,
    #[command(flatten)]
    output: Output,
    /// Do not report a complete recording.
    #[arg(long, short)]
    quiet: bool,
    /// Arguments for `python`: a script and its arguments, `-m MODULE …`, or `-c CODE …`. A name
    /// that is not a file is looked up on the PATH; a Python script there is run by the selected
    /// interpreter.
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let python = interpreter(&arguments.python)?;
    let program = recording::resolve(&arguments.program).map_err(|why| anyhow!(why))?;
    let output = arguments.output.path().context("--output is missing")?;
    let recorded = recording::record(&python, &program, output)?;
    let complete = report(&recorded, output, arguments.quiet);
    process::exit(match recording::exit_code(recorded.status) {
        0 if !complete => INCOMPLETE,
        code => code,
    })
}

/// The exit status if the program succeeded but the recording is incomplete.
const INCOMPLETE: i32 = 1;

/// Returns the executable to start. Symbolic links in a path are not resolved: the target of a virtual
/// environment's link would run outside of it.
fn interpreter(wanted: &Pythons) -> Result<PathBuf> {
    if let Some(python) = wanted.one(Allowed::Imitated)? {
        return Ok(python.path);
    }
    let path = PathBuf::from("python3");
    let python = pythons::probe(&path).map_err(|why| anyhow!("{}: {why}", path.shown()))?;
    python.dialect.map_err(|why| anyhow!("{}: {why}", path.shown()))?;
    Ok(path)
}

/// Reports what was recorded and what is missing, and returns whether the recording is complete.
/// Since standard error belongs to the program, each line begins with `sre:`.
fn report(recorded: &Recorded, output: &Path, quiet: bool) -> bool {
    // The program's exit status is passed on even if standard error is closed.
    let say = |text: &str| drop(writeln!(io::stderr(), "sre: {text}"));
    let mut complete = true;
    let mut missing = |text: &str| {
        complete = false;
        say(text);
    };
    if !recorded.failures.is_empty() {
        missing(&format!("the recording is incomplete: {}", recorded.failures.join(", ")));
    } else if !recorded.hooked {
        missing("nothing was recorded: the program was run without site or without PYTHONPATH");
    }
    match &recorded.written {
        // The reader stopped reading, which is not a failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => missing(&error.to_string()),
        Ok(Written { untouched: true, .. }) => {
            let state = if output.exists() { "is unchanged" } else { "was not written" };
            say(&format!("nothing was recorded; {} {state}", output.shown()));
        }
        Ok(Written { broken, .. }) if *broken > 0 => {
            missing(&format!("truncated lines, skipped in the recording: {broken}"));
        }
        Ok(Written { cases: 0, .. }) if recorded.hooked && !quiet => {
            say(&format!("the program compiled no patterns; {} is empty", output.shown()));
        }
        Ok(written) if recorded.hooked && !quiet => {
            let (patterns, file) = (count(written.cases, "pattern"), output.shown());
            let quoted = quote(&output.to_string_lossy());
            let next = format!("; next: {} check --jsonl {quoted}", this_program());
            say(&format!("{patterns} recorded in {file}{}", if output.is_file() { &*next } else { "" }));
        }
        Ok(_) => {}
    }
    complete
}
