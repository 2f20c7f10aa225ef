//! The figures of many patterns, side by side.

use serde::Serialize;
use sre_report::statistics::Distribution;
use sre_report::units::{bytes, digits};
use sre_report::{Column, Headline, Table, Tone};
use sre_support::{count, grouped};

use super::{CpythonUsage, RustUsage, Used};

/// The memory of both compilers for a pattern.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// That of sre-compiler.
    pub rust: RustUsage,
    /// That of CPython, if it was measured.
    pub cpython: Option<CpythonUsage>,
    /// The size of the pattern in bytes.
    pub bytes: usize,
}

/// The distribution of a figure over the patterns.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Row {
    /// What was measured: `allocations`, `peak`.
    pub measure: &'static str,
    /// Its unit: `bytes`, `blocks`, `objects`, `ratio`.
    pub unit: &'static str,
    /// The compiler: `sre-compiler`, `CPython`, or `sre-compiler ÷ CPython`.
    pub compiler: &'static str,
    /// The way of compiling, or the stage: `reused`, `parse`; empty for CPython.
    pub part: &'static str,
    /// The distribution; `None` if it was not measured.
    #[serde(flatten)]
    pub figures: Option<Distribution>,
}

/// All figures.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Number of patterns that were measured.
    pub patterns: usize,
    /// Number of patterns that a compiler rejects.
    pub skipped: usize,
    /// The dialect that sre-compiler compiled for.
    pub dialect: String,
    /// The version of CPython; `None` if it was not measured.
    pub python: Option<String>,
    /// The figures.
    pub rows: Vec<Row>,
    /// The peaks of all patterns, for the chart.
    #[serde(skip)]
    pub(crate) peaks: Vec<(&'static str, &'static str, Vec<f64>)>,
}

