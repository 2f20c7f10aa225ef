//! Medians, quantiles, intervals, and the exponent of growth.

use serde::Serialize;

/// How a figure varies from round to round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The smallest figure.
    pub least: f64,
    /// The first quartile.
    pub lower: f64,
    /// The median.
    pub median: f64,
    /// The third quartile.
    pub upper: f64,
    /// The largest figure.
    pub most: f64,
}

impl Spread {
    /// Returns the spread of figures; zeros if there are none.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Spread {
        let sorted = sorted(figures);
        let [least, lower, median, upper, most] = [0.0, 0.25, 0.5, 0.75, 1.0].map(|q| quantile(&sorted, q));
        Spread { least, lower, median, upper, most }
    }

    /// Returns half of the interquartile range, relative to the median.
    pub fn deviation(&self) -> f64 {
        (self.upper - self.lower) / 2.0 / self.median.max(f64::MIN_POSITIVE)
    }
}

/// How figures are distributed. Each quantile is one of the figures.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Distribution {
    /// Half of the figures are no larger.
    pub median: f64,
    /// 99 of a hundred figures are no larger.
    pub p99: f64,
    /// The largest.
    pub worst: f64,
    /// The arithmetic mean.
    pub mean: f64,
}

impl Distribution {
    /// Returns the distribution of figures; `None` if there are none.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Option<Distribution> {
        let figures = sorted(figures);
        let rank = |percent: usize| figures.get((figures.len() * percent).div_ceil(100).max(1) - 1).copied();
        Some(Distribution {
            median: rank(50)?,
            p99: rank(99)?,
            worst: rank(100)?,
            mean: figures.iter().sum::<f64>() / figures.len() as f64,
        })
    }
}

/// A figure with its interval of 95 %.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// The lower end of the interval.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

/// Number of bootstrap samples.
const RESAMPLES: usize = 2_000;

/// Returns the ratio of the medians of two samples, with its bootstrap interval; `None` if a sample
/// is empty. The same samples always give the same interval.
pub fn ratio_of_medians(numerator: &[f64], denominator: &[f64]) -> Option<Estimate> {
    if numerator.is_empty() || denominator.is_empty() {
        return None;
    }
    let mut random = fastrand::Rng::with_seed(1);
    let mut resampled = |sample: &[f64]| median(sample.iter().map(|_| sample[random.usize(..sample.len())]));
    let ratios = sorted((0..RESAMPLES).map(|_| resampled(numerator) / resampled(denominator)));
    let value = median(numerator.iter().copied()) / median(denominator.iter().copied());
    Some(Estimate { value, lower: quantile(&ratios, 0.025), upper: quantile(&ratios, 0.975) })
}

/// Returns figures in ascending order.
pub fn sorted(figures: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = figures.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Returns a quantile of figures in ascending order, interpolated between two of them; 0 if there
/// are none.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    // The difference of two infinite figures is no number.
    if below == above { below } else { below + (above - below) * at.fract() }
}

/// Returns the median; 0 if there are no figures.
pub fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    quantile(&sorted(figures), 0.5)
}

/// Returns the exponent e of y = c·xᵉ, by least squares over the logarithms; `None` with fewer than
/// two points.
pub fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.max(1e-9).ln())).collect();
    let count = logs.len() as f64;
    let mean_x = logs.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = logs.iter().map(|(_, y)| y).sum::<f64>() / count;
    let variance: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let covariance: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    (logs.len() >= 2 && variance > 0.0).then(|| covariance / variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_figures() {
        assert_eq!(Spread::of([3.0, 1.0, 2.0, 5.0, 4.0]).median, 3.0);
        assert_eq!(Spread::of([1.0, 2.0]).lower, 1.25);
        assert_eq!(median([]), 0.0);
        assert_eq!(median([1.0, f64::INFINITY, f64::INFINITY]), f64::INFINITY);
        assert_eq!(median([1.0, 2.0, 4.0, f64::INFINITY]), 3.0);
    }

    #[test]
    fn quantiles_of_a_distribution_are_figures() {
        assert_eq!(Distribution::of([]), None);
        let one = Distribution { median: 7.0, p99: 7.0, worst: 7.0, mean: 7.0 };
        assert_eq!(Distribution::of([7.0]), Some(one));
        let many = Distribution::of((1..=200).rev().map(f64::from));
        assert_eq!(many, Some(Distribution { median: 100.0, p99: 198.0, worst: 200.0, mean: 100.5 }));
    }

    #[test]
    fn the_interval_of_a_ratio_contains_one_unless_the_samples_differ() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut sample = |middle: f64| -> Vec<f64> { (0..11).map(|_| middle + random.f64()).collect() };
        let (one, same, slower) = (sample(100.0), sample(100.0), sample(110.0));
        let equal = ratio_of_medians(&same, &one).unwrap();
        assert!(equal.lower <= 1.0 && 1.0 <= equal.upper && equal.upper - equal.lower < 0.02, "{equal:?}");
        let higher = ratio_of_medians(&slower, &one).unwrap();
        assert!(higher.lower > 1.08 && higher.upper < 1.12, "{higher:?}");
        assert_eq!(ratio_of_medians(&[], &one), None);
    }

    #[test]
    fn exponents_are_those_of_the_function() {
        let of = |f: fn(f64) -> f64| exponent(&[1e3, 1e4, 1e5].map(|x| (x, f(x)))).unwrap();
        assert!((of(|x| 40.0 * x) - 1.0).abs() < 1e-9);
        assert!((of(|x| 0.1 * x * x) - 2.0).abs() < 1e-9);
        assert!((of(|x| x * x.ln()) - 1.1).abs() < 0.02);
        assert_eq!(exponent(&[(10.0, 1.0)]), None);
    }
}
