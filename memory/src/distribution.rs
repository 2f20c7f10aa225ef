//! Summarises many figures in four.

use serde::Serialize;

/// How figures are distributed.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Distribution {
    /// Half of them are no larger.
    pub median: f64,
    /// Of a hundred, 99 are no larger.
    pub p99: f64,
    /// The largest.
    pub worst: f64,
    /// Their sum, divided by their number.
    pub mean: f64,
}

impl Distribution {
    /// The distribution of figures; none of none. Each quantile is one of the figures.
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Option<Distribution> {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let rank = |percent: usize| figures.get((figures.len() * percent).div_ceil(100).max(1) - 1).copied();
        Some(Distribution {
            median: rank(50)?,
            p99: rank(99)?,
            worst: rank(100)?,
            mean: figures.iter().sum::<f64>() / figures.len() as f64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Distribution;

    #[test]
    fn quantiles_are_figures() {
        assert_eq!(Distribution::of([]), None);
        let one = Distribution { median: 7.0, p99: 7.0, worst: 7.0, mean: 7.0 };
        assert_eq!(Distribution::of([7.0]), Some(one));
        let many = Distribution::of((1..=200).rev().map(f64::from));
        assert_eq!(many, Some(Distribution { median: 100.0, p99: 198.0, worst: 200.0, mean: 100.5 }));
    }
}
