//! Soaking: compiling for a long time to detect memory growth and slowdowns.
//!
//! A [`Subject`] compiles and says where it stands: [`RustSubject`], or [`CpythonSubject`].
//! [`soak`] asks it every second or so, and [`curves`] fits a line through each series of samples
//! and judges its slope; a [`Page`] draws them.

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

pub use cpython::CpythonSubject;
pub use curve::{Curve, Point, Verdict, curves};
pub use history::{History, Sample};
pub use injected_leak::InjectedLeak;
pub use page::{Page, machine};
pub use rust::RustSubject;
pub use slope::{Fit, fit};
pub use workload::Workload;

/// The compiler under test.
pub trait Subject {
    /// What it is, with its version.
    fn name(&self) -> String;

    /// What memory is counted in, and the growth for a thousand patterns that is too much.
    fn memory(&self) -> (&'static str, f64);

    /// Compiles for about that long, then says where it stands.
    ///
    /// # Errors
    /// If it cannot go on.
    fn work(&mut self, time: Duration) -> Result<Measurement, String>;
}

/// A measurement of a subject.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Measurement {
    /// How many patterns it has compiled in all.
    pub patterns: u64,
    /// What it holds, in the unit of [`Subject::memory`].
    pub memory: i64,
    /// The resident memory of its process in bytes; none where the system does not tell.
    pub resident: Option<u64>,
    /// How long it takes for one of a fixed set of patterns, in microseconds.
    pub latency: f64,
    /// How long, at the same time, something takes that has nothing to do with it: how fast the
    /// machine is just now.
    pub reference: f64,
    /// Whether it has compiled all patterns that are repeated.
    pub settled: bool,
    /// Number of unreferenced objects that were not collected.
    pub uncollected: u64,
}

/// The result of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The samples, those of the warm-up too.
    pub samples: Vec<Sample>,
    /// The seconds at the start that no line is fitted through.
    pub warm_up: f64,
    /// Whether the subject compiled all repeated patterns during the warm-up.
    pub settled: bool,
    /// The largest number of unreferenced objects that were not collected.
    pub uncollected: u64,
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
/// If the subject cannot go on.
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
    let mut uncollected = 0;
    while start.elapsed() < duration && !stopped.load(Ordering::Relaxed) {
        let measurement = subject.work(interval)?;
        let seconds = start.elapsed().as_secs_f64();
        let sample = Sample::new(seconds, &measurement);
        settled = settled.or(measurement.settled.then_some(seconds));
        uncollected = uncollected.max(measurement.uncollected);
        history.push(sample);
        watch(&sample);
    }
    let end = start.elapsed().as_secs_f64();
    // If the subject never settles, the first half is warm-up.
    let warm_up = settled.unwrap_or(end).clamp(end * LEAST_WARM_UP, end / 2.0);
    let settled = settled.is_some_and(|seconds| seconds <= warm_up);
    Ok(Run { samples: history.into_samples(), warm_up, settled, uncollected })
}
