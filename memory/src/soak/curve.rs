//! Curves: a series of samples, the line fitted to it, and the verdict on its slope.

use std::fmt;

use serde::{Deserialize, Serialize};

use sre_report::statistics::median;

use super::slope::{Fit, fit};
use super::{Run, Sample, Subject};

/// A quantity that was sampled.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The quantity.
    pub quantity: Quantity,
    /// Name of the quantity.
    pub name: String,
    /// Unit of its values.
    pub unit: &'static str,
    /// Unit of its slope.
    pub slope_unit: String,
    /// The word for a slope above the threshold: `growing`, `slowing`.
    pub worse: &'static str,
    /// The slope above which the verdict is [`Verdict::Regressed`].
    pub threshold: f64,
    /// The samples, including those of the warm-up.
    pub points: Vec<Point>,
    /// The line through the samples after the warm-up; `None` if there are too few.
    pub fit: Option<Fit>,
}

/// What a curve is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Live memory.
    Live,
    /// Resident memory.
    Resident,
    /// The time for a pattern.
    Latency,
}

/// A sample of a curve.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// Seconds since the start.
    pub seconds: f64,
    /// What the slope is relative to: thousands of patterns, or hours.
    pub x: f64,
    /// The value.
    pub y: f64,
    /// Whether it belongs to the warm-up, which is not fitted.
    pub warm_up: bool,
}

/// The verdict on a curve, by the interval of its slope.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The interval lies above the threshold.
    #[serde(rename = "worse")]
    Regressed,
    /// The interval lies below the threshold.
    #[serde(rename = "fine")]
    Ok,
    /// The interval contains the threshold, or there are too few samples.
    Undecided,
}

/// The change that is allowed per hour, and at least in a whole run: in a short one, less cannot be
/// distinguished from noise.
struct Limit {
    hour: f64,
    run: f64,
}

/// In MiB: about 100 per day. Systems allocate memory in steps of many pages.
const RESIDENT: Limit = Limit { hour: 4.0, run: 1.0 };

/// In percent: more than that doubles in less than a day. Within minutes, the machine itself varies
/// by as much.
const LATENCY: Limit = Limit { hour: 5.0, run: 5.0 };

/// Seconds after the warm-up from which a slope by time is judged: in less, a pause of the machine is a slope.
const JUDGED_AFTER: f64 = 20.0;

impl Limit {
    fn per_hour(&self, run: &Run) -> f64 {
        let fitted = run.samples.last().map_or(0.0, |last| last.seconds - run.warm_up);
        self.hour.max(self.run * 3600.0 / fitted.max(1e-9))
    }
}

/// Returns the curves of a run: live memory, resident memory (where the system provides it) and latency.
pub fn curves(subject: &dyn Subject, run: &Run) -> Vec<Curve> {
    let (unit, threshold) = subject.memory();
    let by_patterns = |sample: &Sample| sample.patterns / 1000.0;
    let fitted = run.samples.iter().filter(|sample| sample.seconds > run.warm_up).map(by_patterns);
    let fitted = fitted.clone().fold(0.0, f64::max) - fitted.fold(f64::INFINITY, f64::min);
    let threshold = threshold.max(subject.tolerance() / fitted.max(1e-9));
    let by_time = |sample: &Sample| sample.seconds / 3600.0;
    let mut curves = Vec::new();
    curves.push(Curve {
        name: format!("live {unit}"),
        unit,
        slope_unit: format!("{unit} per 1,000 patterns"),
        worse: "growing",
        threshold,
        ..Curve::through(Quantity::Live, run, by_patterns, |sample| Some(sample.memory))
    });
    let resident = Curve {
        name: "resident memory".to_owned(),
        unit: "MiB",
        slope_unit: "MiB per hour".to_owned(),
        worse: "growing",
        threshold: RESIDENT.per_hour(run),
        ..Curve::through(Quantity::Resident, run, by_time, |sample| {
            Some(sample.resident? / f64::from(1 << 20))
        })
    };
    if !resident.points.is_empty() {
        curves.push(resident);
    }
    let usual = |value: fn(&Sample) -> f64| {
        let fitted = run.samples.iter().filter(|sample| sample.seconds > run.warm_up);
        // The latency of an empty run is not shown, but divides.
        Some(median(fitted.map(value))).filter(|median| *median > 0.0).unwrap_or(1.0)
    };
    let (latency, reference) = (usual(|sample| sample.latency), usual(|sample| sample.reference));
    curves.push(Curve {
        name: format!("latency (100 % is {latency:.2} µs per pattern)"),
        unit: "%",
        slope_unit: "% per hour".to_owned(),
        worse: "slowing",
        threshold: LATENCY.per_hour(run),
        // Relative to the reference, which a slower machine slows down as well.
        ..Curve::through(Quantity::Latency, run, by_time, |sample| {
            Some(100.0 * sample.latency / latency * reference / sample.reference)
        })
    });
    curves
}

