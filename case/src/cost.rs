//! The cost of comparing relative to CPython's compiler, in processor time, which does not depend
//! on the load of the machine.

use std::ops::AddAssign;
use std::time::Duration;

/// Processor time.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Cost {
    /// Time that CPython's parser and code generator took.
    pub reference: Duration,
    /// Total time, including sre-compiler, communication and comparing, but not the start of
    /// interpreters.
    pub everything: Duration,
}

/// The least reference time for meaningful ratios.
const LEAST: Duration = Duration::from_millis(100);

impl Cost {
    /// Returns the rest of the time relative to the reference: 0.1 if it is a tenth. `None` if too
    /// little was measured.
    pub fn overhead(&self) -> Option<f64> {
        let rest = self.everything.checked_sub(self.reference)?;
        (self.reference >= LEAST).then(|| rest.as_secs_f64() / self.reference.as_secs_f64())
    }

    /// Returns the reference's share of the total time.
    pub fn share(&self) -> Option<f64> {
        self.overhead().map(|overhead| 1.0 / (1.0 + overhead))
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        self.reference += other.reference;
        self.everything += other.everything;
    }
}

/// Returns the processor time of this process so far, including all threads, if the system provides
/// it.
pub fn processor_time() -> Option<Duration> {
    #[cfg(not(target_family = "wasm"))]
    return Some(cpu_time::ProcessTime::try_now().ok()?.as_duration());
    #[cfg(target_family = "wasm")]
    None
}
