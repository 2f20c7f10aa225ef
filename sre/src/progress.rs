//! Progress bars.

use indicatif::{ProgressBar, ProgressStyle};

/// Returns a progress bar on standard error, which is hidden unless that is a terminal.
pub(crate) fn progress_bar(name: &str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:9} [{bar:30}] {pos}/{len} {per_sec} {eta}");
    let bar = ProgressBar::new(total as u64).with_prefix(name.to_owned());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
