//! The tables, which the terminal and the page have in common.

use std::fmt::Write as _;

use sre_support::count;

use super::{Report, deviation, digits, instructions, plots, time};
use crate::compare::Comparison;
use crate::growth::Growth;
use crate::startup::Startup;

/// A table: the first column is text, the others are numbers.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) head: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
    /// What has to be known to read it.
    pub(super) note: String,
    /// What the page shows with it: a picture, and what that is.
    pub(super) plots: Vec<(String, &'static str)>,
}

impl Table {
    pub(super) fn text(&self) -> String {
        let width = |text: &str| text.chars().count();
        let columns = 0..self.head.len();
        let widths: Vec<usize> = columns
            .map(|n| {
                self.rows.iter().map(|row| width(&row[n])).chain([width(self.head[n])]).max().unwrap_or(0)
            })
            .collect();
        let head: Vec<String> = self.head.iter().map(|&word| word.to_owned()).collect();
        let mut text = format!("{}\n\n", self.title);
        for row in [&head].into_iter().chain(&self.rows) {
            let mut line = String::new();
            for (n, (cell, width)) in row.iter().zip(&widths).enumerate() {
                let _ = if n == 0 { write!(line, "{cell:width$}") } else { write!(line, "  {cell:>width$}") };
            }
            text += line.trim_end();
            text.push('\n');
        }
        if !self.note.is_empty() {
            let _ = write!(text, "\n{}\n", self.note);
        }
        text
    }
}

impl Report {
    /// The tables of what was measured.
    pub(super) fn tables(&self) -> Vec<Table> {
        let mut tables = Vec::new();
        if let Some(comparison) = &self.comparison {
            tables.extend([times(comparison, &self.patterns), ratios(comparison), stages(comparison)]);
            if comparison.engines.iter().any(|engine| engine.instructions.is_some()) {
                tables.push(counts(comparison));
            }
            if !comparison.least.is_empty() {
                tables.extend([lengths(comparison), least(comparison)]);
            }
        }
        tables.extend(self.growth.as_deref().map(growth));
        tables.extend(self.startup.as_deref().map(startup));
        tables
    }
}

fn times(comparison: &Comparison, patterns: &str) -> Table {
    let row = |engine: &crate::compare::Figures| {
        let percentile = |n: usize| time(engine.percentiles[n]);
        vec![
            engine.name.to_owned(),
            engine.accepts.to_string(),
            time(engine.pass.median),
            deviation(&engine.pass),
            time(engine.mean()),
            percentile(50),
            percentile(99),
            percentile(100),
            digits(engine.per_character()),
        ]
    };
    Table {
        title: format!(
            "Compiling {} ({}) of {patterns}, for Python {}",
            count(comparison.patterns, "pattern"),
            count(comparison.characters, "character"),
            comparison.dialect
        ),
        head: vec!["engine", "accepts", "pass", "spread", "mean", "median", "99 %", "most", "ns/char"],
        rows: comparison.engines.iter().map(row).collect(),
        note: format!(
            "pass: all that the engine accepts, each once, in processor time; median of {}, and half of their \
             interquartile range. median, 99 %, most: of single patterns in real time, less {} ns for the clock.",
            count(comparison.rounds, "round"),
            digits(comparison.clock)
        ),
        plots: vec![
            (
                plots::bars(comparison),
                "Mean time for a pattern. Whisker: all rounds; diamond: the median pattern.",
            ),
            (plots::distribution(comparison), "How many of the patterns take no longer than that."),
        ],
    }
}

fn ratios(comparison: &Comparison) -> Table {
    let row = |engine: &crate::compare::Figures| {
        let slowest = engine.slowest.filter(|slowest| slowest.patterns > 0);
        let of = |figure: fn(&crate::compare::Slowest) -> f64| {
            slowest.as_ref().map_or("–".to_owned(), |slowest| digits(figure(slowest)))
        };
        vec![
            engine.name.to_owned(),
            digits(engine.ratio.median),
            format!("{}–{}", digits(engine.ratio.least), digits(engine.ratio.most)),
            digits(engine.ratios[50]),
            digits(engine.ratios[1]),
            of(|slowest| slowest.ratio),
            of(|slowest| slowest.least),
        ]
    };
    Table {
        title: "How many times our time each engine takes, for the patterns that it accepts".to_owned(),
        head: vec!["engine", "pass", "in rounds", "median", "1 % below", "slowest 1 %", "least of these"],
        rows: comparison.engines.iter().map(row).collect(),
        note: "median, 1 % below: of the ratios of single patterns. slowest 1 %: the patterns that take CPython \
               longest, all together, and the one with the least ratio."
            .to_owned(),
        plots: vec![(
            plots::ratios(comparison),
            "Times our time. Bar: the pass; diamond: the median pattern; whisker: eight in ten patterns.",
        )],
    }
}

