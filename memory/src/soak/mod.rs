//! Soaking: compiling for a long time, and watching whether anything grows or slows down.
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

/// What is soaked.
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

/// Where a subject stands.
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
    /// Has it seen all that it sees again and again?
    pub settled: bool,
    /// How many objects should be gone, and are not.
    pub uncollected: u64,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The samples, those of the warm-up too.
    pub samples: Vec<Sample>,
    /// The seconds at the start that no line is fitted through.
    pub warm_up: f64,
    /// Did the subject see all of its fixed patterns while it warmed up?
    pub settled: bool,
    /// The most objects that should have been gone, and were not.
    pub uncollected: u64,
}

/// A sample is taken as often: rarely enough to cost nothing.
const INTERVAL: Duration = Duration::from_secs(1);

/// Of a short run there are at least as many samples.
const SAMPLES: u32 = 120;

/// Part of a run that is left out, even if the subject settles sooner: the system warms up, too.
const LEAST_WARM_UP: f64 = 0.1;

/// Has the subject work for a time, or until it is stopped. `watch` is told each sample.
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
    // Of what never settles, the second half has to do.
    let warm_up = settled.unwrap_or(end).clamp(end * LEAST_WARM_UP, end / 2.0);
    let settled = settled.is_some_and(|seconds| seconds <= warm_up);
    Ok(Run { samples: history.into_samples(), warm_up, settled, uncollected })
}
