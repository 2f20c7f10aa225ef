//! Recording: what a Python program compiles, as cases.
//!
//! The program runs as it would; a `sitecustomize.py` on its path, inherited by every Python that
//! it starts, appends each new (pattern, flags) to the file, one whole line at a time. When the
//! program has ended, lines that several processes wrote are reduced to one.

mod hook;
mod lines;
mod part;
mod program;
#[cfg(unix)]
mod signals;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use hook::Hook;
pub(crate) use lines::Written;
use part::{Part, named};
pub(crate) use program::resolve;
use sre_support::visible::Shown;

/// The result of a recording.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// How the program ended.
    pub status: ExitStatus,
    /// Whether any process recorded at all. With `-I`, `-E` or `-S`, Python does not run the hook.
    pub hooked: bool,
    /// Why processes could not record some of what they compiled, such as a full disk. Empty if all
    /// was recorded.
    pub failures: Vec<String>,
    /// What the file holds, or why it could not be written; it is unchanged in that case.
    pub written: io::Result<Written>,
}

/// Runs `python arguments…` and leaves what it compiled in a file of JSON Lines, in the order first
/// seen.
///
/// Standard input, output and error are the program's. While it runs, lines are gathered in a file
/// of the same name with `.part` after it, which stays, whole lines only, should this process be
/// killed or the file not be written. What the program leaves running in the background is recorded
/// no longer than the program runs itself. A file that exists is replaced when the program has
/// ended; not if the program failed, or did not run the hook, and recorded nothing.
///
/// # Errors
/// If the program cannot be started, the file cannot be written, or another process records to it;
/// then nothing is changed.
pub(crate) fn record(python: &Path, arguments: &[OsString], file: &Path) -> io::Result<Recorded> {
    let hook =
        Hook::new().map_err(|error| named("cannot write to the folder for temporary files", &error))?;
    let part = Part::new(file, hook.folder())?;
    let mut command = Command::new(python);
    command.args(arguments).env("SRE_RECORD_FILE", part.path()).env("PYTHONPATH", hook.python_path()?);
    let status = run(&mut command)?;
    let (hooked, failures) = (hook.was_run(), hook.failures());
    let written = part.settle(file, !hooked || !status.success());
    Ok(Recorded { status, hooked, failures, written })
}

/// The exit status to pass on: 128 and the number of the signal that ended the program, as shells
/// have it.
pub(crate) fn exit_code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(70)
}

#[cfg(unix)]
fn run(command: &mut Command) -> io::Result<ExitStatus> {
    let signals = signals::Guard::new()?;
    let mut child = command.spawn().map_err(|error| cannot_start(command, &error))?;
    let _forwarding = signals.forward_to(child.id());
    child.wait()
}

#[cfg(not(unix))]
fn run(command: &mut Command) -> io::Result<ExitStatus> {
    command.status().map_err(|error| cannot_start(command, &error))
}

fn cannot_start(command: &Command, error: &io::Error) -> io::Error {
    named(&format!("cannot start {}", command.get_program().shown()), error)
}
