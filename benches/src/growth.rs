//! Measures how time and instructions grow with the length of the pattern.

use anyhow::{Result, ensure};
use serde::Serialize;
use sre_compiler::{Compiler, Dialect};

use crate::counted;
use crate::engines::{self, Engine};
use crate::families::{FAMILIES, Family};
use sre_report::statistics::{exponent, median};

/// Numbers of pieces that are timed.
const TIMED: [usize; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];

/// Numbers of pieces whose instructions are counted.
pub const COUNTED: [usize; 3] = [1_000, 10_000, 100_000];

/// A family whose exponent is above this grows faster than linearly.
pub const LIMIT: f64 = 1.1;

/// Nanoseconds after which an engine is not timed with longer patterns of the family.
const PATIENCE: f64 = 0.3e9;

/// How a family grows.
#[derive(Debug, Serialize)]
pub struct Growth {
    /// Name of the family.
    pub family: &'static str,
    /// What is repeated n times in its patterns.
    pub what: &'static str,
    /// Times of sre-compiler, which reuses its memory.
    pub sre: Curve,
    /// Times of CPython, if it takes part, up to the longest pattern that it accepts.
    pub cpython: Option<Curve>,
}

/// The points of a curve, and its exponent from 1,000 pieces on.
#[derive(Debug, Default, Serialize)]
pub struct Curve {
    /// Number of pieces; nanoseconds or instructions.
    pub points: Vec<(f64, f64)>,
    /// The exponent, by least squares; `None` with fewer than two points.
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
/// If an engine fails.
pub fn time(dialect: Dialect, quick: bool, step: &dyn Fn(&str)) -> Result<Vec<Growth>> {
    let mut sre = engines::reused(dialect);
    let mut cpython = engines::engine(engines::CPYTHON, dialect)?;
    let sizes = &TIMED[..if quick { 4 } else { 5 }];
    let mut growth = Vec::new();
    for family in FAMILIES {
        step(family.name);
        let sre = time_family(sre.as_mut(), family, sizes)?;
        let cpython = match &mut cpython {
            Some(engine) => Some(time_family(engine.as_mut(), family, sizes)?),
            None => None,
        };
        growth.push(Growth { family: family.name, what: family.what, sre, cpython });
    }
    Ok(growth)
}

fn time_family(engine: &mut dyn Engine, family: &Family, sizes: &[usize]) -> Result<Curve> {
    let mut points = Vec::new();
    for &n in sizes {
        // Some engines reject deep nesting.
        if engine.load(&[family.case(n).into()])? != [true] {
            break;
        }
        let first = engine.pass(&[0])? as f64;
        let times = (20e6 / first).clamp(2.0, 200.0) as usize;
        let mut all = vec![first];
        for _ in 0..if first > PATIENCE { 0 } else { times } {
            all.push(engine.pass(&[0])? as f64);
        }
        points.push((n as f64, median(all)));
        if first > PATIENCE {
            break;
        }
    }
    Ok(Curve::new(points))
}

/// Compiles each family in each length with a new compiler, then runs the control. `bench-pass` runs this under
/// valgrind.
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

/// Counts the instructions of all families. The control, a quadratic loop, must be measured as quadratic.
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
    ensure!(control > 1.8, "the quadratic control was measured with exponent {control:.2}");
    Ok(families)
}