impl Curve {
    fn through(
        quantity: Quantity,
        run: &Run,
        x: impl Fn(&Sample) -> f64,
        y: impl Fn(&Sample) -> Option<f64>,
    ) -> Curve {
        let point = |sample: &Sample| {
            let (x, y, seconds) = (x(sample), y(sample)?, sample.seconds);
            Some(Point { seconds, x, y, warm_up: seconds <= run.warm_up })
        };
        let points: Vec<Point> = run.samples.iter().filter_map(point).collect();
        let fitted: Vec<_> = points.iter().filter(|p| !p.warm_up).map(|p| (p.x, p.y)).collect();
        Curve {
            quantity,
            name: String::new(),
            unit: "",
            slope_unit: String::new(),
            worse: "",
            threshold: 0.0,
            points,
            fit: fit(&fitted),
        }
    }

    /// The line, if the run was long enough for a verdict on it.
    fn judged(&self) -> Option<&Fit> {
        let mut fitted = self.points.iter().filter(|point| !point.warm_up);
        let (first, last) = (fitted.next()?, fitted.next_back()?);
        let is_enough = self.quantity == Quantity::Live || last.seconds - first.seconds >= JUDGED_AFTER;
        self.fit.as_ref().filter(|_| is_enough)
    }

    /// Returns the verdict on the slope.
    pub fn verdict(&self) -> Verdict {
        match self.judged() {
            Some(fit) if fit.lower > self.threshold => Verdict::Regressed,
            Some(fit) if fit.upper < self.threshold => Verdict::Ok,
            _ => Verdict::Undecided,
        }
    }

    /// Returns the verdict in words.
    pub fn word(&self) -> String {
        match self.verdict() {
            Verdict::Regressed => self.worse.to_owned(),
            Verdict::Ok => format!("not {}", self.worse),
            Verdict::Undecided if self.judged().is_none() => {
                "undecided: too few samples, run longer".to_owned()
            }
            Verdict::Undecided => "undecided: run longer".to_owned(),
        }
    }
}

/// `not growing: +0.000 bytes per 1,000 patterns (95 %: +0.000 to +0.000), threshold 1`
impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.word())?;
        if let Some(Fit { slope, lower, upper, .. }) = self.fit {
            let unit = &self.slope_unit;
            let [slope, lower, upper] = [slope, lower, upper].map(signed);
            write!(f, ": {slope} {unit} (95 %: {lower} to {upper})")?;
        }
        let threshold = self.threshold;
        write!(f, ", threshold {threshold:.*}", usize::from(threshold.fract() != 0.0))
    }
}

