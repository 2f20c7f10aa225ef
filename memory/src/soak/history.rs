//! The samples of a run, in a fixed amount of memory.

use super::Measurement;

/// The state of the subject at a time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sample {
    /// Seconds since the start.
    pub seconds: f64,
    /// Patterns compiled since the start.
    pub patterns: f64,
    /// Live memory, in the subject's unit.
    pub memory: f64,
    /// Resident memory, in bytes.
    pub resident: Option<f64>,
    /// Microseconds for a pattern of the probe.
    pub latency: f64,
    /// Microseconds for the reference.
    pub reference: f64,
}

impl Sample {
    pub(super) fn new(seconds: f64, measurement: &Measurement) -> Sample {
        Sample {
            seconds,
            patterns: measurement.patterns as f64,
            memory: measurement.memory as f64,
            resident: measurement.resident.map(|bytes| bytes as f64),
            latency: measurement.latency,
            reference: measurement.reference,
        }
    }
}

/// Maximum number of samples, however long the run.
const CAPACITY: usize = 4096;

/// Samples at equal distances. When there are too many, every other one is dropped, and the distance
/// doubles.
#[derive(Debug)]
pub struct History {
    samples: Vec<Sample>,
    /// One sample in this many is stored.
    stride: usize,
    pushed: usize,
}

impl History {
    /// Creates an empty history, and allocates all of its memory.
    pub fn new() -> History {
        History { samples: Vec::with_capacity(CAPACITY), stride: 1, pushed: 0 }
    }

    /// Adds a sample.
    pub fn push(&mut self, sample: Sample) {
        if self.pushed.is_multiple_of(self.stride) {
            if self.samples.len() == CAPACITY {
                let mut number = 0;
                self.samples.retain(|_| {
                    number += 1;
                    number % 2 == 1
                });
                self.stride *= 2;
            }
            self.samples.push(sample);
        }
        self.pushed += 1;
    }

    /// Returns the stored samples.
    pub fn into_samples(self) -> Vec<Sample> {
        self.samples
    }
}

impl Default for History {
    fn default() -> History {
        History::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::growth;

    #[test]
    fn the_memory_does_not_depend_on_the_length_of_the_run() {
        let mut history = History::new();
        let sample = |n: usize| Sample::new(n as f64, &Measurement::default());
        let grown = growth(|| (0..3 * CAPACITY + 5).for_each(|n| history.push(sample(n))));
        assert_eq!(grown, 0);
        let samples = history.into_samples();
        let distances: Vec<f64> = samples.windows(2).map(|two| two[1].seconds - two[0].seconds).collect();
        assert!(samples[0].seconds == 0.0 && distances.iter().all(|&distance| distance == 4.0));
        assert_eq!(samples.len(), (3 * CAPACITY + 5).div_ceil(4));
    }
}
