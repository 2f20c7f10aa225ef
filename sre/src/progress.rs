//! Progress bars.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Returns a progress bar on standard error, which is hidden unless that is a terminal.
pub(crate) fn progress_bar(name: &str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:9} [{bar:30}] {pos}/{len} {per_sec} {eta}");
    let bar = ProgressBar::new(total as u64).with_prefix(name.to_owned());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// A progress bar that is shown once the work has taken a second.
pub(crate) struct LateBar {
    bar: ProgressBar,
    started: Instant,
}

const LATE: Duration = Duration::from_secs(1);

impl LateBar {
    pub(crate) fn new(name: &str, total: usize) -> LateBar {
        let bar = progress_bar(name, total);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        LateBar { bar, started: Instant::now() }
    }

    /// Counts a step.
    pub(crate) fn step(&self) {
        if self.bar.is_hidden() && self.started.elapsed() > LATE && self.bar.position().is_multiple_of(16) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// Runs something that prints, without the bar in between.
    pub(crate) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
