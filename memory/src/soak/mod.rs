//! Soaking: compiling for a long time to detect memory growth and slowdowns.
//!
//! A [`Subject`] compiles patterns and takes measurements: [`RustSubject`] or [`CpythonSubject`].
//! [`soak`] samples it about once a second, [`curves`] fits a line to each series of samples and
//! judges its slope, and a [`Page`] draws them.

mod checks;
mod cpython;
mod curve;
mod history;
mod injected_leak;
mod page;
mod resident;
mod rust;
mod slope;
mod workload;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

pub use checks::{Check, NextStep, checks, headline, next_steps};
pub use cpython::CpythonSubject;
pub use curve::{Curve, Point, Quantity, Verdict, curves};
pub use history::{History, Sample};
pub use injected_leak::InjectedLeak;
pub use page::Page;
pub use rust::RustSubject;
pub use slope::{Fit, fit};
pub use workload::Workload;

/// The compiler under test.
pub trait Subject {
    /// Returns its name and version.
    fn name(&self) -> String;

    /// Returns the unit of live memory, and the growth per 1,000 patterns above which it is growing.
    fn memory(&self) -> (&'static str, f64);

    /// Returns by how much the live memory of a run may vary without being growth.
    fn tolerance(&self) -> f64 {
        0.0
    }

    /// Compiles for about that long, then takes a measurement.
    ///
    /// # Errors
    /// If the subject cannot continue.
    fn work(&mut self, time: Duration) -> Result<Measurement, String>;
}

/// A measurement of a subject.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Measurement {
    /// Number of patterns compiled since the start.
    pub patterns: u64,
    /// Live memory, in the unit of [`Subject::memory`].
    pub memory: i64,
    /// Resident memory of its process in bytes; `None` where the system does not provide it.
    pub resident: Option<u64>,
    /// Mean time for a pattern of a fixed set, in microseconds.
    pub latency: f64,
    /// Time for unrelated work at the same moment, in microseconds: the current speed of the machine.
    pub reference: f64,
    /// Whether it has compiled all patterns that are repeated.
    pub settled: bool,
    /// What the interpreter's collector found; `None` for sre-compiler.
    pub objects: Option<Objects>,
}

/// Numbers of Python objects that reference counting did not free.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Objects {
    /// Objects that only the collector freed, since the start of the run.
    pub collected: u64,
    /// Objects that the collector found but could not free (`gc.garbage`), since the start of the run.
    pub uncollectable: u64,
    /// Compiled patterns that nothing refers to, but that survived a collection: the most in a sample.
    pub alive: u64,
}

impl Objects {
    /// Returns whether all objects were freed, by reference count or by the collector.
    pub fn are_all_freed(&self) -> bool {
        self.uncollectable == 0 && self.alive == 0
    }
}

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The samples, including those of the warm-up.
    pub samples: Vec<Sample>,
    /// Seconds of the warm-up, which is not fitted.
    pub warm_up: f64,
    /// Whether the subject compiled all repeated patterns during the warm-up.
    pub settled: bool,
    /// What the interpreter's collector found; `None` for sre-compiler.
    pub objects: Option<Objects>,
}

/// Time between samples, long enough to cost little.
const INTERVAL: Duration = Duration::from_secs(1);

/// Least number of samples of a short run.
const SAMPLES: u32 = 120;

/// Least part of a run that counts as warm-up, since the system warms up as well.
const LEAST_WARM_UP: f64 = 0.1;

/// Runs a subject for a time, or until it is stopped. `watch` is called with each sample.
///
/// # Errors
/// If the subject cannot continue.
pub fn soak(
    subject: &mut dyn Subject,
    duration: Duration,
    stopped: &AtomicBool,
    watch: &mut dyn FnMut(&Sample),
) -> Result<Run, String> {
    let interval = INTERVAL.min(duration / SAMPLES);
    let start = Instant::now();
    let mut history = History::new();
    let mut settled = None;
    let mut objects: Option<Objects> = None;
    while start.elapsed() < duration && !stopped.load(Ordering::Relaxed) {
        let measurement = subject.work(interval)?;
        let seconds = start.elapsed().as_secs_f64();
        let sample = Sample::new(seconds, &measurement);
        settled = settled.or(measurement.settled.then_some(seconds));
        objects = measurement
            .objects
            .map(|now| Objects { alive: now.alive.max(objects.map_or(0, |before| before.alive)), ..now });
        history.push(sample);
        watch(&sample);
    }
    let end = start.elapsed().as_secs_f64();
    // If the subject never settles, the first half is warm-up.
    let warm_up = settled.unwrap_or(end).clamp(end * LEAST_WARM_UP, end / 2.0);
    let settled = settled.is_some_and(|seconds| seconds <= warm_up);
    Ok(Run { samples: history.into_samples(), warm_up, settled, objects })
}
