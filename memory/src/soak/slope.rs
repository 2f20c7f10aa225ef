//! The slope of a series: Theil–Sen, with Sen's interval.
//!
//! The slope is the median of the slopes of all pairs of points, so up to 29 % of the points may be
//! outliers. The ends of the interval are two others of these slopes, chosen by rank (Sen, 1968),
//! which assumes no distribution of the noise. It does assume independent errors, but the load of a
//! machine makes neighbouring errors alike. Therefore the series is first reduced to the medians of
//! blocks, and the interval is widened by the remaining correlation of neighbours.

use sre_report::statistics::{median, quantile, sorted};

/// A line through a series.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Fit {
    /// The slope.
    pub slope: f64,
    /// The lower end of the slope's interval of 95 %.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
    /// A point in the middle of the line.
    pub middle: (f64, f64),
}

/// Number of blocks: enough for a narrow interval, few enough that neighbours are nearly independent.
const BLOCKS: usize = 60;

/// Minimum number of points: with fewer, Sen's interval would contain all slopes.
const FEWEST: usize = 8;

/// Standard deviations around the mean that contain 95 % of a normal distribution.
const DEVIATIONS: f64 = 1.96;

/// Fits a line to points in the order of their first coordinate; `None` for too few points.
pub fn fit(points: &[(f64, f64)]) -> Option<Fit> {
    let points = blocks(points);
    let n = points.len();
    if n < FEWEST {
        return None;
    }
    let slopes: Vec<f64> = points
        .iter()
        .enumerate()
        .flat_map(|(i, a)| points[i + 1..].iter().map(move |b| (b.1 - a.1) / (b.0 - a.0)))
        .filter(|slope| slope.is_finite())
        .collect();
    let slopes = sorted(slopes);
    if slopes.is_empty() {
        return None;
    }
    let slope = quantile(&slopes, 0.5);
    let offsets: Vec<f64> = points.iter().map(|(x, y)| y - slope * x).collect();
    // The standard deviation of Kendall's S under independence.
    let (n, pairs) = (n as f64, slopes.len() as f64);
    let deviation = (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt() * widening(&offsets);
    let rank = |sign: f64| ((pairs + sign * DEVIATIONS * deviation) / 2.0).round();
    let at = |rank: f64| slopes[rank.clamp(0.0, pairs - 1.0) as usize];
    let x = points.iter().map(|(x, _)| x).sum::<f64>() / n;
    let middle = (x, median(offsets) + slope * x);
    Some(Fit { slope, lower: at(rank(-1.0) - 1.0), upper: at(rank(1.0)), middle })
}

impl Fit {
    /// Returns the second coordinate at `x` of a line through the middle with this slope.
    pub fn at(&self, x: f64, slope: f64) -> f64 {
        self.middle.1 + slope * (x - self.middle.0)
    }
}

fn blocks(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let size = points.len().div_ceil(BLOCKS).max(1);
    let block = |block: &[(f64, f64)]| {
        let x = block.iter().map(|(x, _)| x).sum::<f64>() / block.len() as f64;
        (x, median(block.iter().map(|(_, y)| *y)))
    };
    points.chunks(size).map(block).collect()
}

/// Returns the factor that widens the interval for correlated neighbours: that of a first-order
/// autoregressive series with the rank correlation of these errors.
fn widening(errors: &[f64]) -> f64 {
    let ordered = sorted(errors.iter().copied());
    let middle = errors.len() as f64 / 2.0;
    // Ties get the rank in the middle.
    let rank = |error: &f64| {
        let (below, upto) = (ordered.partition_point(|e| e < error), ordered.partition_point(|e| e <= error));
        (below + upto) as f64 / 2.0 - middle
    };
    let ranks: Vec<f64> = errors.iter().map(rank).collect();
    let variance: f64 = ranks.iter().map(|rank| rank * rank).sum();
    let common: f64 = ranks.windows(2).map(|two| two[0] * two[1]).sum();
    let correlation = if variance > 0.0 { (common / variance).clamp(0.0, 0.99) } else { 0.0 };
    ((1.0 + correlation) / (1.0 - correlation)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A series with a slope, and uniform noise of ±5.
    fn series(slope: f64, seed: u64) -> Vec<(f64, f64)> {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut noise = |_| random.f64() * 10.0 - 5.0;
        (0..600).map(|n| (f64::from(n), 1000.0 + slope * f64::from(n) + noise(n))).collect()
    }

    #[test]
    fn the_interval_contains_the_slope_and_a_small_slope_is_detected() {
        for slope in [0.0, 0.01, -0.01, 3.0] {
            let held = (0..200).filter_map(|seed| fit(&series(slope, seed)));
            let held = held.filter(|fit| fit.lower <= slope && slope <= fit.upper).count();
            assert!((180..200).contains(&held), "{slope}: {held} of 200 intervals contain it");
        }
        let (flat, slow) = (fit(&series(0.0, 1)).unwrap(), fit(&series(0.01, 1)).unwrap());
        assert!(flat.lower < 0.0 && flat.upper < 0.005, "{flat:?}");
        assert!(slow.lower > 0.005 && slow.upper < 0.02, "{slow:?}");
    }

    #[test]
    fn correlated_noise_is_not_a_slope() {
        let drifting = |seed| {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut error = 0.0;
            let mut noise = move || {
                error = 0.95 * error + random.f64() - 0.5;
                error
            };
            fit(&(0..600).map(|n| (f64::from(n), noise())).collect::<Vec<_>>())
        };
        let held = (0..200).filter_map(drifting).filter(|fit| fit.lower <= 0.0 && 0.0 <= fit.upper).count();
        assert!(held >= 180, "{held} of 200 intervals contain it");
    }

    #[test]
    fn exact_lines_are_fitted_exactly() {
        let flat: Vec<_> = (0..100).map(|n| (f64::from(n), 7.0)).collect();
        assert_eq!(fit(&flat), Some(Fit { slope: 0.0, lower: 0.0, upper: 0.0, middle: (49.5, 7.0) }));
        let line: Vec<_> = (0..32).map(|n| (f64::from(n), f64::from(2 * n))).collect();
        assert_eq!(fit(&line), Some(Fit { slope: 2.0, lower: 2.0, upper: 2.0, middle: (15.5, 31.0) }));
        assert_eq!(fit(&line[..7]), None);
        assert_eq!(fit(&[(1.0, 1.0); 20]), None);
    }

    #[test]
    fn a_step_at_the_start_and_outliers_are_not_a_slope() {
        let mut stepped: Vec<_> = series(0.0, 2);
        stepped.iter_mut().take(60).for_each(|point| point.1 -= 900.0);
        let fit = fit(&stepped).unwrap();
        assert!(fit.slope.abs() < 0.01 && fit.lower < 0.005, "{fit:?}");
        let mut wild = series(0.0, 3);
        wild.iter_mut().skip(500).take(60).for_each(|point| point.1 += 1e6);
        let fit = super::fit(&wild).unwrap();
        assert!(fit.slope.abs() < 0.01 && fit.lower < 0.005, "{fit:?}");
    }
}
