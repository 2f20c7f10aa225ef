//! The tables, which the terminal and the page have in common.

use sre_report::statistics::Spread;
use sre_report::units::{digits, scaled, time};
use sre_report::{Column, Table};
use sre_support::{count, grouped};

use super::{Report, deviation, times};
use crate::compare::{Comparison, Figures};
use crate::growth::{Curve, Growth};
use crate::startup::Startup;

pub(super) const TIMES: &str = "Time by engine";
pub(super) const RATIOS: &str = "Times the time of sre-compiler, by engine";
pub(super) const GROWTH: &str = "Growth of time with the length of the pattern";

impl Report {
    /// Returns the tables of what was measured.
    pub(super) fn tables(&self) -> Vec<Table> {
        let mut tables: Vec<Table> = self.against.iter().map(|against| against.table()).collect();
        if let Some(comparison) = &self.comparison {
            tables.extend([ratios(comparison), absolute(comparison), stages(comparison)]);
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

fn columns<const N: usize>(names: [&'static str; N]) -> Vec<Column> {
    names.map(Column).to_vec()
}

fn ratios(comparison: &Comparison) -> Table {
    let row = |engine: &Figures| {
        let slowest = engine.slowest.filter(|slowest| slowest.patterns > 0);
        vec![
            engine.name.to_owned(),
            times(engine.ratio.median),
            format!("{}–{}", digits(engine.ratio.least), digits(engine.ratio.most)),
            digits(engine.ratios[50]),
            digits(engine.ratios[1]),
            slowest.map_or("–".to_owned(), |slowest| digits(slowest.ratio)),
        ]
    };
    Table {
        title: RATIOS.to_owned(),
        columns: columns([
            "engine",
            "whole pass",
            "range over rounds",
            "median pattern",
            "1 in 100 is below",
            "1 % that take CPython longest",
        ]),
        rows: comparison.engines.iter().map(row).collect(),
        note: "Each engine is compared over the patterns that it accepts, within the same round. The row sre is the \
               control: sre-compiler compared with itself."
            .to_owned(),
    }
}

fn absolute(comparison: &Comparison) -> Table {
    let row = |engine: &Figures| {
        let percentile = |n: usize| time(engine.percentiles[n]);
        vec![
            engine.name.to_owned(),
            grouped(engine.accepts as u64),
            time(engine.pass.median),
            deviation(&engine.pass),
            time(engine.mean()),
            percentile(50),
            percentile(99),
            percentile(100),
        ]
    };
    Table {
        title: TIMES.to_owned(),
        columns: columns([
            "engine",
            "patterns accepted",
            "whole pass",
            "rounds vary by",
            "mean pattern",
            "median pattern",
            "99th percentile",
            "slowest pattern",
        ]),
        rows: comparison.engines.iter().map(row).collect(),
        note: format!(
            "{} with {}, compiled for Python {}. A pass compiles each pattern once, in processor time: the median \
             of {}, which vary by half of their interquartile range. Single patterns are in real time, less {} for \
             reading the clock.",
            count(comparison.patterns, "pattern"),
            count(comparison.characters, "character"),
            comparison.dialect,
            count(comparison.rounds, "round"),
            time(comparison.clock)
        ),
    }
}

fn stages(comparison: &Comparison) -> Table {
    let sum: f64 = comparison.stages.iter().map(|stage| stage.time.median).sum();
    let row = |stage: &crate::stages::StageTime| {
        let (median, patterns) = (stage.time.median, comparison.patterns as f64);
        vec![stage.stage.to_owned(), time(median / patterns), format!("{:.0} %", 100.0 * median / sum)]
    };
    Table {
        title: "Stages of sre-compiler".to_owned(),
        columns: columns(["stage", "mean pattern", "share"]),
        rows: comparison.stages.iter().map(row).collect(),
        note: "parse: from the pattern to the code of its items; info: the info block, with widths and prefix; code: \
               the final program."
            .to_owned(),
    }
}

fn counts(comparison: &Comparison) -> Table {
    let row = |engine: &Figures| {
        let counts = engine.instructions?;
        Some(vec![
            engine.name.to_owned(),
            counts.patterns.to_string(),
            scaled(counts.engine),
            scaled(counts.sre),
            times(counts.engine as f64 / counts.sre.max(1) as f64),
        ])
    };
    Table {
        title: "Instructions of one pass".to_owned(),
        columns: columns(["engine", "patterns", "instructions", "of sre-compiler", "ratio"]),
        rows: comparison.engines.iter().filter_map(row).collect(),
        note: "Counted by callgrind, without the preparation of the pass. For slow engines, one pattern in ten is \
               counted."
            .to_owned(),
    }
}

fn lengths(comparison: &Comparison) -> Table {
    let row = |class: &crate::lengths::Lengths| {
        let (least, most) = (class.least, class.most);
        vec![
            if least == most { most.to_string() } else { format!("{least}–{most}") },
            class.patterns.to_string(),
            time(class.cpython),
            time(class.sre),
            times(class.median),
            times(class.together),
        ]
    };
    Table {
        title: "CPython and sre-compiler, by the length of the pattern".to_owned(),
        columns: columns([
            "characters",
            "patterns",
            "CPython, median",
            "sre-compiler, median",
            "ratio, median pattern",
            "ratio, all together",
        ]),
        rows: comparison.lengths.iter().map(row).collect(),
        note: String::new(),
    }
}

fn least(comparison: &Comparison) -> Table {
    let row = |close: &crate::compare::Close| {
        vec![close.pattern.clone(), time(close.cpython), time(close.sre), times(close.cpython / close.sre)]
    };
    Table {
        title: "Patterns with the lowest ratio".to_owned(),
        columns: columns(["pattern", "CPython", "sre-compiler", "ratio"]),
        rows: comparison.least.iter().map(row).collect(),
        note: String::new(),
    }
}

fn growth(families: &[Growth]) -> Table {
    let longest = |curve: &Curve| match curve.points.last() {
        Some((n, nanoseconds)) => format!("{} for {}", time(*nanoseconds), grouped(*n as u64)),
        None => "rejected".to_owned(),
    };
    let exponent =
        |curve: &Curve| curve.exponent.map_or("–".to_owned(), |exponent| format!("{exponent:.2}"));
    let row = |family: &Growth| {
        let cpython = family.cpython.as_ref();
        vec![
            family.family.to_owned(),
            exponent(&family.sre),
            longest(&family.sre),
            cpython.map_or("–".to_owned(), exponent),
            cpython.map_or("–".to_owned(), longest),
        ]
    };
    Table {
        title: GROWTH.to_owned(),
        columns: columns([
            "family of patterns",
            "exponent, sre-compiler",
            "time for n pieces, sre-compiler",
            "exponent, CPython",
            "time for n pieces, CPython",
        ]),
        rows: families.iter().map(row).collect(),
        note: "The exponent of time over the number of pieces, from 1,000 pieces on: 1 is linear. Memory that no \
               longer fits the caches adds a little."
            .to_owned(),
    }
}

fn startup(commands: &[Startup]) -> Table {
    let row = |startup: &Startup| {
        let spread: &Spread = &startup.time;
        vec![startup.command.clone(), time(spread.median), time(spread.least), deviation(spread)]
    };
    Table {
        title: "From the start of a command to its end".to_owned(),
        columns: columns(["command", "median", "fastest run", "runs vary by"]),
        rows: commands.iter().map(row).collect(),
        note: "sre runs with an empty PATH and a PYTHONHOME that does not exist, so it starts no Python."
            .to_owned(),
    }
}
