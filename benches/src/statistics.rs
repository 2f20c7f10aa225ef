//! Medians, quantiles, and the exponent of growth.

use serde::Serialize;

/// How a figure varies from round to round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// A quarter is below.
    pub lower: f64,
    /// The middle.
    pub median: f64,
    /// A quarter is above.
    pub upper: f64,
    /// The most.
    pub most: f64,
}

impl Spread {
    /// The spread of some figures; zeros if there are none.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Spread {
        let sorted = sorted(figures);
        let [least, lower, median, upper, most] = [0.0, 0.25, 0.5, 0.75, 1.0].map(|q| quantile(&sorted, q));
        Spread { least, lower, median, upper, most }
    }
}

/// In ascending order.
pub fn sorted(figures: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = figures.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// A quantile of figures in ascending order, between two of them in proportion; 0 if there are none.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    below + (above - below) * at.fract()
}

/// The middle one.
pub fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    quantile(&sorted(figures), 0.5)
}

/// The exponent e of y = c·xᵉ, by least squares over the logarithms; none with fewer than two points.
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
