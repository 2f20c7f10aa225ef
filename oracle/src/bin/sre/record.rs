//! `sre record`: the patterns that a program compiles.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use sre_oracle::pythons;
use sre_oracle::record::{self, Recorded};

use crate::interpreters::select;
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
/// The exit status is the program's, or 128 and the number of the signal that ended it; 1 if it could not be started.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The interpreter: `3.13.0`, `3.13` (its newest one found), or a path. [default: python3 on the PATH]
    #[arg(long, value_name = "PYTHON")]
    python: Option<String>,
    /// Where the cases are written to; what was there is replaced.
    #[arg(long, short, value_name = "FILE", default_value = "recorded.jsonl")]
    output: PathBuf,
    /// What follows `python`: a script and its arguments, or `-m MODULE …`, or `-c CODE …`.
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let python = interpreter(arguments.python.as_deref())?;
    let output = &arguments.output;
    let recorded =
        record::record(&python, &arguments.program, output).with_context(|| output.display().to_string())?;
    report(&recorded, output);
    process::exit(record::exit_code(recorded.status))
}

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
    let python = pythons::probe(&path).map_err(|why| anyhow!("{}: {why}", path.display()))?;
    python.dialect.map_err(|why| anyhow!("{}: {why}", path.display()))?;
    Ok(path)
}

/// Standard error is the program's: unless a person is there, only what went wrong is said.
fn report(recorded: &Recorded, output: &Path) {
    let kept = recorded.kept;
    if !recorded.hooked {
        eprintln!("sre: nothing was recorded: the program was run without site or without PYTHONPATH");
    } else if kept.broken > 0 {
        eprintln!("sre: {} lines of the recording were broken, and left out", kept.broken);
    }
    if recorded.hooked && io::stderr().is_terminal() {
        eprintln!("sre: {} patterns in {}", kept.cases, output.display());
    }
}
