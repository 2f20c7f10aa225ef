//! Soaks CPython's compiler.

use std::time::{Duration, Instant};

use serde::Deserialize;
use sre_case::{Case, wire};
use sre_compiler::compile;
use sre_oracle::child::Child;
use sre_oracle::pythons::Python;
use sre_support::visible::Shown;

use super::workload::{Item, Workload};
use super::{Measurement, Objects, Subject};

/// CPython's compiler in a process of its own: `re.compile` without its cache.
pub struct CpythonSubject {
    name: String,
    child: Child,
    workload: Workload,
    patterns: u64,
    /// Number of patterns sent at a time, adjusted to take about as long as requested.
    batch: usize,
    lines: Vec<u8>,
}

/// A reply of soak.py.
#[derive(Deserialize)]
struct Answer {
    blocks: i64,
    resident: Option<u64>,
    latency: f64,
    reference: f64,
    alive: u64,
    collected: u64,
    uncollectable: u64,
}

const SOURCE: &str = include_str!("../../python/soak.py");

/// Number of times that the probe is timed in a batch; the fastest counts.
const PASSES: usize = 10;

/// The limit for one batch, in which a pattern may take seconds.
const TIME_LIMIT: Duration = Duration::from_secs(300);

impl CpythonSubject {
    /// Starts an interpreter.
    ///
    /// # Errors
    /// The reason why it does not start.
    pub fn start(python: &Python, workload: Workload) -> Result<CpythonSubject, String> {
        let failed = |why: String| format!("{} did not start: {why}", python.path.shown());
        let dialect = python.dialect.clone().map_err(|why| failed(why.to_string()))?;
        let mut child = Child::start(&python.path, &sre_oracle::python_program(SOURCE))
            .map_err(|error| failed(error.to_string()))?;
        child.receive(TIME_LIMIT).map_err(failed)?;
        let mut cpython = CpythonSubject {
            name: format!("CPython {}", python.info.label()),
            child,
            workload,
            patterns: 0,
            batch: 64,
            lines: Vec::new(),
        };
        for case in cpython.workload.probes(|case| compile(case.pattern(), case.flags, dialect).is_ok()) {
            write_case(&mut cpython.lines, &case, "probe");
        }
        Ok(cpython)
    }
}

/// `["compile", {…}]`
fn write_case(lines: &mut Vec<u8>, case: &Case, what: &str) {
    lines.extend_from_slice(format!("[\"{what}\", ").as_bytes());
    wire::write_request(lines, case, false);
    lines.extend_from_slice(b"]\n");
}

impl Subject for CpythonSubject {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn memory(&self) -> (&'static str, f64) {
        ("blocks", 1.0)
    }

    fn tolerance(&self) -> f64 {
        // Of its tables and free lists.
        200.0
    }

    fn work(&mut self, time: Duration) -> Result<Measurement, String> {
        let start = Instant::now();
        for number in 0..self.batch {
            if number.is_multiple_of(self.batch.div_ceil(PASSES)) {
                self.lines.extend_from_slice(b"[\"time\", null]\n");
            }
            match self.workload.next_item() {
                Item::Known(case, _) => write_case(&mut self.lines, case, "compile"),
                Item::New(case) => write_case(&mut self.lines, &case, "compile"),
            }
        }
        self.lines.extend_from_slice(b"[\"sample\", null]\n");
        self.child.send(std::mem::take(&mut self.lines));
        let answer = self.child.receive(TIME_LIMIT)?;
        let answer: Answer =
            serde_json::from_slice(&answer).map_err(|why| format!("invalid reply: {why}"))?;
        self.patterns += self.batch as u64;
        // Limits the effect of a single slow pattern.
        let right = self.batch as f64 * time.as_secs_f64() / start.elapsed().as_secs_f64().max(1e-6);
        self.batch = (right as usize).clamp(self.batch / 2, self.batch * 2).max(16);
        Ok(Measurement {
            patterns: self.patterns,
            memory: answer.blocks,
            resident: answer.resident,
            latency: answer.latency,
            reference: answer.reference,
            settled: self.workload.passes() >= 1,
            objects: Some(Objects {
                collected: answer.collected,
                uncollectable: answer.uncollectable,
                alive: answer.alive,
            }),
        })
    }
}

impl std::fmt::Debug for CpythonSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.name)
    }
}
