//! What came out: as data, as a table, as a page.

mod page;
mod plots;
mod svg;
mod table;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde::Serialize;
use sre_support::atomic_file;
use sre_support::visible::Shown;

use crate::compare::Comparison;
use crate::growth::Growth;
use crate::startup::Startup;
use crate::statistics::Spread;

/// All of a run. A part that was not asked for is none.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Where it was run.
    pub machine: Machine,
    /// Which files the patterns are from.
    pub patterns: String,
    /// The engines beside each other.
    pub comparison: Option<Comparison>,
    /// How families of patterns grow.
    pub growth: Option<Vec<Growth>>,
    /// What starting the command costs.
    pub startup: Option<Vec<Startup>>,
}

/// Where something was measured.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// The processor's name, if it can be known.
    pub processor: String,
    /// How many threads it runs at once.
    pub threads: usize,
    /// What built the program.
    pub rustc: &'static str,
    /// The commit that is checked out, with `+` if files were changed.
    pub commit: String,
}

impl Default for Machine {
    fn default() -> Machine {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let name = cpuinfo.lines().find(|line| line.starts_with("model name"));
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::null());
            let output = git.output().ok().filter(|output| output.status.success())?;
            Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let changed =
            git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|files| !files.is_empty());
        let commit = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_default();
        Machine {
            processor: name
                .and_then(|line| line.split_once(": "))
                .map_or("unknown", |(_, name)| name)
                .to_owned(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            rustc: env!("SRE_BENCH_RUSTC"),
            commit: if changed { commit + "+" } else { commit },
        }
    }
}

impl Report {
    /// As text, for a terminal.
    pub fn text(&self) -> String {
        let mut parts: Vec<String> = self.tables().iter().map(table::Table::text).collect();
        if let Some(comparison) = &self.comparison {
            let engines =
                comparison.engines.iter().map(|engine| format!("{:14}{}\n", engine.name, engine.about));
            parts.push(engines.collect());
        }
        parts.join("\n")
    }

    /// As one JSON object.
    ///
    /// # Errors
    /// None that is known.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Writes `bench.json` and `index.html` into a folder.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| folder.shown().to_string())?;
        for (name, content) in [("bench.json", self.json()?), ("index.html", self.page())] {
            let file = folder.join(name);
            let name = || format!("cannot write {}", file.shown());
            atomic_file::write(&file, content.as_bytes()).with_context(name)?;
        }
        Ok(())
    }
}

/// Nanoseconds, in the unit that reads best.
fn time(nanoseconds: f64) -> String {
    let (number, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    format!("{} {unit}", digits(number))
}

/// Three digits that count.
fn digits(number: f64) -> String {
    match number {
        n if n >= 99.95 => format!("{n:.0}"),
        n if n >= 9.995 => format!("{n:.1}"),
        n if n >= 0.9995 || n == 0.0 => format!("{n:.2}"),
        n => format!("{n:.3}"),
    }
}

/// How far the rounds lie apart: half of them are within this part of the median.
fn deviation(spread: &Spread) -> String {
    let half = (spread.upper - spread.lower) / 2.0 / spread.median.max(f64::MIN_POSITIVE);
    format!("±{:.1} %", 100.0 * half)
}

/// Instructions, with the unit that reads best.
fn instructions(count: u64) -> String {
    let count = count as f64;
    match count {
        n if n < 1e6 => format!("{} k", digits(n / 1e3)),
        n if n < 1e9 => format!("{} M", digits(n / 1e6)),
        n => format!("{} G", digits(n / 1e9)),
    }
}
