//! Two clocks. A pass is timed in the processor time of the thread, so that other programs on the machine do not count;
//! a single pattern in real time, which can be read in a fraction of what a pattern takes.

use std::hint::black_box;
use std::time::{Duration, Instant};

pub(crate) use cpu_time::ThreadTime;

/// Nanoseconds.
pub(crate) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// What reading the clock of single patterns costs: the median of many readings one after the other.
pub(crate) fn cost() -> f64 {
    crate::statistics::median((0..10_001).map(|_| black_box(Instant::now()).elapsed().as_nanos() as f64))
}
