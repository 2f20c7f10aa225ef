//! The results of a run: as data, as text, as a page, and compared with those of another run.

mod against;
mod headline;
mod page;
mod plots;
mod table;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde::Serialize;
use sre_report::{Machine, Usage, statistics::Spread, units, wrapped};
use sre_support::atomic_file;
use sre_support::visible::Shown;

pub use against::{Against, Change};

use crate::compare::Comparison;
use crate::growth::Growth;
use crate::startup::Startup;

/// The results of a run. Parts that were not asked for are `None`.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The command that was run.
    pub command: String,
    /// The machine.
    pub machine: Machine,
    /// The version of Rust that built the program.
    pub rustc: &'static str,
    /// The commit, with `+dirty` if files were changed.
    pub commit: String,
    /// How busy the machine was.
    pub usage: Option<Usage>,
    /// The names of the files that the patterns are from; empty for the corpus.
    pub patterns: String,
    /// The comparison of the engines.
    pub comparison: Option<Comparison>,
    /// How families of patterns grow.
    pub growth: Option<Vec<Growth>>,
    /// The time from the start of the command to its end.
    pub startup: Option<Vec<Startup>>,
    /// The comparison with another run.
    pub against: Option<Against>,
}

impl Report {
    /// Creates an empty report of a command on this machine.
    pub fn new(command: String) -> Report {
        Report {
            command,
            machine: Machine::this(),
            rustc: env!("SRE_BENCH_RUSTC"),
            commit: commit(),
            usage: None,
            patterns: String::new(),
            comparison: None,
            growth: None,
            startup: None,
            against: None,
        }
    }

    /// Returns the report as text of at most 80 columns.
    pub fn text(&self) -> String {
        let headline = self.headline();
        let mut text = format!("{}\n", wrapped(&headline.text, ""));
        if !headline.detail.is_empty() {
            text += &format!("{}\n", wrapped(&headline.detail, ""));
        }
        for warning in self.warnings() {
            text += &format!("{}\n", wrapped(&format!("warning: {warning}"), "  "));
        }
        for table in self.tables() {
            text += &format!("\n{}", table.text());
        }
        if let Some(comparison) = &self.comparison {
            text.push('\n');
            text.extend(
                comparison.engines.iter().map(|engine| format!("{:13} {}\n", engine.name, engine.about)),
            );
        }
        text
    }

    /// Returns the report as one JSON object.
    ///
    /// # Errors
    /// If it cannot be serialised, which does not happen.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Writes `bench.json` and `index.html` to a folder.
    ///
    /// # Errors
    /// If the files cannot be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let name = || format!("cannot create {}", folder.shown());
        fs::create_dir_all(folder).with_context(name)?;
        for (name, content) in [("bench.json", self.json()?), ("index.html", self.page())] {
            let file = folder.join(name);
            let name = || format!("cannot write {}", file.shown());
            atomic_file::write(&file, content.as_bytes()).with_context(name)?;
        }
        Ok(())
    }
}

/// Returns the commit that is checked out, with `+dirty` if tracked files differ from it.
fn commit() -> String {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).stderr(Stdio::null());
        let output = git.output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".to_owned() };
    let status = git(&["status", "--porcelain", "--untracked-files=no"]);
    if status.is_some_and(|files| files.is_empty()) { commit } else { commit + "+dirty" }
}

/// Formats how much the rounds vary.
fn deviation(spread: &Spread) -> String {
    format!("±{:.1} %", 100.0 * spread.deviation())
}

/// Formats a ratio: `148×`.
fn times(ratio: f64) -> String {
    format!("{}×", units::digits(ratio))
}
