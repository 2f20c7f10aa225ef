//! The samples of a run, in memory that does not grow.

use super::Measurement;

/// Where the subject stood at a time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Sample {
    /// Since the start.
    pub seconds: f64,
    /// Compiled since the start.
    pub patterns: f64,
    /// What is held, in the subject's unit.
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

/// As many samples are kept, of a run of any length.
const CAPACITY: usize = 4096;

/// Samples at equal distances. When there are too many, every other one is dropped, and of those to
/// come, too.
#[derive(Debug)]
pub struct History {
    samples: Vec<Sample>,
    /// One in so many is kept.
    stride: usize,
    pushed: usize,
}

impl History {
    /// Takes all of its memory at once.
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

    /// What was kept.
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
    fn a_run_of_any_length_is_kept_in_the_same_memory() {
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
