//! Crashes of interpreters: which end of a process is one, and what an interpreter writes of it.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use sre_case::{Case, wire};

use crate::child::python_command;

/// The beginning of the reason why there is no answer, if the process crashed.
const CRASHED: &str = "it crashed with ";

/// Limits of what is shown of the standard error of a crash.
const LINES: usize = 60;
const BYTES: u64 = 1 << 16;

/// Limit of the time in which the crash has to happen again. A debug build starts slowly.
const TIME_LIMIT: Duration = Duration::from_secs(120);

/// Returns whether there is no answer since the process crashed, given the reason that
/// [`Child::receive`](crate::child::Child::receive) returned. One that was killed from outside did
/// not crash.
pub fn is_crash(why: &str) -> bool {
    why.starts_with(CRASHED)
}

/// Describes how a process ended.
pub(crate) fn how_it_ended(status: ExitStatus) -> String {
    let shown = status.to_string();
    // The settings of the machine decide whether it dumps core.
    let shown = shown.trim_end_matches(" (core dumped)");
    format!("{}{shown}", if is_of_crash(status) { CRASHED } else { "it ended with " })
}

/// Only signals that a process causes itself: SIGKILL, for example, means that memory is short.
#[cfg(unix)]
fn is_of_crash(status: ExitStatus) -> bool {
    use rustix::process::Signal;
    use std::os::unix::process::ExitStatusExt;
    let signals =
        [Signal::ILL, Signal::TRAP, Signal::ABORT, Signal::BUS, Signal::FPE, Signal::SEGV, Signal::SYS];
    status.signal().is_some_and(|number| signals.iter().any(|signal| signal.as_raw() == number))
}

/// The status of an unhandled exception is its code, whose severity is an error.
#[cfg(not(unix))]
fn is_of_crash(status: ExitStatus) -> bool {
    status.code().is_some_and(|code| code as u32 >= 0xC000_0000)
}

/// Waits until a process that is about to end has ended.
pub(crate) fn wait(process: &mut Child) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + Duration::from_secs(2);
    loop {
        match process.try_wait()? {
            None if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
            ended => return Ok(ended),
        }
    }
}

/// Compiles a case in a new process as a [`Worker`](crate::Worker) does, and returns what the
/// interpreter writes if it crashes: also if only the texts of `re.DEBUG` make it crash.
pub fn crash_of_case(python: &Path, case: &Case) -> Vec<String> {
    let crash = |debug| {
        let mut line = Vec::new();
        wire::write_batch(&mut line, std::slice::from_ref(case), debug);
        line.push(b'\n');
        crash_output(python, crate::PYTHON_SOURCE, line)
    };
    [false, true].into_iter().map(crash).find(|lines| !lines.is_empty()).unwrap_or_default()
}

/// Runs a program in a new process with a line as its input, and returns what the interpreter
/// writes if it crashes: the message of a failed assertion, and the stacks of `faulthandler`; or the
/// traceback if an exception ends it. No lines are returned if it does not fail.
pub fn crash_output(python: &Path, program: &str, line: Vec<u8>) -> Vec<String> {
    let mut command = python_command(python, &["-X", "faulthandler", "-W", "ignore"], program);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let Ok(mut process) = command.spawn() else { return Vec::new() };
    if let Some(mut stdin) = process.stdin.take() {
        thread::spawn(move || stdin.write_all(&line));
    }
    let (send, written) = mpsc::channel();
    if let Some(stderr) = process.stderr.take() {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = stderr.take(BYTES).read_to_end(&mut bytes);
            let _ = send.send(bytes);
        });
    }
    let written = written.recv_timeout(TIME_LIMIT).ok();
    let ended = if written.is_some() { wait(&mut process).ok().flatten() } else { None };
    let _ = process.kill();
    let _ = process.wait();
    if ended.is_none_or(|status| status.success()) {
        return Vec::new();
    }
    let written = written.unwrap_or_default();
    String::from_utf8_lossy(&written)
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES)
        .map(str::to_owned)
        .collect()
}
