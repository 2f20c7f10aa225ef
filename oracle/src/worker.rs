//! An interpreter as a child process.

use std::fmt;
use std::path::{Path, PathBuf};
use std::slice;
use std::time::Duration;

use crate::case::Case;
use crate::child::Child;
use crate::outcome::{Oracle, Outcome};
use crate::wire::{self, Hello};

/// An interpreter as a child process, asked in batches over pipes.
///
/// Should it die, hang or write nonsense, it is replaced. The case that it stopped at is asked once more in a
/// process of its own; if that stops, too, the outcome is [`Outcome::Lost`]. The others get their answers.
pub struct Worker {
    python: PathBuf,
    program: String,
    hello: Hello,
    child: Option<Child>,
    time_limit: Duration,
    debug: bool,
    replaced: usize,
}

/// How much is written before the answers are read: bounds the memory that answers wait in.
const BATCH_BYTES: usize = 1 << 18;

/// How long an interpreter may take to start.
const START_LIMIT: Duration = Duration::from_secs(30);

impl Worker {
    /// Starts an interpreter.
    ///
    /// # Errors
    /// Says why it does not start.
    pub fn start(python: &Path) -> Result<Worker, String> {
        Worker::start_with(python, crate::PYTHON_SOURCE)
    }

    fn start_with(python: &Path, program: &str) -> Result<Worker, String> {
        let (child, hello) = start(python, program)?;
        Ok(Worker {
            python: python.to_owned(),
            program: program.to_owned(),
            hello,
            child: Some(child),
            time_limit: Duration::from_secs(30),
            debug: false,
            replaced: 0,
        })
    }

    /// How long a single case may take; 30 seconds unless it is set.
    pub fn set_time_limit(&mut self, limit: Duration) {
        self.time_limit = limit;
    }

    /// Which Python it is.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// How often the process had to be replaced.
    pub fn replaced(&self) -> usize {
        self.replaced
    }

    /// Asks for the outcomes of the cases, as far as the process gets.
    fn ask(&mut self, cases: &[Case], outcomes: &mut Vec<Outcome>) -> Result<(), String> {
        let child = match &mut self.child {
            Some(child) => child,
            none => {
                let (child, hello) = start(&self.python, &self.program)?;
                if hello != self.hello {
                    return Err(format!("{} is another Python than before", self.python.display()));
                }
                none.insert(child)
            }
        };
        let mut cases = cases.iter().peekable();
        while cases.peek().is_some() {
            let mut lines = Vec::new();
            let mut sent = 0;
            while let Some(case) = cases.next_if(|_| lines.len() < BATCH_BYTES) {
                wire::write_request(&mut lines, case, self.debug);
                lines.push(b'\n');
                sent += 1;
            }
            child.send(lines);
            for _ in 0..sent {
                let line = child.receive(self.time_limit)?;
                let outcome =
                    wire::parse_outcome(&line).map_err(|why| format!("its answer is none: {why}"))?;
                outcomes.push(outcome);
            }
        }
        Ok(())
    }
}

fn start(python: &Path, program: &str) -> Result<(Child, Hello), String> {
    let failed = |why: String| format!("{} did not start: {why}", python.display());
    let mut child = Child::start(python, program).map_err(|error| failed(error.to_string()))?;
    let line = child.receive(START_LIMIT).map_err(failed)?;
    let hello = wire::parse_hello(&line).map_err(|error| failed(error.to_string()))?;
    Ok((child, hello))
}

impl Oracle for Worker {
    fn outcome(&mut self, case: &Case) -> Outcome {
        let lost = || Outcome::Lost { why: "no answer".to_owned() };
        self.outcomes(slice::from_ref(case)).pop().unwrap_or_else(lost)
    }

    fn outcomes(&mut self, cases: &[Case]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(cases.len());
        while outcomes.len() < cases.len() {
            if self.ask(&cases[outcomes.len()..], &mut outcomes).is_ok() {
                break;
            }
            // It answers in order, so that the first case without an answer is what it stopped at; or else the
            // reason came from outside, and the case alone will do.
            self.child = None;
            self.replaced += 1;
            let guilty = outcomes.len();
            if let Err(why) = self.ask(&cases[guilty..=guilty], &mut outcomes) {
                self.child = None;
                outcomes.truncate(guilty);
                outcomes.push(Outcome::Lost { why });
            }
        }
        outcomes
    }

    fn set_debug(&mut self, debug: bool) {
        self.debug = debug;
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Worker({}, {})", self.python.display(), self.hello.label())
    }
}

#[cfg(test)]
mod tests {
    use sre_compiler::Flags;

    use super::*;

    /// A worker that misbehaves on certain patterns; none on a machine without Python.
    fn unruly_worker() -> Option<Worker> {
        let unruly = r#"
real_reply, count = reply, 0
def reply(line):
    import os, signal, time
    pattern = json.loads(line).get("pattern")
    if pattern == "die": os.kill(os.getpid(), signal.SIGKILL)
    if pattern == "exit": os._exit(3)
    if pattern == "hang": time.sleep(1000)
    if pattern == "nonsense": return ["nonsense"]
    if pattern == "noise": print("noise"); os.write(1, b"noise\n")
    return real_reply(line)
import json
main()
"#;
        let program = crate::PYTHON_SOURCE.replace("\n    main()\n", "\n    pass\n") + unruly;
        let mut worker = Worker::start_with(Path::new("python3"), &program).ok()?;
        worker.set_time_limit(Duration::from_millis(300));
        Some(worker)
    }

    #[test]
    fn a_process_that_dies_hangs_or_rambles_loses_its_own_case_only() {
        let Some(mut worker) = unruly_worker() else { return };
        let patterns = ["a", "die", "b", "noise", "exit", "hang", "c", "nonsense", "d", "die"];
        let cases = patterns.map(|pattern| Case::str(pattern, Flags::NONE));
        let shown = worker.outcomes(&cases).into_iter().map(|outcome| match outcome {
            Outcome::Accepted(accepted) => format!("{} words", accepted.code.len()),
            Outcome::Rejected(rejected) => rejected.message.to_string(),
            Outcome::Lost { why } => why,
        });
        let shown: Vec<String> = shown.collect();
        assert_eq!(shown[0], shown[2]);
        assert!(shown[1].contains("signal: 9"), "{shown:?}");
        assert!(shown[3].ends_with("words") && shown[6] == shown[0] && shown[8] == shown[0], "{shown:?}");
        assert!(shown[4].contains("exit status: 3") && shown[5].contains("0.3 s"), "{shown:?}");
        assert!(shown[7].contains("its answer is none"), "{shown:?}");
        assert!(shown[9].contains("signal: 9"), "{shown:?}");
    }

    #[test]
    fn batches_beyond_the_size_of_any_pipe_go_through() {
        let Ok(mut worker) = Worker::start(Path::new("python3")) else { return };
        let long = "[^a]?".repeat(4000);
        let cases: Vec<Case> = (0..100).map(|n| Case::str(&format!("{n}{long}"), Flags::NONE)).collect();
        let outcomes = worker.outcomes(&cases);
        assert_eq!(outcomes.len(), cases.len());
        assert!(outcomes.iter().all(|outcome| outcome.accepted().is_some()));
        assert_eq!(worker.replaced(), 0);
    }
}
