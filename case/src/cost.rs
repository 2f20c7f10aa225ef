//! What comparing costs over what CPython's own compiler takes: in time of the processor, for the clock on the wall counts
//! what else the machine does, too.

use std::ops::AddAssign;
use std::time::Duration;

use cpu_time::ProcessTime;

/// Time of the processor.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Cost {
    /// What CPython took to parse patterns and make code of them.
    pub reference: Duration,
    /// What everything took: that, asking and answering, our compiler, comparing. Not the start of interpreters.
    pub everything: Duration,
}

/// Less than that says nothing.
const LEAST: Duration = Duration::from_millis(100);

impl Cost {
    /// What all else took, as a share of what the reference took: 0.1 if it is a tenth. None if nothing was measured, or
    /// too little.
    pub fn overhead(&self) -> Option<f64> {
        let rest = self.everything.checked_sub(self.reference)?;
        (self.reference >= LEAST).then(|| rest.as_secs_f64() / self.reference.as_secs_f64())
    }

    /// The reference's share of everything.
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

/// What this process took so far, with all its threads; none where the system does not tell.
pub fn processor_time() -> Option<Duration> {
    Some(ProcessTime::try_now().ok()?.as_duration())
}
