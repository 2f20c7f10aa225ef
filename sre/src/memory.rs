//! `sre memory`: measures the memory that compiling takes in sre-compiler and in CPython.

use std::io;
use std::io::{BufWriter, Write};

use anyhow::{Result, anyhow};
use clap::Args;
use serde::Serialize;
use sre_case::Case;
use sre_compiler::Dialect;
use sre_memory::{Cpython, CpythonUsage, Meter, RustUsage, Used};
use sre_report::statistics::Distribution;
use sre_support::count;

use crate::corpus::default_root;
use crate::input::{Seen, read_cases};
use crate::options::{Format, FormatOption, Patterns, Pythons, with_default};
use crate::progress::progress_bar;
use crate::status::Status;

/// Measure the memory that compiling takes, next to CPython
///
/// Without patterns, those are the seeds in `corpus`, here or in a parent folder. All figures are per pattern. Patterns that either compiler rejects are skipped and counted.
///
/// allocations: number of blocks requested, including reallocations. bytes: total size of these
/// blocks. peak: most bytes live at any time. retained: bytes live as long as the result is.
///
/// The figures of sre-compiler are exact counts by the allocator. `reused` is
/// Compiler::compile_into with a compiler and a program that have compiled the pattern before;
/// `warm` is Compiler::compile with such a compiler; `fresh` is the function compile. `parse`,
/// `info` and `code` are the stages of a new compiler's first pattern: memory kept for later
/// patterns counts as retained, and peaks are relative to the start of the stage.
///
/// The figures of CPython are those of `re.compile` without its cache, the second time. Peak and
/// retained are measured by tracemalloc. Allocations and bytes are requests to its allocators
/// (PyMem_SetAllocator; objects from free lists are not counted); only the embedded interpreter
/// provides them, others show `-`.
#[derive(Args)]
#[command(mut_arg("pythons", |arg| with_default(arg, "embedded, or else newest, or else none")))]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    #[command(flatten)]
    python: Pythons,
    #[command(flatten)]
    format: FormatOption,
}

/// A row of the table.
#[derive(Serialize)]
struct Row {
    measure: &'static str,
    of: &'static str,
    #[serde(flatten)]
    figures: Option<Distribution>,
}

#[derive(Serialize)]
struct Everything {
    patterns: usize,
    left_out: usize,
    dialect: String,
    python: Option<String>,
    build: &'static str,
    rows: Vec<Row>,
}

/// The memory of both compilers for a pattern, and the size of the pattern in bytes.
type Measured = (RustUsage, Option<CpythonUsage>, usize);

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let cases = cases(arguments)?;
    let reference = arguments.python.reference()?;
    let mut cpython = reference.as_ref().map(Cpython::start).transpose().map_err(|why| anyhow!(why))?;
    let dialect = match &cpython {
        Some(cpython) => {
            cpython.info().dialect().map_err(|why| anyhow!("{}: {why}", cpython.info().label()))?
        }
        None => Dialect::default(),
    };
    let mut meter = Meter::new(dialect);
    let bar = progress_bar("measuring", cases.len());
    let mut measured: Vec<Measured> = Vec::new();
    for case in &cases {
        bar.inc(1);
        let Some(rust) = meter.measure(case) else { continue };
        let cpython = cpython.as_mut().map(|cpython| cpython.measure(case)).transpose();
        let cpython = cpython.map_err(|why| anyhow!("{}: {why}", case.excerpt()))?;
        if cpython != Some(None) {
            measured.push((rust, cpython.flatten(), bytes_of(case)));
        }
    }
    bar.finish_and_clear();
    let everything = Everything {
        patterns: measured.len(),
        left_out: cases.len() - measured.len(),
        dialect: dialect.to_string(),
        python: cpython.map(|cpython| cpython.info().label()),
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
        rows: rows(&measured),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format.format {
        Format::Text => print(&mut out, &everything)?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&everything)?)?,
    }
    out.flush()?;
    Ok(Status::Same)
}

