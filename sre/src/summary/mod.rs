//! Printing the results of a comparison: a verdict, each divergence once, and on request a table.

mod crash;
mod group;
mod paint;
mod table;
mod verdict;

use std::io;
use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;
use sre_case::Case;
use sre_oracle::{Report, Stats, StatsJson};
use sre_support::count;
use sre_support::visible::Shown;

pub(crate) use table::WORDS;

use crate::messages::{LABEL, styled};
use crate::options::StrictKnown;
use crate::program::this_program;
use crate::status::Status;
pub(crate) use paint::report as paint_report;

/// Returns the exit status. A crash of an interpreter is a finding. Other cases without an answer
/// were not compared, so that they are not a success.
pub(crate) fn status(all_stats: &[Stats], strict: StrictKnown) -> Status {
    if all_stats.iter().any(|stats| !stats.unknown.is_empty() || stats.crashes() > 0) {
        Status::Divergence
    } else if all_stats.iter().any(|stats| !stats.lost.is_empty()) {
        Status::Usage
    } else if strict.strict_known && all_stats.iter().any(|stats| !stats.known.is_empty()) {
        Status::OnlyKnown
    } else {
        Status::Same
    }
}

/// Prints the verdict, each divergence once with the interpreters that have it, and with `verbose`
/// the table of counts. `file_of` returns the file that a case was read from.
pub(crate) fn print(
    out: &mut impl Write,
    all_stats: &[Stats],
    verbose: bool,
    file_of: &dyn Fn(&Case) -> Option<PathBuf>,
) -> io::Result<()> {
    verdict::write(out, all_stats)?;
    let program = this_program();
    for group in group::groups(all_stats) {
        let report = Report { divergence: &group.divergence, program: &program, recorded: None };
        write!(out, "\n{}", paint_report(&report.to_string()))?;
        let label = |name: &str| styled(LABEL, format!("{name:10}"));
        let divergence = &group.divergence;
        if let Some(file) = file_of(divergence.found_as.as_ref().unwrap_or(&divergence.case)) {
            writeln!(out, "  {} {}", label("file"), file.shown())?;
        }
        let cause = group.cause.text(group.divergence.dialects.cpython);
        writeln!(out, "  {} {}", label("cause"), cause.shown())?;
        crash::write_tested(out, divergence)?;
        if !group.others.is_empty() {
            writeln!(out, "  {} {}", label("also in"), group.others.join(", ").shown())?;
        }
        if group.times > 1 {
            let (times, signatures) = (count(group.times, "case"), count(group.signatures, "signature"));
            writeln!(out, "  {} {times}, {signatures}; this is the smallest", label("seen in"))?;
        }
    }
    for stats in all_stats {
        crash::write_lost(out, stats)?;
    }
    if verbose {
        writeln!(out)?;
        table::write(out, all_stats)?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Everything {
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<serde_json::Value>,
    pythons: Vec<StatsJson>,
}

/// Prints the results as an object, with those of recorded answers.
pub(crate) fn print_json(
    out: &mut impl Write,
    answers: Option<serde_json::Value>,
    all_stats: &[Stats],
) -> io::Result<()> {
    let everything = Everything { answers, pythons: all_stats.iter().map(StatsJson::from).collect() };
    serde_json::to_writer_pretty(&mut *out, &everything)?;
    writeln!(out)
}
