//! Progress bars, in lines of at most 80 columns.

use std::cell::Cell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Returns a progress bar on standard error, which is hidden unless that is a terminal.
pub(crate) fn progress_bar(name: &str, total: usize) -> ProgressBar {
    resumed(name, total, 0)
}

/// The same for work of which a part was done before: rate and remaining time are those of the
/// rest.
pub(crate) fn resumed(name: &str, total: usize, done_before: u64) -> ProgressBar {
    let bar = ProgressBar::new(total as u64).with_prefix(name.to_owned()).with_position(done_before);
    let start = Instant::now();
    let rate = move |state: &ProgressState| {
        let done = state.pos().saturating_sub(done_before);
        done as f64 / start.elapsed().as_secs_f64().max(1e-3)
    };
    let per_second = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let _ = out.write_str(&rate_text(rate(state)));
    };
    let left = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let rest = state.len().unwrap_or_default().saturating_sub(state.pos());
        let _ = out.write_str(&left_text(rest, rate(state)));
    };
    let style =
        ProgressStyle::with_template("{prefix:9} [{bar:24}] {human_pos}/{human_len}, {per_second}, {left}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style.with_key("per_second", per_second).with_key("left", left));
    bar
}

/// A progress bar that is shown once the work has taken a second.
pub(crate) struct LateBar {
    bar: ProgressBar,
    started: Instant,
    is_shown: Cell<bool>,
}

const LATE: Duration = Duration::from_secs(1);

impl LateBar {
    pub(crate) fn new(name: &str, total: usize) -> LateBar {
        let bar = progress_bar(name, total);
        bar.set_draw_target(ProgressDrawTarget::hidden());
        LateBar { bar, started: Instant::now(), is_shown: Cell::new(false) }
    }

    /// Counts steps.
    pub(crate) fn advance(&self, steps: usize) {
        self.bar.inc(steps as u64);
        if !self.is_shown.get() && self.started.elapsed() > LATE {
            self.is_shown.set(true);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Runs something that prints, without the bar in between.
    pub(crate) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Returns a line on standard error that says what is being waited for, if that is a terminal.
pub(crate) fn spinner(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// `1234/s`, or `0.5/s`
fn rate_text(rate: f64) -> String {
    if rate < 10.0 { format!("{rate:.1}/s") } else { format!("{rate:.0}/s") }
}

/// `25 s left`, `12 min left`; nothing while the rate is unknown.
fn left_text(rest: u64, rate: f64) -> String {
    let seconds = rest as f64 / rate;
    match Duration::try_from_secs_f64(seconds).map(|left| left.as_secs()) {
        Ok(seconds) if seconds < 120 => format!("{seconds} s left"),
        Ok(seconds) if seconds < 2 * 3600 => format!("{} min left", seconds / 60),
        Ok(seconds) => format!("{} h left", seconds / 3600),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_rounded_and_the_time_left_has_its_unit() {
        assert_eq!(rate_text(2101.8615), "2102/s");
        assert_eq!(rate_text(0.52), "0.5/s");
        assert_eq!(left_text(100, 10.0), "10 s left");
        assert_eq!(left_text(20_000, 10.0), "33 min left");
        assert_eq!(left_text(100_000, 10.0), "2 h left");
        assert_eq!(left_text(1, 0.0), "");
    }
}
