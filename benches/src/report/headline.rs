//! The result in a sentence, and what makes it unreliable.

use sre_report::units::digits;
use sre_report::{Headline, Tone};
use sre_support::{count, grouped};

use super::{Report, times};
use crate::compare::{Comparison, Figures};
use crate::engines;

/// The rounds of the control differ by more than this on a machine that is too busy to measure on.
const CONTROL_SPREAD: f64 = 0.1;

impl Report {
    /// Returns the headline: how many times as fast as CPython, else what else was measured.
    pub(super) fn headline(&self) -> Headline {
        let (text, detail) = match &self.comparison {
            Some(comparison) => match engine(comparison, engines::CPYTHON) {
                Some(cpython) => (self.speed(comparison, cpython), self.shortest_and_longest(comparison)),
                None => (
                    format!("{} compiled by {}", patterns(self, comparison.patterns), engines_of(comparison)),
                    "CPython did not take part.".to_owned(),
                ),
            },
            None => (self.other_measurements(), String::new()),
        };
        Headline { text, tone: Tone::Plain, detail }
    }

    fn speed(&self, comparison: &Comparison, cpython: &Figures) -> String {
        let ratio = &cpython.ratio;
        let version = cpython.about.split(',').next().unwrap_or("CPython");
        format!(
            "{} as fast as {version} ({}–{} in {}) on {}",
            times(ratio.median),
            digits(ratio.least),
            digits(ratio.most),
            count(comparison.rounds, "round"),
            patterns(self, cpython.accepts),
        )
    }

    fn shortest_and_longest(&self, comparison: &Comparison) -> String {
        let (Some(short), Some(long)) = (comparison.lengths.first(), comparison.lengths.last()) else {
            return String::new();
        };
        format!(
            "By length: {} for patterns of up to {} characters, {} for those of {} and more.",
            times(short.together),
            short.most,
            times(long.together),
            long.least
        )
    }

    fn other_measurements(&self) -> String {
        let growth = self.growth.as_ref().map(|families| {
            let exponents = families.iter().filter_map(|family| Some((family.sre.exponent?, family.family)));
            let steepest = exponents.max_by(|(a, _), (b, _)| a.total_cmp(b));
            let (exponent, name) = steepest.unwrap_or((0.0, "none"));
            format!(
                "Time of {} grows with the length to the power of at most {exponent:.2} ({name})",
                count(families.len(), "family").replace("familys", "families")
            )
        });
        let startup = self.startup.as_ref().and_then(|commands| {
            let first = commands.first()?;
            Some(format!("{} takes {}", first.command, sre_report::units::time(first.time.median)))
        });
        let parts: Vec<String> = growth.into_iter().chain(startup).collect();
        if parts.is_empty() { "Nothing was measured".to_owned() } else { parts.join("; ") }
    }

    /// Returns what makes the figures unreliable: other programs, and a control that varies.
    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings: Vec<String> = self.usage.and_then(|usage| usage.warning()).into_iter().collect();
        if let Some(control) = self.comparison.as_ref().and_then(|comparison| comparison.engines.first()) {
            let ratio = &control.ratio;
            if ratio.most - ratio.least > CONTROL_SPREAD {
                warnings.push(format!(
                    "The control, sre-compiler compared with itself, varies from {} to {} instead of staying at 1: \
                     ratios are uncertain by as much.",
                    digits(ratio.least),
                    digits(ratio.most)
                ));
            }
        }
        warnings
    }
}

pub(super) fn engine<'c>(comparison: &'c Comparison, name: &str) -> Option<&'c Figures> {
    comparison.engines.iter().find(|engine| engine.name == name)
}

fn engines_of(comparison: &Comparison) -> String {
    comparison.engines.iter().map(|engine| engine.name).collect::<Vec<_>>().join(", ")
}

/// Returns `14,411 patterns of mine.jsonl`.
fn patterns(report: &Report, number: usize) -> String {
    let plural = if number == 1 { "" } else { "s" };
    let of = if report.patterns.is_empty() { "the corpus" } else { &report.patterns };
    format!("{} pattern{plural} of {of}", grouped(number as u64))
}