/// Formats a slope with its sign; with decimals only if it is small.
fn signed(slope: f64) -> String {
    if slope.abs() < 100.0 { format!("{slope:+.3}") } else { format!("{slope:+.0}") }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Measurement;
    use super::*;

    struct Nothing;

    impl Subject for Nothing {
        fn name(&self) -> String {
            "nothing".to_owned()
        }

        fn memory(&self) -> (&'static str, f64) {
            ("bytes", 1.0)
        }

        fn work(&mut self, _: Duration) -> Result<Measurement, String> {
            Ok(Measurement::default())
        }
    }

    /// Judges a run of some minutes with a hundred patterns a second, whose measurements are a function
    /// of the seconds.
    fn verdicts_of(minutes: u32, measurement: impl Fn(f64) -> Measurement) -> Vec<(String, Verdict)> {
        let sample = |second: u32| {
            let seconds = f64::from(second);
            let patterns = u64::from(second) * 100;
            Sample::new(seconds, &Measurement { patterns, reference: 1.0, ..measurement(seconds) })
        };
        let samples = (1..=60 * minutes).map(sample).collect();
        let run = Run { samples, warm_up: 6.0, settled: true, objects: None };
        curves(&Nothing, &run).into_iter().map(|curve| (curve.word(), curve.verdict())).collect()
    }

    #[test]
    fn verdicts_follow_the_thresholds() {
        let verdicts = |minutes, measurement: &dyn Fn(f64) -> Measurement| -> Vec<Verdict> {
            verdicts_of(minutes, measurement).into_iter().map(|(_, verdict)| verdict).collect()
        };
        let flat =
            Measurement { memory: 5000, resident: Some(10 << 20), latency: 2.0, ..Measurement::default() };
        assert_eq!(verdicts(2, &|_| flat), [Verdict::Ok, Verdict::Ok, Verdict::Ok]);
        // 2 bytes per 1,000 patterns; half of one.
        let leak = |share: f64| move |s: f64| Measurement { memory: 5000 + (s * share) as i64, ..flat };
        assert_eq!(verdicts(10, &leak(0.2)), [Verdict::Regressed, Verdict::Ok, Verdict::Ok]);
        assert_eq!(verdicts(10, &leak(0.05)), [Verdict::Ok, Verdict::Ok, Verdict::Ok]);
        // 6 MiB an hour are too much, which minutes cannot tell; 60 they can.
        let rise = |mib: f64| move |s: f64| Measurement { resident: Some((mib * s * 291.27) as u64), ..flat };
        assert_eq!(verdicts(120, &rise(6.0)), [Verdict::Ok, Verdict::Regressed, Verdict::Ok]);
        assert_eq!(verdicts(2, &rise(6.0)), [Verdict::Ok, Verdict::Ok, Verdict::Ok]);
        assert_eq!(verdicts(2, &rise(60.0)), [Verdict::Ok, Verdict::Regressed, Verdict::Ok]);
        let slow = |s: f64| Measurement { latency: 2.0 * (1.0 + 0.1 * s / 3600.0), ..flat };
        assert_eq!(verdicts(90, &slow), [Verdict::Ok, Verdict::Ok, Verdict::Regressed]);
        assert_eq!(verdicts(5, &slow), [Verdict::Ok, Verdict::Ok, Verdict::Ok]);
    }

    #[test]
    fn a_slower_machine_is_not_a_slower_compiler() {
        let busy = |s: f64| if s > 60.0 { 1.5 } else { 1.0 };
        let samples = (1..=120u32).map(|second| {
            let busy = busy(f64::from(second));
            let measurement =
                Measurement { latency: 2.0 * busy, reference: 30.0 * busy, ..Measurement::default() };
            Sample::new(f64::from(second), &measurement)
        });
        let run = Run { samples: samples.collect(), warm_up: 6.0, settled: true, objects: None };
        let curves = curves(&Nothing, &run);
        assert_eq!(curves.len(), 2, "without resident memory there is no curve of it");
        assert_eq!((curves[1].verdict(), curves[1].word().as_str()), (Verdict::Ok, "not slowing"));
    }

    #[test]
    fn seconds_decide_nothing_that_goes_by_time() {
        let pause = |s: f64| if s > 10.0 { 3.0 } else { 1.0 };
        let samples = (1..=18u32).map(|second| {
            let pause = pause(f64::from(second));
            let resident = Some((10.0 * pause) as u64 * (1 << 20));
            let measurement =
                Measurement { latency: pause, reference: 1.0, resident, ..Measurement::default() };
            Sample::new(f64::from(second), &measurement)
        });
        let run = Run { samples: samples.collect(), warm_up: 2.0, settled: true, objects: None };
        let curves = curves(&Nothing, &run);
        let verdicts: Vec<Verdict> = curves[1..].iter().map(Curve::verdict).collect();
        assert_eq!(verdicts, [Verdict::Undecided, Verdict::Undecided]);
        assert_eq!(curves[1].word(), "undecided: too few samples, run longer");
    }

    /// Varies by some blocks, as an interpreter does.
    struct Varying;

    impl Subject for Varying {
        fn name(&self) -> String {
            Nothing.name()
        }

        fn memory(&self) -> (&'static str, f64) {
            ("blocks", 1.0)
        }

        fn tolerance(&self) -> f64 {
            200.0
        }

        fn work(&mut self, time: Duration) -> Result<Measurement, String> {
            Nothing.work(time)
        }
    }

    #[test]
    fn the_free_lists_of_an_interpreter_are_no_growth() {
        let verdict = |blocks: f64, patterns: u64| {
            let samples = (1..=100u32).map(|second| {
                let memory = (f64::from(second) * blocks / 100.0) as i64;
                let patterns = u64::from(second) * patterns / 100;
                let measurement = Measurement { memory, patterns, reference: 1.0, ..Measurement::default() };
                Sample::new(f64::from(second), &measurement)
            });
            let run = Run { samples: samples.collect(), warm_up: 10.0, settled: true, objects: None };
            curves(&Varying, &run)[0].verdict()
        };
        assert_eq!(verdict(100.0, 300), Verdict::Ok);
        assert_eq!(verdict(10_000.0, 300), Verdict::Regressed);
        assert_eq!(verdict(100_000.0, 1_000_000), Verdict::Regressed);
    }

    #[test]
    fn the_verdict_is_undecided_with_few_samples() {
        let words = verdicts_of(0, |_| Measurement::default());
        assert!(words.iter().all(|(word, _)| word == "undecided: too few samples, run longer"), "{words:?}");
    }
}
