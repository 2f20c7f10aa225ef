//! `sre record`: the patterns that a program compiles.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::{io, process};

use anyhow::{Context, Result, anyhow};
use clap::Args;
use sre_oracle::pythons;
use sre_support::visible::Shown;

use crate::interpreters::select;
use crate::recording;
use crate::recording::{Kept, Recorded};
use crate::status::Status;

/// Run a Python program, and write every pattern that it compiles as a case.
///
/// `sre record -- script.py args…` runs `python3 script.py args…` as it would run by itself, and writes each distinct
/// (pattern, flags), in the order first seen, patterns that are refused too, as JSON Lines that
/// `sre compare --jsonl` and `sre check --jsonl` read. "source" says which line of the program compiled it.
///
/// Threads, forks and Python processes that the program starts are recorded, too. What cannot be seen: patterns that
/// were compiled before the program started, while the interpreter set itself up (by `.pth` files); Pythons started
/// with -I, -E or -S, or without the program's environment; what a process compiles that may not write the file, or that
/// goes on when the program has ended.
///
/// The program sees little of it: the compiler of `re` is imported already, its environment has PYTHONPATH and SRE_RECORD_FILE, and
/// `isstring` of the compiler's module is replaced. No frame is added: warnings name the line that they would.
///
/// While the program runs, cases are gathered in a file named like the output with `.part` after it. The output is replaced when
/// the program has ended, whole; not if the program failed, or was run with -I, -E or -S, and nothing was recorded. If it
/// cannot be written, the `.part` stays. Devices and FIFOs are written to at the end.
///
/// Signals that are sent to `sre` go on to the program; those that are ignored, as `nohup` has it, stay ignored.
///
/// The exit status is the program's, or 128 and the number of the signal that ended it. It is 1 if the program could not be
/// started, or if it ended with 0 and the recording is incomplete: the disk was full, a process was not allowed to write,
/// nothing could be recorded. What is missing is reported on standard error in any case.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The interpreter: `3.13.0`, `3.13` (its newest one found), or a path. [default: python3 on the PATH]
    #[arg(long, value_name = "PYTHON")]
    python: Option<String>,
    /// Where the cases are written to; what was there is replaced. Refused while another `sre record` writes there.
    #[arg(long, short, value_name = "FILE", default_value = "recorded.jsonl")]
    output: PathBuf,
    /// What follows `python`: a script and its arguments, or `-m MODULE …`, or `-c CODE …`. A name that is no file is
    /// looked up on the PATH: a Python script there is run by the interpreter chosen.
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let python = interpreter(arguments.python.as_deref())?;
    let program = recording::resolve(&arguments.program).map_err(|why| anyhow!(why))?;
    let output = &arguments.output;
    let recorded = recording::record(&python, &program, output)?;
    let complete = report(&recorded, output);
    process::exit(match recording::exit_code(recorded.status) {
        0 if !complete => INCOMPLETE,
        code => code,
    })
}

/// The exit status if the program ended with 0, and what it compiled is not all there.
const INCOMPLETE: i32 = 1;

/// What to start. A path is started as it is given: links followed, a virtual environment's would be another.
fn interpreter(name: Option<&str>) -> Result<PathBuf> {
    let path = match name {
        None => PathBuf::from("python3"),
        Some(name) if name.contains(['/', '\\']) => PathBuf::from(name),
        Some(name) => {
            let selected = select(&[name.to_owned()])?;
            return Ok(selected.into_iter().next().context("no such Python")?.path);
        }
    };
    let python = pythons::probe(&path).map_err(|why| anyhow!("{}: {why}", path.shown()))?;
    python.dialect.map_err(|why| anyhow!("{}: {why}", path.shown()))?;
    Ok(path)
}

/// Reports what is missing, and returns whether nothing is. Standard error is the program's: unless a person is there, nothing
/// else is said.
fn report(recorded: &Recorded, output: &Path) -> bool {
    // The program's exit status is passed on even if nobody reads this.
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
    match &recorded.kept {
        // Whoever read it has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => missing(&error.to_string()),
        Ok(Kept { untouched: true, .. }) => {
            say(&format!("nothing was recorded; {} is as it was", output.shown()));
        }
        Ok(Kept { broken, .. }) if *broken > 0 => {
            missing(&format!("lines that were cut off, and left out of the recording: {broken}"));
        }
        Ok(kept) if recorded.hooked && io::stderr().is_terminal() => {
            say(&format!("patterns in {}: {}", output.shown(), kept.cases));
        }
        Ok(_) => {}
    }
    complete
}
