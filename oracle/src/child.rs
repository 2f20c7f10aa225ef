//! A child process that answers each line with a line or with a frame of bytes.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crate::crash;

/// A child process with one thread that writes to it and one that reads from it, so that the owner
/// never waits longer than its time limit, whatever the process does. It is killed on drop.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    requests: Option<Sender<Vec<u8>>>,
    replies: Receiver<io::Result<Vec<u8>>>,
    /// Whether it leads a process group of its own, which is killed with it.
    leads_group: bool,
}

/// The longest line or frame of a reply: enough for the code of the longest useful pattern.
const LONGEST_LINE: u64 = 1 << 30;

/// The longest first line, which says which Python it is.
const LONGEST_INTRODUCTION: u64 = 1 << 20;

impl Child {
    /// Starts a Python with a program, isolated from the user's settings.
    pub fn start(python: &Path, program: &str) -> io::Result<Child> {
        Child::spawn(python_command(python, &[], program), LONGEST_LINE, false)
    }

    /// Starts an executable that may not be a Python: lines are limited to 64 KiB, and processes
    /// that it starts are killed with it.
    pub fn start_unknown(python: &Path, program: &str) -> io::Result<Child> {
        let mut command = python_command(python, &[], program);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Child::spawn(command, LONGEST_INTRODUCTION, cfg!(unix))
    }

    /// Starts a program with its standard input and output piped.
    pub fn start_command(command: Command) -> io::Result<Child> {
        Child::spawn(command, LONGEST_LINE, false)
    }

    fn spawn(mut command: Command, longest_line: u64, leads_group: bool) -> io::Result<Child> {
        let mut process = command.spawn()?;
        let (Some(mut stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(io::Error::other("no pipes"));
        };
        let (requests, to_write) = mpsc::channel::<Vec<u8>>();
        // Ends when the sender is dropped, or the process is dead.
        thread::spawn(move || to_write.iter().try_for_each(|lines| stdin.write_all(&lines)));
        let (read, replies) = mpsc::channel();
        thread::spawn(move || read_lines(stdout, longest_line, &read));
        Ok(Child { process, requests: Some(requests), replies, leads_group })
    }

    /// Queues lines for writing and returns at once.
    pub fn send(&self, lines: Vec<u8>) {
        // This fails if the process is dead, which `receive` reports.
        let _ = self.requests.as_ref().map(|requests| requests.send(lines));
    }

    /// Returns the next line, or the bytes of the next frame.
    ///
    /// # Errors
    /// If there is none within the time limit, or the process ended: says what happened.
    pub fn receive(&mut self, time_limit: Duration) -> Result<Vec<u8>, String> {
        self.try_receive(time_limit)
            .unwrap_or_else(|| Err(format!("no answer within {} s", time_limit.as_secs_f32())))
    }

    /// Like [`receive`](Child::receive), but returns `None` after the time limit.
    pub fn try_receive(&mut self, time_limit: Duration) -> Option<Result<Vec<u8>, String>> {
        match self.replies.recv_timeout(time_limit) {
            Ok(Ok(line)) => Some(Ok(line)),
            Ok(Err(error)) => Some(Err(format!("its output could not be read: {error}"))),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Err(self.why_it_ended())),
        }
    }

    fn why_it_ended(&mut self) -> String {
        // It closed its output, so that it is about to end unless it misbehaves.
        match crash::wait(&mut self.process) {
            Ok(Some(status)) => crash::how_it_ended(status),
            Ok(None) => "it closed its output".to_owned(),
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.requests = None;
        #[cfg(unix)]
        if self.leads_group && matches!(self.process.try_wait(), Ok(None)) {
            let group = rustix::process::Pid::from_child(&self.process);
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the command that runs a program, with standard input and output piped.
pub(crate) fn python_command(python: &Path, options: &[&str], program: &str) -> Command {
    let mut command = Command::new(python);
    // Isolated from PYTHON* variables, the current folder and site-packages.
    command.args(["-I", "-S"]).args(options).args(["-c", program]);
    // PYTHONEXECUTABLE has an effect even with -I.
    for (name, _) in env::vars_os() {
        let name_bytes = name.as_encoded_bytes();
        if name_bytes.starts_with(b"PYTHON") || name_bytes == b"__PYVENV_LAUNCHER__" {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn read_lines(stdout: impl Read, longest_line: u64, read: &Sender<io::Result<Vec<u8>>>) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    loop {
        let mut line = Vec::new();
        let result = match stdout.by_ref().take(longest_line).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) if line.last() == Some(&b'\n') => match frame_length(&line, longest_line) {
                None => Ok(line),
                Some(length) => match read_frame(&mut stdout, length) {
                    Some(frame) => Ok(frame),
                    None => return,
                },
            },
            Ok(_) if line.len() as u64 == longest_line => Err(io::Error::other("a line is too long")),
            // The process ended within a line.
            Ok(_) => return,
            Err(error) => Err(error),
        };
        let failed = result.is_err();
        if read.send(result).is_err() || failed {
            return;
        }
    }
}

/// Returns the length of the frame that follows a line; `None` if the line itself is the reply,
/// which is a JSON object.
fn frame_length(line: &[u8], longest: u64) -> Option<u64> {
    line.first().filter(|byte| byte.is_ascii_digit())?;
    let length = std::str::from_utf8(line).ok()?.trim_end().parse().ok()?;
    (length <= longest).then_some(length)
}

/// Reads a frame; `None` if the process ended within it.
fn read_frame(stdout: &mut impl Read, length: u64) -> Option<Vec<u8>> {
    // The length is not trusted: the buffer grows as bytes arrive.
    let mut frame = Vec::with_capacity(length.min(1 << 20) as usize);
    let read = stdout.take(length).read_to_end(&mut frame).ok()?;
    (read as u64 == length).then_some(frame)
}
