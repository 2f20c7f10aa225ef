//! Printing the results of a comparison.

use std::io;
use std::io::Write;

use serde::Serialize;
use sre_oracle::{Causes, Report, Stats, StatsJson};
use sre_support::count;
use sre_support::visible::Shown;

use crate::program::this_program;
use crate::status::Status;

/// Returns the exit status. Cases without an answer were not compared, so that they are not a
/// success.
pub(crate) fn status(all_stats: &[Stats], strict_known: bool) -> Status {
    if all_stats.iter().any(|stats| !stats.unknown.is_empty()) {
        Status::Divergence
    } else if all_stats.iter().any(|stats| !stats.lost.is_empty()) {
        Status::Usage
    } else if strict_known && all_stats.iter().any(|stats| !stats.known.is_empty()) {
        Status::OnlyKnown
    } else {
        Status::Same
    }
}

/// Prints each kind of divergence once, then a table. Its last columns are the share of the
/// processor time spent in CPython's compiler, and the overhead of everything else relative to
/// that; `-` for short runs.
pub(crate) fn print(out: &mut impl Write, all_stats: &[Stats]) -> io::Result<()> {
    let program = this_program();
    for stats in all_stats {
        for group in Causes::new(stats).groups() {
            write!(out, "{}", Report { divergence: &group.smallest, program: &program, recorded: None })?;
            let cause = group.cause.text(group.smallest.dialects.cpython);
            writeln!(out, "  cause      {cause}")?;
            writeln!(out, "  seen       {}, {}\n", times(group.count), count(group.signatures, "signature"))?;
        }
        for (case, why) in &stats.lost {
            let (python, why) = (stats.python.shown(), why.shown());
            writeln!(out, "{}\n  python     {python}\n  lost       {why}\n", case.excerpt())?;
        }
    }
    let title = [
        "dialect", "compared", "accepted", "rejected", "known", "unknown", "lost", "cases/s", "CPython",
        "overhead",
    ];
    write!(out, "{:10}", "python")?;
    title.iter().try_for_each(|name| write!(out, " {name:>9}"))?;
    writeln!(out)?;
    for stats in all_stats {
        write!(out, "{:10} {:>9}", stats.python, stats.dialect.to_string())?;
        let lost = stats.lost.len() as u64;
        let (known, unknown) = (stats.known_count(), stats.unknown_count());
        for number in
            [stats.compared, stats.accepted, stats.rejected, known, unknown, lost, stats.rate() as u64]
        {
            write!(out, " {number:>9}")?;
        }
        for share in [stats.cost.share(), stats.cost.overhead()] {
            let percent = share.map_or("-".to_owned(), |share| format!("{:.1}%", share * 100.0));
            write!(out, " {percent:>9}")?;
        }
        // Tell two builds of one version apart.
        let same = all_stats.iter().filter(|other| other.python == stats.python).count();
        match &stats.interpreter {
            Some(interpreter) if same > 1 => writeln!(out, "  {interpreter}")?,
            _ => writeln!(out)?,
        }
    }
    for stats in all_stats {
        for (known, (count, case)) in &stats.known {
            let case: String = case.excerpt().chars().take(80).collect();
            writeln!(out, "{:10} known: {known} {count} ({}), as {case}", stats.python, known.reason())?;
        }
        for group in Causes::new(stats).groups() {
            writeln!(out, "{:10} unknown: {group}", stats.python)?;
        }
    }
    Ok(())
}

/// `once`, `2 times`
fn times(number: u64) -> String {
    if number == 1 { "once".to_owned() } else { count(number, "time") }
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