/// A way to compile, or a stage, with its name.
type Part = (&'static str, fn(&RustUsage) -> &Used);

const WAYS: [Part; 3] =
    [("reused", |rust| &rust.reused), ("warm", |rust| &rust.warm), ("fresh", |rust| &rust.fresh)];

const STAGES: [Part; 3] =
    [("parse", |rust| &rust.parse), ("info", |rust| &rust.info), ("code", |rust| &rust.code)];

/// A figure of both compilers, with its name and its unit.
type Both = (&'static str, &'static str, fn(&Used) -> f64, fn(&CpythonUsage) -> Option<f64>);

const BOTH: [Both; 4] = [
    ("allocations", "blocks", |rust| rust.allocations as f64, |cpython| Some(cpython.asked_for?.0 as f64)),
    ("allocated", "bytes", |rust| rust.bytes as f64, |cpython| Some(cpython.asked_for?.1 as f64)),
    ("peak", "bytes", |rust| rust.peak as f64, |cpython| Some(cpython.peak as f64)),
    ("retained", "bytes", |rust| rust.retained as f64, |cpython| Some(cpython.retained as f64)),
];

/// A figure of CPython only, with its key in JSON, its unit and its name in the table.
type Cpython = (&'static str, &'static str, &'static str, fn(&CpythonUsage) -> u64);

const CPYTHON: [Cpython; 7] = [
    (
        "freed_while_compiling",
        "bytes",
        "by reference count, while compiling",
        CpythonUsage::freed_while_compiling,
    ),
    ("freed_with_pattern", "bytes", "by reference count, with the pattern", |cpython| {
        cpython.freed_with_pattern
    }),
    ("waiting_objects", "objects", "only by the collector", |cpython| cpython.waiting_objects),
    ("waiting", "bytes", "only by the collector", |cpython| cpython.waiting),
    ("left", "bytes", "not freed: tables and free lists", CpythonUsage::left),
    ("cached", "bytes", "held by the cache of re, until purge()", |cpython| cpython.cached),
    ("after_purge", "bytes", "not freed by purge()", |cpython| cpython.after_purge),
];

/// A summary of fewer patterns has no distribution.
const FEW: usize = 2;

impl Summary {
    /// Summarises what was measured.
    pub fn new(measured: &[Measured], skipped: usize, dialect: String, python: Option<String>) -> Summary {
        let mut peaks = Vec::new();
        let mut add = |class, name, figures: Vec<f64>| peaks.push((class, name, figures));
        add(
            "blue dashed",
            "sre-compiler, warm",
            measured.iter().map(|all| all.rust.warm.peak as f64).collect(),
        );
        add("blue", "sre-compiler, fresh", measured.iter().map(|all| all.rust.fresh.peak as f64).collect());
        let cpython = || measured.iter().filter_map(|all| all.cpython.as_ref());
        add("orange", "CPython", cpython().map(|cpython| cpython.peak as f64).collect());
        Summary { patterns: measured.len(), skipped, dialect, python, rows: rows(measured), peaks }
    }

    /// Returns the result in a sentence.
    pub fn headline(&self) -> Headline {
        let patterns = match self.patterns {
            1 => "for this pattern".to_owned(),
            number => format!("for the median of {}", count(number as u64, "pattern")),
        };
        let ratio = |part| self.median("peak", "sre-compiler ÷ CPython", part);
        let text = match (&self.python, ratio("fresh"), ratio("warm")) {
            (Some(python), Some(fresh), Some(warm)) => format!(
                "A new sre-compiler needs {} times the peak memory of CPython {python} {patterns}, a warm one {}",
                digits(fresh),
                digits(warm)
            ),
            _ => {
                let peak = self.median("peak", "sre-compiler", "fresh").unwrap_or_default();
                format!("A new sre-compiler needs {} at its peak {patterns}", bytes(peak))
            }
        };
        let waiting = self.most("waiting_objects");
        let detail = match (&self.python, waiting) {
            (Some(python), Some(0.0)) => format!(
                "CPython {python} frees all of its memory by reference count: nothing waits for the collector."
            ),
            (Some(python), Some(objects)) => {
                format!(
                    "CPython {python} leaves up to {} for a pattern to the collector.",
                    count(objects as u64, "object")
                )
            }
            _ => "CPython was not measured.".to_owned(),
        };
        Headline { text, tone: Tone::Plain, detail }
    }

    fn row(&self, measure: &str, compiler: &str, part: &str) -> Option<Distribution> {
        let is_it = |row: &&Row| (row.measure, row.compiler, row.part) == (measure, compiler, part);
        self.rows.iter().find(is_it)?.figures
    }

    fn median(&self, measure: &str, compiler: &str, part: &str) -> Option<f64> {
        Some(self.row(measure, compiler, part)?.median)
    }

    /// Returns the largest figure of CPython.
    fn most(&self, measure: &str) -> Option<f64> {
        Some(self.row(measure, "CPython", "")?.worst)
    }

    /// Returns the tables: both compilers side by side, how CPython frees its memory, the stages of sre-compiler,
    /// and for many patterns the distributions.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.side_by_side()];
        if self.python.is_some() {
            tables.push(self.freed());
        }
        tables.push(self.stages());
        if self.patterns >= FEW {
            tables.extend(BOTH.iter().map(|(measure, unit, ..)| self.distributions(measure, unit)));
            tables.push(self.ratios());
        }
        tables
    }

    fn side_by_side(&self) -> Table {
        let cell = |figure: Option<f64>| figure.map_or("-".to_owned(), |figure| grouped(figure as u64));
        let row = |(measure, unit, ..): &Both| {
            let mut row = vec![format!("{measure}, {unit}")];
            row.extend(WAYS.iter().map(|(part, _)| cell(self.median(measure, "sre-compiler", part))));
            row.push(cell(self.median(measure, "CPython", "")));
            row
        };
        Table {
            title: if self.patterns == 1 { "Memory for the pattern" } else { "Memory per pattern, median" }
                .to_owned(),
            columns: ["", "sre-compiler, reused", "sre-compiler, warm", "sre-compiler, fresh", "CPython"]
                .map(Column)
                .to_vec(),
            rows: BOTH.iter().map(row).collect(),
            note: String::new(),
        }
    }

    fn freed(&self) -> Table {
        let figure = |figure: f64| grouped(figure as u64);
        let row = |(measure, unit, name, _): &Cpython| {
            let mut row = vec![format!("{name}, {unit}")];
            match self.row(measure, "CPython", "") {
                Some(figures) if self.patterns < FEW => row.push(figure(figures.median)),
                Some(figures) => row.extend([figures.median, figures.p99, figures.worst].map(figure)),
                None => row.resize(if self.patterns < FEW { 2 } else { 4 }, "-".to_owned()),
            }
            row
        };
        let names: &[&'static str] = if self.patterns < FEW {
            &["freed", ""]
        } else {
            &["freed", "median", "99th percentile", "most"]
        };
        Table {
            title: format!("How CPython {} frees its memory", self.python.as_deref().unwrap_or_default()),
            columns: names.iter().copied().map(Column).collect(),
            rows: CPYTHON.iter().map(row).collect(),
            note: String::new(),
        }
    }

    fn stages(&self) -> Table {
        let row = |(measure, unit, ..): &Both| {
            let cell = |(part, _): &Part| {
                let figure = self.median(measure, "sre-compiler", part);
                figure.map_or("-".to_owned(), |figure| grouped(figure as u64))
            };
            [format!("{measure}, {unit}")].into_iter().chain(STAGES.iter().map(cell)).collect()
        };
        let pool = self.median("pool", "sre-compiler", "fresh").unwrap_or_default();
        Table {
            title: "Stages of a fresh sre-compiler".to_owned(),
            columns: ["", "parse", "info", "code"].map(Column).to_vec(),
            rows: BOTH.iter().map(row).collect(),
            note: format!("Its pool, kept for the next pattern, then holds {} bytes.", grouped(pool as u64)),
        }
    }

    fn distributions(&self, measure: &str, unit: &str) -> Table {
        let rows = self.rows.iter().filter(|row| row.measure == measure && row.unit == unit);
        table(format!("{measure}, {unit} per pattern"), rows.map(|row| (row, 0)))
    }

    fn ratios(&self) -> Table {
        let rows = self.rows.iter().filter(|row| row.unit == "ratio");
        table("Ratios".to_owned(), rows.map(|row| (row, 3)))
    }
}

/// A table of distributions, with so many digits after the point.
fn table<'r>(title: String, rows: impl Iterator<Item = (&'r Row, usize)>) -> Table {
    let cells = |(row, decimals): (&Row, usize)| {
        let name = match (row.unit, row.part) {
            ("ratio", part) => format!("{}: {}, {part}", row.measure, row.compiler),
            (_, "") => row.compiler.to_owned(),
            (_, part) => format!("{}, {part}", row.compiler),
        };
        let figures = match row.figures {
            Some(Distribution { median, p99, worst, mean }) => {
                let exact = |figure: f64| {
                    if decimals == 0 { grouped(figure as u64) } else { format!("{figure:.decimals$}") }
                };
                [exact(median), exact(p99), exact(worst), format!("{mean:.0$}", decimals.max(1))]
            }
            None => ["-"; 4].map(str::to_owned),
        };
        [name].into_iter().chain(figures).collect()
    };
    Table {
        title,
        columns: ["", "median", "99th percentile", "most", "mean"].map(Column).to_vec(),
        rows: rows.map(cells).collect(),
        note: String::new(),
    }
}

