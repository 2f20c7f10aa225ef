//! Comparison with the `bench.json` of another run.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sre_report::statistics::{Estimate, ratio_of_medians};
use sre_report::{Column, Table};
use sre_support::visible::Shown;

use crate::compare::Comparison;

/// The comparison of two runs.
#[derive(Debug, Serialize)]
pub struct Against {
    /// The file of the other run.
    pub file: String,
    /// The commit of the other run.
    pub commit: String,
    /// The engines that both runs have.
    pub changes: Vec<Change>,
    /// What makes the runs less comparable.
    pub differences: Vec<String>,
}

/// The change of an engine's time for a pass.
#[derive(Debug, Serialize)]
pub struct Change {
    /// Name of the engine.
    pub engine: String,
    /// Median time of the other run, in nanoseconds per pattern.
    pub before: f64,
    /// Median time of this run, in nanoseconds per pattern.
    pub now: f64,
    /// This run ÷ the other run.
    pub ratio: Estimate,
}

/// What is read of `bench.json`.
#[derive(Deserialize)]
struct Previous {
    commit: String,
    machine: PreviousMachine,
    comparison: Option<PreviousComparison>,
}

#[derive(Deserialize)]
struct PreviousMachine {
    processor: String,
}

#[derive(Deserialize)]
struct PreviousComparison {
    patterns: usize,
    characters: usize,
    dialect: String,
    engines: Vec<PreviousFigures>,
}

#[derive(Deserialize)]
struct PreviousFigures {
    name: String,
    accepts: usize,
    passes: Vec<f64>,
}

/// Smaller changes are not reported: recompiling alone changes the layout of a program by as much.
const SMALLEST: f64 = 0.01;

impl Against {
    /// Compares a run on this processor with that of a file.
    ///
    /// # Errors
    /// If the file cannot be read, is not a `bench.json`, or has no engine in common with the run.
    pub fn read(file: &Path, processor: &str, comparison: &Comparison) -> Result<Against> {
        let name = file.shown().to_string();
        let content = fs::read(file).with_context(|| format!("cannot read {name}"))?;
        let hint = "expected a bench.json, as written by bench --output";
        let previous: Previous =
            serde_json::from_slice(&content).with_context(|| format!("{name}: {hint}"))?;
        let Some(before) = previous.comparison else {
            bail!("{name}: contains no comparison of engines; run bench with --compare");
        };
        let changes = changes(comparison, &before.engines);
        if changes.is_empty() {
            bail!("{name}: has no engine in common with this run");
        }
        let mut differences = Vec::new();
        let (patterns, characters) = (comparison.patterns, comparison.characters);
        if (before.patterns, before.characters) != (patterns, characters) {
            differences.push(format!("other patterns ({} instead of {patterns})", before.patterns));
        }
        if before.dialect != comparison.dialect {
            differences.push(format!("another dialect ({})", before.dialect));
        }
        if previous.machine.processor != processor {
            differences.push(format!("another processor ({})", previous.machine.processor));
        }
        Ok(Against { file: name, commit: previous.commit, changes, differences })
    }

    /// Returns the table of changes.
    pub(super) fn table(&self) -> Table {
        let row = |change: &Change| {
            let Estimate { value, lower, upper } = change.ratio;
            vec![
                change.engine.clone(),
                sre_report::units::time(change.before),
                sre_report::units::time(change.now),
                format!("{value:.3}"),
                format!("{lower:.3}–{upper:.3}"),
                change.verdict().to_owned(),
            ]
        };
        let differences = match self.differences.as_slice() {
            [] => String::new(),
            all => format!(" The runs are not comparable: the other one had {}.", all.join(", ")),
        };
        Table {
            title: format!("Change since {} (commit {})", self.file, self.commit),
            columns: [
                "engine",
                "before, mean pattern",
                "now, mean pattern",
                "now ÷ before",
                "interval of 95 %",
                "verdict",
            ]
            .map(Column)
            .to_vec(),
            rows: self.changes.iter().map(row).collect(),
            note: format!(
                "An engine is faster or slower if the bootstrap interval over the rounds excludes a change of {:.0} %; \
                 else the change is noise. If cpython or floor changed too, the machine did.{differences}",
                100.0 * SMALLEST
            ),
        }
    }
}

