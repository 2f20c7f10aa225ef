//! A process that answers lines with lines, or with frames of bytes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// A process whose lines a thread reads and another writes: whatever it does, or leaves undone, its owner waits
/// no longer than it wants to. Ends with its owner.
pub(crate) struct Child {
    process: std::process::Child,
    requests: Option<Sender<Vec<u8>>>,
    replies: Receiver<io::Result<Vec<u8>>>,
}

/// The longest line that is still an answer: the code of the longest pattern that is sensible to ask for.
const LONGEST_LINE: u64 = 1 << 30;

impl Child {
    /// Starts a Python with the program given, cut off from the user's settings.
    pub(crate) fn start(python: &Path, program: &str) -> io::Result<Child> {
        let mut process = Command::new(python)
            // Isolated: neither PYTHON* variables nor what site-packages hold change what is measured.
            .args(["-I", "-S", "-c", program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(mut stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(io::Error::other("no pipes"));
        };
        let (requests, to_write) = mpsc::channel::<Vec<u8>>();
        // Ends when the sender is dropped, or the process is dead.
        thread::spawn(move || to_write.iter().try_for_each(|lines| stdin.write_all(&lines)));
        let (read, replies) = mpsc::channel();
        thread::spawn(move || read_lines(stdout, &read));
        Ok(Child { process, requests: Some(requests), replies })
    }

    /// Has lines written; returns at once.
    pub(crate) fn send(&self, lines: Vec<u8>) {
        // If nobody takes them, the process is dead, which `receive` tells.
        let _ = self.requests.as_ref().map(|requests| requests.send(lines));
    }

    /// The next line, or the bytes of the next frame; otherwise says what happened instead.
    pub(crate) fn receive(&mut self, time_limit: Duration) -> Result<Vec<u8>, String> {
        match self.replies.recv_timeout(time_limit) {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(error)) => Err(format!("its output could not be read: {error}")),
            Err(RecvTimeoutError::Timeout) => Err(format!("no answer within {} s", time_limit.as_secs_f32())),
            Err(RecvTimeoutError::Disconnected) => Err(self.why_it_ended()),
        }
    }

    fn why_it_ended(&mut self) -> String {
        // It closed its output, so that it is about to end, or else misbehaves.
        let deadline = Instant::now() + Duration::from_secs(2);
        while Instant::now() < deadline {
            match self.process.try_wait() {
                Ok(Some(status)) => return format!("it ended with {status}"),
                Ok(None) => thread::sleep(Duration::from_millis(5)),
                Err(error) => return error.to_string(),
            }
        }
        "it closed its output".to_owned()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.requests = None;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read_lines(stdout: impl Read, read: &Sender<io::Result<Vec<u8>>>) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    loop {
        let mut line = Vec::new();
        let result = match stdout.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) if line.last() == Some(&b'\n') => match frame_length(&line) {
                None => Ok(line),
                Some(length) => match read_frame(&mut stdout, length) {
                    Some(frame) => Ok(frame),
                    None => return,
                },
            },
            Ok(_) if line.len() as u64 == LONGEST_LINE => Err(io::Error::other("a line without end")),
            // Cut off by its death.
            Ok(_) => return,
            Err(error) => Err(error),
        };
        let failed = result.is_err();
        if read.send(result).is_err() || failed {
            return;
        }
    }
}

/// What a line says of a frame that follows it; none of a line that is an answer itself, which is an object.
fn frame_length(line: &[u8]) -> Option<u64> {
    line.first().filter(|byte| byte.is_ascii_digit())?;
    let length = std::str::from_utf8(line).ok()?.trim_end().parse().ok()?;
    (length <= LONGEST_LINE).then_some(length)
}

/// None if it is cut off.
fn read_frame(stdout: &mut impl Read, length: u64) -> Option<Vec<u8>> {
    // What is announced is not yet there.
    let mut frame = Vec::with_capacity(length.min(1 << 20) as usize);
    let read = stdout.take(length).read_to_end(&mut frame).ok()?;
    (read as u64 == length).then_some(frame)
}
