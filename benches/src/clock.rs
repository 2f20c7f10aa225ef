//! The two clocks. A pass is timed in processor time of the thread, so that other programs do not count; single
//! patterns are timed in real time, because that clock costs only a fraction of a pattern's time to read.

use std::hint::black_box;
use std::time::{Duration, Instant};

pub(crate) use cpu_time::ThreadTime;

/// Converts a duration to nanoseconds.
pub(crate) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Returns the nanoseconds that reading the clock of single patterns takes: the median of many readings.
pub(crate) fn cost() -> f64 {
    sre_report::statistics::median((0..10_001).map(|_| black_box(Instant::now()).elapsed().as_nanos() as f64))
}
