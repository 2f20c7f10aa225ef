//! Printing the result of `sre compare --match`.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use serde::Serialize;
use sre_matching::{Plan, Report, Stats};
use sre_support::visible::Shown;
use sre_support::{count, grouped};

use crate::messages::{BAD, GOOD, styled};
use crate::summary::paint_report;

/// What an interpreter was compared with, and the result.
pub(super) struct Compared {
    pub(super) plan: Plan,
    pub(super) stats: Stats,
    /// The commands that show each cause.
    pub(super) commands: Vec<Vec<String>>,
    /// What an interpreter writes, for each cause that is a crash.
    pub(super) crashes: Vec<Vec<String>>,
}

impl Compared {
    fn name(&self) -> String {
        let labels: Vec<&str> = self.plan.programs.iter().map(|program| program.label.as_str()).collect();
        labels.join(" with ")
    }
}

/// Prints a verdict for each interpreter, what was compared, and each cause.
pub(super) fn print(out: &mut impl Write, all: &[Compared]) -> io::Result<()> {
    for compared in all {
        let (name, stats) = (compared.name(), &compared.stats);
        let verdict = match stats.is_clean() {
            true if !stats.expected.is_empty() => styled(GOOD, "no other difference"),
            true => styled(GOOD, "the same matches"),
            false => {
                let differences = stats.differences();
                let (differences, causes) =
                    (count(differences, "difference"), count(stats.causes.len(), "cause"));
                styled(BAD, format!("{differences} in what matches, {causes} shown"))
            }
        };
        writeln!(out, "{}: {verdict}", name.shown())?;
        for (reason, times) in &stats.expected {
            writeln!(out, "{}: {}", count(*times, "expected difference"), reason.shown())?;
        }
        if stats.like_expected > 0 {
            writeln!(out, "{} of the same kinds not minimized", count(stats.like_expected, "difference"))?;
        }
        write!(out, "{}: {} compared", count(stats.patterns, "pattern"), count(stats.subjects, "subject"))?;
        let notes = [
            (stats.refused, "refused"),
            (stats.refused_by_some, "refused by one side"),
            (stats.slow, "over the time limit"),
            (stats.replaced, "times a process was replaced"),
        ];
        for (number, what) in notes.into_iter().filter(|(number, _)| *number > 0) {
            write!(out, ", {} {what}", grouped(number))?;
        }
        writeln!(out)?;
    }
    for compared in all {
        let shown = compared.commands.iter().zip(&compared.crashes);
        for (cause, (commands, crash)) in compared.stats.causes.iter().zip(shown) {
            let report = Report { cause, plan: &compared.plan, commands, crash };
            write!(out, "\n{}", paint_report(&report.to_string()))?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Everything<'a> {
    comparisons: Vec<Comparison<'a>>,
}

#[derive(Serialize)]
struct Comparison<'a> {
    programs: Vec<&'a str>,
    patterns: u64,
    refused: u64,
    refused_by_one_side: u64,
    subjects: u64,
    slow: u64,
    replaced: u64,
    differences: u64,
    /// The number of expected differences that were minimized, by reason.
    expected: &'a BTreeMap<String, u64>,
    /// Those of the same kinds that were not.
    like_expected: u64,
    seconds: f64,
    causes: Vec<Cause<'a>>,
}

#[derive(Serialize)]
struct Cause<'a> {
    signature: &'a str,
    sides: [String; 2],
    /// The pattern and the subject as Python expressions.
    pattern: String,
    subject: String,
    pos: usize,
    endpos: usize,
    operation: &'static str,
    outcomes: [String; 2],
    count: u64,
    /// When the first one was found, in seconds.
    first: f64,
    commands: &'a [String],
    /// What an interpreter writes, if it crashes.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    crash: &'a [String],
}

/// Prints the results as an object.
pub(super) fn print_json(out: &mut impl Write, all: &[Compared]) -> io::Result<()> {
    let comparisons = all.iter().map(|compared| {
        let Compared { plan, stats, commands, crashes } = compared;
        let shown = commands.iter().zip(crashes);
        let causes = stats.causes.iter().zip(shown).map(|(cause, (commands, crash))| {
            let difference = &cause.difference;
            Cause {
                signature: &cause.signature,
                sides: plan.names(difference.pair),
                pattern: format!("{:?}", difference.case),
                subject: format!("{:?}", difference.subject.text),
                pos: difference.subject.pos,
                endpos: difference.subject.endpos,
                operation: difference.operation.name(),
                outcomes: [&difference.reference, &difference.tested].map(ToString::to_string),
                count: cause.count,
                first: cause.first.as_secs_f64(),
                commands,
                crash,
            }
        });
        Comparison {
            programs: plan.programs.iter().map(|program| program.label.as_str()).collect(),
            patterns: stats.patterns,
            refused: stats.refused,
            refused_by_one_side: stats.refused_by_some,
            subjects: stats.subjects,
            slow: stats.slow,
            replaced: stats.replaced,
            differences: stats.differences(),
            expected: &stats.expected,
            like_expected: stats.like_expected,
            seconds: stats.elapsed.as_secs_f64(),
            causes: causes.collect(),
        }
    });
    serde_json::to_writer_pretty(&mut *out, &Everything { comparisons: comparisons.collect() })?;
    writeln!(out)
}