fn cases(arguments: &Arguments) -> Result<Vec<Case>> {
    if arguments.patterns.is_empty() {
        return read_cases("memory", &default_root()?.join("seeds"), &mut Seen::default());
    }
    arguments.patterns.cases("memory")
}

/// Returns the size of the pattern in bytes, but at least 1, since it is a divisor.
fn bytes_of(case: &Case) -> usize {
    case.units().max(1)
}

/// A way to compile, with its row's name.
type Way = (&'static str, fn(&RustUsage) -> &Used);

/// A measure, with its figure for either compiler.
type Measure = (&'static str, fn(&Used) -> f64, fn(&CpythonUsage) -> Option<f64>);

fn rows(measured: &[Measured]) -> Vec<Row> {
    let ways: [Way; 6] = [
        ("sre-compiler, reused", |rust| &rust.reused),
        ("sre-compiler, warm", |rust| &rust.warm),
        ("sre-compiler, fresh", |rust| &rust.fresh),
        ("  parse", |rust| &rust.parse),
        ("  info", |rust| &rust.info),
        ("  code", |rust| &rust.code),
    ];
    let measures: [Measure; 4] = [
        ("allocations", |rust| rust.allocations as f64, |cpython| Some(cpython.asked_for?.0 as f64)),
        ("bytes", |rust| rust.bytes as f64, |cpython| Some(cpython.asked_for?.1 as f64)),
        ("peak", |rust| rust.peak as f64, |cpython| Some(cpython.peak as f64)),
        ("retained", |rust| rust.retained as f64, |cpython| Some(cpython.retained as f64)),
    ];
    let mut rows = Vec::new();
    let mut row = |measure, of, figures| rows.push(Row { measure, of, figures });
    for (measure, rust, cpython) in measures {
        for (way, used) in ways {
            row(measure, way, Distribution::of(measured.iter().map(|(all, ..)| rust(used(all)))));
        }
        let figures = measured.iter().filter_map(|(_, all, _)| cpython(all.as_ref()?));
        row(measure, "CPython", Distribution::of(figures));
    }
    let per_byte = measured.iter().map(|(rust, _, bytes)| rust.pool as f64 / *bytes as f64);
    row("pool per byte of pattern", "sre-compiler, fresh", Distribution::of(per_byte));
    let compared: [Way; 3] = [
        ("reused ÷ CPython", |rust| &rust.reused),
        ("warm ÷ CPython", |rust| &rust.warm),
        ("fresh ÷ CPython", |rust| &rust.fresh),
    ];
    for (way, used) in compared {
        let ratios = measured.iter().filter_map(|(rust, cpython, _)| {
            Some(used(rust).peak as f64 / cpython.as_ref()?.peak.max(1) as f64)
        });
        row("ratio of peaks", way, Distribution::of(ratios));
    }
    rows
}

fn print(out: &mut impl Write, everything: &Everything) -> io::Result<()> {
    let Everything { patterns, left_out, dialect, build, .. } = everything;
    let python =
        everything.python.as_ref().map_or("no CPython".to_owned(), |label| format!("CPython {label}"));
    writeln!(
        out,
        "{}, {left_out} skipped, since a compiler rejects them; sre-compiler as {dialect} ({build} build), {python}",
        count(*patterns, "pattern")
    )?;
    let mut previous = "";
    for Row { measure, of, figures } in &everything.rows {
        if *measure != previous {
            writeln!(out, "\n{measure:24} {:>12} {:>12} {:>12} {:>12}", "median", "p99", "worst", "mean")?;
            previous = measure;
        }
        write!(out, "  {of:22}")?;
        match figures {
            Some(Distribution { median, p99, worst, mean }) => {
                // Counts are whole numbers, ratios are not.
                let digits = if of.contains('÷') {
                    3
                } else if measure.contains("per") {
                    1
                } else {
                    0
                };
                for figure in [median, p99, worst] {
                    write!(out, " {figure:>12.digits$}")?;
                }
                writeln!(out, " {mean:>12.0$}", digits.max(1))?;
            }
            None => writeln!(out, " {0:>12} {0:>12} {0:>12} {0:>12}", "-")?,
        }
    }
    Ok(())
}
