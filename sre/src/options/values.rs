//! Values of options, with errors that say what is expected.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// Returns a parser of whole numbers from `least` on.
pub(crate) fn whole<T>(least: T) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: FromStr + PartialOrd + Display + Copy + Send + Sync + 'static,
{
    move |text| {
        let number = text.trim().parse::<T>().ok().filter(|number| *number >= least);
        number.ok_or_else(|| format!("expected a whole number, at least {least}"))
    }
}

/// Parses a duration in seconds, which may be a fraction but not 0.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.trim().parse::<f64>().ok();
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| "expected a number of seconds above 0, such as 30 or 0.5".to_owned())
}

/// The longest duration, a year.
const MOST_MINUTES: f64 = 525_600.0;

/// Parses a duration in minutes, which may be a fraction but not 0.
pub(crate) fn minutes(text: &str) -> Result<Duration, String> {
    let minutes = text.trim().parse::<f64>().ok().filter(|minutes| *minutes <= MOST_MINUTES);
    let duration = minutes.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok());
    duration.filter(|duration| !duration.is_zero()).ok_or_else(|| {
        format!("expected a number of minutes above 0 and up to {MOST_MINUTES}, such as 30 or 0.5")
    })
}
