//! Running programs and interpreters from tests.

use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

/// Runs a program to its end with `input` as its standard input. A program that ends without reading
/// all of it is not an error.
///
/// # Panics
/// If the program does not start.
pub fn fed(command: &mut Command, input: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stdin = child.stdin.take();
    // Written by another thread: a program may print more than a pipe holds before it has read everything.
    thread::scope(|scope| {
        scope.spawn(move || match stdin.map(|mut stdin| stdin.write_all(input)) {
            Some(Err(error)) if error.kind() != ErrorKind::BrokenPipe => panic!("standard input: {error}"),
            _ => {}
        });
        child.wait_with_output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
    })
}

/// Runs a script in an isolated interpreter, without `site`, and returns the lines that it prints,
/// except empty ones.
///
/// # Panics
/// If the script fails, or prints what is not UTF-8.
pub fn run_script(python: &Path, script: &Path, input: &[u8]) -> Vec<String> {
    let output = fed(Command::new(python).args(["-I", "-S"]).arg(script), input);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{python:?} {script:?}: {}\n{error}", output.status);
    match String::from_utf8(output.stdout) {
        Ok(text) => text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        Err(error) => panic!("{python:?} {script:?}: {error}"),
    }
}

/// Writes a file that can be run, such as a script that begins with `#!`.
///
/// Another process writes it. If this one did, a process that another thread is starting might hold
/// the file open for writing, and the system would refuse to run it (`ETXTBSY`).
///
/// # Panics
/// If the file cannot be written.
pub fn write_program(path: &Path, text: &str) {
    #[cfg(not(unix))]
    std::fs::write(path, text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    #[cfg(unix)]
    {
        let mut command = Command::new("sh");
        command.args(["-c", "cat >\"$1\" && chmod 755 \"$1\"", "sh"]).arg(path);
        let written = fed(&mut command, text.as_bytes());
        assert!(written.status.success(), "{path:?}: {written:?}");
    }
}

/// Copies a program; another process does, as for [`write_program`].
///
/// # Panics
/// If the file cannot be copied.
#[cfg(unix)]
pub fn copy_program(from: &Path, to: &Path) {
    let copied = fed(Command::new("cp").arg(from).arg(to), b"");
    assert!(copied.status.success(), "{from:?}: {copied:?}");
}