fn rows(measured: &[Measured]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |measure, unit, compiler, part, figures| {
        rows.push(Row { measure, unit, compiler, part, figures });
    };
    let cpython = || measured.iter().filter_map(|all| all.cpython.as_ref());
    for (measure, unit, rust, python) in BOTH {
        for (part, used) in WAYS.into_iter().chain(STAGES) {
            let figures = Distribution::of(measured.iter().map(|all| rust(used(&all.rust))));
            add(measure, unit, "sre-compiler", part, figures);
        }
        add(measure, unit, "CPython", "", Distribution::of(cpython().filter_map(python)));
    }
    let pool = Distribution::of(measured.iter().map(|all| all.rust.pool as f64));
    add("pool", "bytes", "sre-compiler", "fresh", pool);
    let per_byte = measured.iter().map(|all| all.rust.pool as f64 / all.bytes.max(1) as f64);
    add("pool per byte of pattern", "ratio", "sre-compiler", "fresh", Distribution::of(per_byte));
    for (part, used) in WAYS {
        let ratio =
            |all: &Measured| Some(used(&all.rust).peak as f64 / all.cpython.as_ref()?.peak.max(1) as f64);
        let figures = Distribution::of(measured.iter().filter_map(ratio));
        add("peak", "ratio", "sre-compiler ÷ CPython", part, figures);
    }
    for (measure, unit, _, figure) in CPYTHON {
        let figures = Distribution::of(cpython().map(|cpython| figure(cpython) as f64));
        add(measure, unit, "CPython", "", figures);
    }
    rows
}

#[cfg(test)]
mod tests {
    use sre_case::Case;
    use sre_compiler::{Dialect, Flags};

    use super::*;
    use crate::Meter;

    fn summary(patterns: &[&str], waiting_objects: u64) -> Summary {
        let mut meter = Meter::new(Dialect::default());
        let cpython = CpythonUsage {
            asked_for: None,
            peak: 3000,
            retained: 1000,
            waiting_objects,
            waiting: 100 * waiting_objects,
            freed_with_pattern: 950 - 100 * waiting_objects,
            cached: 1500,
            after_purge: 20,
        };
        let measured = patterns.iter().map(|pattern| {
            let rust = meter.measure(&Case::str(pattern, Flags::empty())).unwrap();
            Measured { rust, cpython: Some(cpython), bytes: pattern.len() }
        });
        Summary::new(&measured.collect::<Vec<_>>(), 0, "3.13.0".to_owned(), Some("3.13.0".to_owned()))
    }

    #[test]
    fn tables_fit_a_terminal_and_add_up() {
        for summary in [summary(&["a|b"], 0), summary(&["a|b", "(x)*y", "[a-z]+"], 2)] {
            for table in summary.tables() {
                let text = table.text();
                assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
                assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{table:?}");
            }
        }
        let left = |waiting| summary(&["a|b"], waiting).most("left");
        assert_eq!((left(0), left(2)), (Some(50.0), Some(50.0)));
    }

    #[test]
    fn the_headline_says_whether_anything_waits_for_the_collector() {
        let detail = |waiting| summary(&["a|b"], waiting).headline().detail;
        assert!(detail(0).contains("nothing waits for the collector"));
        assert!(detail(2).contains("up to 2 objects"));
        assert!(summary(&["a|b", "c"], 0).headline().text.contains("for the median of 2 patterns"));
    }

    #[test]
    fn keys_in_json_are_plain_words() {
        let json = serde_json::to_value(summary(&["a|b"], 0)).unwrap();
        for row in json["rows"].as_array().unwrap() {
            for key in ["measure", "unit", "compiler", "part"] {
                let text = row[key].as_str().unwrap();
                assert_eq!(text.trim(), text, "{row}");
            }
            // Of a CPython that is not embedded, allocations are not known.
            let is_known =
                row["compiler"] != "CPython" || !row["measure"].as_str().unwrap().starts_with("alloc");
            assert_eq!(row["median"].is_number(), is_known, "{row}");
        }
    }
}
