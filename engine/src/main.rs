//! Runs code in RustPython's matcher: reads the requests that `matching/python/matching.py` reads,
//! and writes the same replies. It knows one form, `given`, and no `sub` and `split`, which
//! RustPython writes in terms of the others.
//!
//! The matcher cannot be stopped. An operation that takes too long is reported as slow, as are those
//! after it on the same subject, and its thread goes on until the process ends, so that whoever
//! started it should start another.

mod outcomes;
mod request;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use request::{Case, Request};
use rustpython_sre_engine::SRE_MAGIC;
use serde_json::json;
use serde_json::value::RawValue;

fn main() -> ExitCode {
    outcomes::record_panics();
    #[cfg(unix)]
    limit_memory();
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sre-engine-rustpython: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Limits the memory: some patterns take more than a machine has.
#[cfg(unix)]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Without it, the match ends when whoever waits for the reply kills the process.
    let _ = setrlimit(Resource::As, Rlimit { current: Some(1 << 30), maximum: None });
}

fn serve() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let hello = json!({
        "version": [0, 6, 0],
        "level": "final",
        "magic": SRE_MAGIC,
        "unidata": "unknown",
        "implementation": "rustpython-sre_engine",
        "digits": null,
    });
    writeln!(out, "{hello}")?;
    out.flush()?;
    for line in io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let replies: Vec<String> = request.reply();
        let reply = format!("[{}]", replies.join(","));
        write!(out, "{}\n{reply}", reply.len())?;
        out.flush()?;
    }
    Ok(())
}

impl Request {
    /// Returns the reply to each case, as JSON.
    fn reply(self) -> Vec<String> {
        // Waiting is measured in real time, which passes faster on a busy machine.
        let limit = Duration::from_secs_f64(self.limit.max(0.05) * 4.0 + 1.0);
        let operations = Arc::new(self.operations);
        let reply = |case: Case| {
            let Some(program) = case.program else {
                return json!({"forms": self.forms.iter().map(|_| json!({"missing": "no program"})).collect::<Vec<_>>()})
                    .to_string();
            };
            if self.forms.iter().any(|form| form != "given") {
                return json!({"refused": "this engine runs code that is given only"}).to_string();
            }
            let program = Arc::new(program);
            let subjects = Arc::new(case.subjects);
            let found = within(limit, subjects.len(), operations.len(), {
                let operations = operations.clone();
                move |n, send| outcomes::each(&program, &operations, case.is_bytes, &subjects[n], send)
            });
            format!("{{\"forms\":[{{\"subjects\":[{}]}}]}}", found.join(","))
        };
        self.cases.into_iter().map(reply).collect()
    }
}

/// The outcome of an operation that the time limit of its subject left no time for.
const SLOW: &str = r#"{"slow":true}"#;

/// Calls a function with each number below `count` in another thread, which sends the outcomes of
/// that subject one by one. Those that are missing when the limit of a subject has passed are slow.
fn within(
    limit: Duration,
    count: usize,
    operations: usize,
    run: impl Fn(usize, &mut dyn FnMut(String) -> bool) -> bool + Send + Sync + 'static,
) -> Vec<String> {
    let run = Arc::new(run);
    let mut found = Vec::new();
    while found.len() < count {
        let (sender, receiver) = mpsc::channel();
        let (run, start) = (run.clone(), found.len());
        // Sending fails if nobody waits any more.
        thread::spawn(move || (start..count).all(|n| run(n, &mut |outcome| sender.send(outcome).is_ok())));
        let mut is_running = true;
        while is_running && found.len() < count {
            let end = Instant::now() + limit;
            let mut outcomes: Vec<String> = Vec::with_capacity(operations);
            while is_running && outcomes.len() < operations {
                match receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
                    Ok(outcome) => outcomes.push(outcome),
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => is_running = false,
                }
            }
            outcomes.resize(operations, SLOW.to_owned());
            found.push(format!("[{}]", outcomes.join(",")));
        }
    }
    debug_assert!(found.iter().all(|json| serde_json::from_str::<Box<RawValue>>(json).is_ok()));
    found
}