impl Change {
    /// Returns whether the engine became faster or slower, beyond the noise.
    pub fn verdict(&self) -> &'static str {
        match self.ratio {
            Estimate { upper, .. } if upper < 1.0 - SMALLEST => "faster",
            Estimate { lower, .. } if lower > 1.0 + SMALLEST => "slower",
            _ => "within noise",
        }
    }
}

fn changes(comparison: &Comparison, before: &[PreviousFigures]) -> Vec<Change> {
    let change = |now: &crate::compare::Figures| {
        let before = before.iter().find(|before| before.name == now.name)?;
        let per_pattern = |passes: &[f64], accepts: usize| -> Vec<f64> {
            passes.iter().map(|pass| pass / accepts.max(1) as f64).collect()
        };
        let (old, new) = (per_pattern(&before.passes, before.accepts), per_pattern(&now.passes, now.accepts));
        let ratio = ratio_of_medians(&new, &old)?;
        let median = |times: &[f64]| sre_report::statistics::median(times.iter().copied());
        Some(Change { engine: now.name.to_owned(), before: median(&old), now: median(&new), ratio })
    };
    comparison.engines.iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use sre_case::Case;
    use sre_compiler::{Dialect, Flags};

    use super::*;
    use crate::compare::compare;
    use crate::report::Report;

    fn report() -> Report {
        let samples = ["a+", "[a-z]", "(?P<x>a)(?P=x)"];
        let samples: Vec<_> =
            samples.iter().map(|pattern| Case::str(pattern, Flags::empty()).into()).collect();
        let (comparison, _) = compare(&["sre", "floor"], &samples, Dialect::default(), 5, &|_| ()).unwrap();
        Report { comparison: Some(comparison), ..Report::new("bench".to_owned()) }
    }

    #[test]
    fn a_change_outside_of_the_interval_is_reported_and_noise_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let before = report();
        before.write(folder.path()).unwrap();
        let mut now = before.comparison.unwrap();
        let read = |now: &Comparison| Against::read(&folder.path().join("bench.json"), "x", now).unwrap();
        let same = read(&now);
        assert_eq!(same.changes.len(), 2);
        assert!(same.changes.iter().all(|change| change.verdict() == "within noise"), "{same:?}");
        assert_eq!(same.differences.len(), 1, "another processor: {same:?}");
        let fastest = now.engines[0].passes.iter().copied().fold(f64::INFINITY, f64::min);
        now.engines[0].passes = vec![fastest / 2.0; 5];
        let slowest = now.engines[1].passes.iter().copied().fold(0.0, f64::max);
        now.engines[1].passes = vec![slowest * 2.0; 5];
        let changed = read(&now);
        let verdicts: Vec<_> = changed.changes.iter().map(Change::verdict).collect();
        assert_eq!(verdicts, ["faster", "slower"], "{changed:?}");
        assert!(changed.table().text().lines().all(|line| line.chars().count() <= 80));
    }

    #[test]
    fn a_file_that_is_no_result_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("other.json");
        let comparison = report().comparison.unwrap();
        let error = |content: &str| {
            std::fs::write(&file, content).unwrap();
            format!("{:#}", Against::read(&file, "x", &comparison).unwrap_err())
        };
        assert!(error("{}").contains("other.json: expected a bench.json"));
        assert!(error("").contains("other.json: expected a bench.json"));
        let without = r#"{"commit": "c", "machine": {"processor": "p"}, "comparison": null}"#;
        assert!(error(without).contains("no comparison of engines"));
    }
}
