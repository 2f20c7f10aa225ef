//! How time and instructions grow with the pattern.

use anyhow::{Result, ensure};
use serde::Serialize;
use sre_compiler::{Compiler, Dialect};

use crate::counted;
use crate::families::{FAMILIES, Family};
use crate::sides::{self, Side};
use crate::statistics::{exponent, median};

/// The numbers of pieces that are timed.
const TIMED: [usize; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];

/// The numbers of pieces whose instructions are counted.
pub const COUNTED: [usize; 3] = [1_000, 10_000, 100_000];

/// What grows with an exponent above this does not grow in proportion.
pub const LIMIT: f64 = 1.1;

/// A side that took this long is asked for nothing longer.
const PATIENCE: f64 = 0.3e9;

/// How a family grows.
#[derive(Debug, Serialize)]
pub struct Growth {
    /// Its name.
    pub family: &'static str,
    /// What stands n times in it.
    pub what: &'static str,
    /// Our times, memory used again.
    pub ours: Curve,
    /// CPython's, as far as it goes, if it takes part.
    pub cpython: Option<Curve>,
}

/// Points, and the exponent from 1,000 pieces on.
#[derive(Debug, Default, Serialize)]
pub struct Curve {
    /// Number of pieces; nanoseconds or instructions.
    pub points: Vec<(f64, f64)>,
    /// By least squares; none with fewer than two points.
    pub exponent: Option<f64>,
}

impl Curve {
    fn new(points: Vec<(f64, f64)>) -> Curve {
        let long: Vec<_> = points.iter().copied().filter(|(n, _)| *n >= 1_000.0).collect();
        Curve { exponent: exponent(&long), points }
    }
}

/// Times all families.
///
/// # Errors
/// If a side broke down.
pub fn time(dialect: Dialect, quick: bool, step: &dyn Fn(&str)) -> Result<Vec<Growth>> {
    let mut ours = sides::ours(dialect);
    let mut cpython = sides::side(sides::CPYTHON, dialect)?;
    let sizes = &TIMED[..if quick { 4 } else { 5 }];
    let mut growth = Vec::new();
    for family in FAMILIES {
        step(family.name);
        let ours = time_family(ours.as_mut(), family, sizes)?;
        let cpython = match &mut cpython {
            Some(side) => Some(time_family(side.as_mut(), family, sizes)?),
            None => None,
        };
        growth.push(Growth { family: family.name, what: family.what, ours, cpython });
    }
    Ok(growth)
}

fn time_family(side: &mut dyn Side, family: &Family, sizes: &[usize]) -> Result<Curve> {
    let mut points = Vec::new();
    for &n in sizes {
        // Deep nesting is refused by some.
        if side.load(&[family.case(n).into()])? != [true] {
            break;
        }
        let first = side.pass(&[0])? as f64;
        let times = (20e6 / first).clamp(2.0, 200.0) as usize;
        let mut all = vec![first];
        for _ in 0..if first > PATIENCE { 0 } else { times } {
            all.push(side.pass(&[0])? as f64);
        }
        points.push((n as f64, median(all)));
        if first > PATIENCE {
            break;
        }
    }
    Ok(Curve::new(points))
}

/// What `bench-pass` runs to be counted: each family in each length, all memory new; then the control.
pub fn run_counted(dialect: Dialect) {
    for family in FAMILIES {
        for n in COUNTED {
            let case = family.case(n);
            let pattern = case.pattern();
            counted::measured(&mut || drop(Compiler::new(dialect).compile(pattern, case.flags)));
        }
    }
    for n in COUNTED {
        let n = n / 100;
        counted::measured(&mut || {
            for i in 0..n * n {
                std::hint::black_box(i);
            }
        });
    }
}

/// Counts instructions of all families. What is known to be quadratic must be seen to be, or counting is broken.
///
/// # Errors
/// If instructions cannot be counted.
pub fn count() -> Result<Vec<(&'static Family, Curve)>> {
    let counts = counted::count(&["--growth"])?;
    let expected = COUNTED.len() * (FAMILIES.len() + 1);
    ensure!(counts.len() == expected, "{} counts where {expected} should be", counts.len());
    let curve = |counts: &[u64]| {
        Curve::new(COUNTED.iter().map(|&n| n as f64).zip(counts.iter().map(|&c| c as f64)).collect())
    };
    let mut curves = counts.chunks(COUNTED.len()).map(curve);
    let families: Vec<_> = FAMILIES.iter().zip(curves.by_ref()).collect();
    let control = curves.next().and_then(|curve| curve.exponent).unwrap_or_default();
    ensure!(control > 1.8, "what is quadratic was counted as growing with exponent {control:.2}");
    Ok(families)
}
