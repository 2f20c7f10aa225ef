//! Recording: what a Python program compiles, as cases.
//!
//! The program runs as it would; a `sitecustomize.py` on its path, inherited by every Python that it starts, appends
//! each new (pattern, flags) to the file, one whole line at a time. When the program has ended, lines that several
//! processes wrote are reduced to one.

mod lines;
#[cfg(unix)]
mod signals;

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

pub use lines::Kept;

/// What a Python runs at its start, under the name of `sitecustomize.py`.
const HOOK: &str = include_str!("../../python/record.py");

/// What came of a program that was recorded.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    /// How the program ended.
    pub status: ExitStatus,
    /// Did any process record at all? With `-I`, `-E` or `-S`, Python does not run the hook.
    pub hooked: bool,
    /// What the file holds.
    pub kept: Kept,
}

/// Runs `python arguments…` and leaves what it compiled in a file of JSON Lines, in the order first seen.
///
/// Standard input, output and error are the program's. While it runs, lines are gathered in a file of the same name
/// with `.part` after it, which stays, whole lines only, should this process be killed. What the program leaves
/// running in the background is recorded no longer than the program runs itself.
///
/// # Errors
/// If the program cannot be started, or the file not be written.
pub fn record(python: &Path, arguments: &[OsString], file: &Path) -> io::Result<Recorded> {
    // The program may go elsewhere.
    let part = part_of(&std::path::absolute(file)?);
    File::create(&part)?;
    let recorded = record_to(&part, python, arguments, file);
    let removed = fs::remove_file(&part);
    let recorded = recorded?;
    removed?;
    Ok(recorded)
}

fn record_to(part: &Path, python: &Path, arguments: &[OsString], file: &Path) -> io::Result<Recorded> {
    let hook = tempfile::Builder::new().prefix("sre-record-").tempdir()?;
    fs::write(hook.path().join("sitecustomize.py"), HOOK)?;
    let mut command = Command::new(python);
    command.args(arguments).env("SRE_RECORD_FILE", part).env("PYTHONPATH", python_path(hook.path())?);
    let status = run(&mut command)?;
    let hooked = hook.path().join("started").exists();
    let kept = lines::settle(part, file)?;
    Ok(Recorded { status, hooked, kept })
}

fn part_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// The exit status to pass on: 128 and the number of the signal that ended the program, as shells have it.
pub fn exit_code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(70)
}

/// The hook's folder before what is there already.
fn python_path(hook: &Path) -> io::Result<OsString> {
    let before = env::var_os("PYTHONPATH").unwrap_or_default();
    let rest = env::split_paths(&before).filter(|_| !before.is_empty());
    env::join_paths([PathBuf::from(hook)].into_iter().chain(rest)).map_err(io::Error::other)
}

#[cfg(unix)]
fn run(command: &mut Command) -> io::Result<ExitStatus> {
    let signals = signals::Guard::new()?;
    let mut child = command.spawn().map_err(|error| named(command.get_program(), &error))?;
    let _forwarding = signals.forward_to(child.id());
    child.wait()
}

#[cfg(not(unix))]
fn run(command: &mut Command) -> io::Result<ExitStatus> {
    command.status().map_err(|error| named(command.get_program(), &error))
}

fn named(program: &OsStr, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", program.display()))
}