fn stages(comparison: &Comparison) -> Table {
    let sum: f64 = comparison.stages.iter().map(|stage| stage.time.median).sum();
    let row = |stage: &crate::stages::StageTime| {
        let (median, patterns) = (stage.time.median, comparison.patterns as f64);
        vec![stage.stage.to_owned(), time(median / patterns), format!("{:.0} %", 100.0 * median / sum)]
    };
    Table {
        title: "Where our own time goes".to_owned(),
        head: vec!["stage", "mean", "part"],
        rows: comparison.stages.iter().map(row).collect(),
        note: "parse: from the pattern to the code of its items; info: widths and prefix; code: the program of both.".to_owned(),
        plots: Vec::new(),
    }
}

fn counts(comparison: &Comparison) -> Table {
    let row = |engine: &crate::compare::Figures| {
        let counts = engine.instructions?;
        let ratio = counts.engine as f64 / counts.sre.max(1) as f64;
        Some(vec![
            engine.name.to_owned(),
            counts.patterns.to_string(),
            instructions(counts.engine),
            instructions(counts.sre),
            digits(ratio),
        ])
    };
    Table {
        title: "Instructions of one pass, counted by callgrind".to_owned(),
        head: vec!["engine", "patterns", "engine", "sre", "ratio"],
        rows: comparison.engines.iter().filter_map(row).collect(),
        note: "Only the pass is counted, not what sets it up. Where the patterns are a tenth of those that a engine \
               accepts, these are every tenth of them."
            .to_owned(),
        plots: Vec::new(),
    }
}

fn lengths(comparison: &Comparison) -> Table {
    let row = |class: &crate::lengths::Lengths| {
        vec![
            if class.least == class.most {
                class.most.to_string()
            } else {
                format!("{}–{}", class.least, class.most)
            },
            class.patterns.to_string(),
            time(class.cpython),
            time(class.sre),
            digits(class.median),
            digits(class.together),
        ]
    };
    Table {
        title: "CPython and sre-compiler by the length of the pattern".to_owned(),
        head: vec!["characters", "patterns", "CPython", "sre", "ratio", "together"],
        rows: comparison.lengths.iter().map(row).collect(),
        note:
            "CPython, sre, ratio: the medians of single patterns. together: the ratio of all of that length."
                .to_owned(),
        plots: Vec::new(),
    }
}

fn least(comparison: &Comparison) -> Table {
    let row = |close: &crate::compare::Close| {
        vec![close.pattern.clone(), time(close.cpython), time(close.sre), digits(close.cpython / close.sre)]
    };
    Table {
        title: "Where CPython is least slower".to_owned(),
        head: vec!["pattern", "CPython", "sre", "ratio"],
        rows: comparison.least.iter().map(row).collect(),
        note: String::new(),
        plots: Vec::new(),
    }
}

fn growth(families: &[Growth]) -> Table {
    let last = |curve: &crate::growth::Curve| match curve.points.last() {
        Some((n, nanoseconds)) => format!("{} for {n:.0}", time(*nanoseconds)),
        None => "refused".to_owned(),
    };
    let exponent = |curve: &crate::growth::Curve| {
        curve.exponent.map_or("–".to_owned(), |exponent| format!("{exponent:.2}"))
    };
    let row = |family: &Growth| {
        let cpython = family.cpython.as_ref();
        vec![
            family.family.to_owned(),
            last(&family.sre),
            exponent(&family.sre),
            cpython.map_or("–".to_owned(), last),
            cpython.map_or("–".to_owned(), exponent),
        ]
    };
    Table {
        title: "Growth: the exponent of time over length, from 1,000 pieces on".to_owned(),
        head: vec!["family", "sre, longest", "exponent", "CPython, longest", "exponent"],
        rows: families.iter().map(row).collect(),
        note: "1 is in proportion. Memory that no longer fits the caches adds a little.".to_owned(),
        plots: vec![(
            plots::growth(families),
            "Time over the number of pieces n: sre-compiler blue, CPython orange. The number is the exponent of sre-compiler.",
        )],
    }
}

fn startup(commands: &[Startup]) -> Table {
    let row = |startup: &Startup| {
        let spread = &startup.time;
        vec![startup.command.clone(), time(spread.median), time(spread.least), deviation(spread)]
    };
    Table {
        title: "From the start of a command to its end".to_owned(),
        head: vec!["command", "median", "least", "spread"],
        rows: commands.iter().map(row).collect(),
        note: "sre runs with an empty PATH and a PYTHONHOME that does not exist: it starts no Python."
            .to_owned(),
        plots: Vec::new(),
    }
}
