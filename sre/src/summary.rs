//! What a comparison found.

use std::io;
use std::io::Write;

use serde::Serialize;
use sre_oracle::{Findings, Report, Tally};
use sre_support::count;
use sre_support::visible::Shown;

use crate::program::this_program;
use crate::status::Status;

/// The exit status that the findings give. What an interpreter gave no answer to was not compared, which is no success.
pub(crate) fn status(tallies: &[Tally], strict_known: bool) -> Status {
    if tallies.iter().any(|tally| !tally.unknown.is_empty()) {
        Status::Divergence
    } else if tallies.iter().any(|tally| !tally.lost.is_empty()) {
        Status::Usage
    } else if strict_known && tallies.iter().any(|tally| !tally.known.is_empty()) {
        Status::OnlyKnown
    } else {
        Status::Same
    }
}

/// Prints each kind of divergence once, then a table. Its last columns: which share of the processor's time CPython's own
/// compiler took, and what all else took on top of that; not for runs too short to tell.
pub(crate) fn print(out: &mut impl Write, tallies: &[Tally]) -> io::Result<()> {
    let program = this_program();
    for tally in tallies {
        for (seen, divergence) in tally.unknown.values() {
            write!(out, "{}", Report { divergence, program: &program, recorded: None })?;
            writeln!(out, "  seen       {}\n", count(*seen, "time"))?;
        }
        for (case, why) in &tally.lost {
            let (python, why) = (tally.python.shown(), why.shown());
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
    for tally in tallies {
        write!(out, "{:10} {:>9}", tally.python, tally.dialect.to_string())?;
        let lost = tally.lost.len() as u64;
        let (known, unknown) = (tally.known_count(), tally.unknown_count());
        for number in
            [tally.compared, tally.accepted, tally.rejected, known, unknown, lost, tally.rate() as u64]
        {
            write!(out, " {number:>9}")?;
        }
        for share in [tally.cost.share(), tally.cost.overhead()] {
            let percent = share.map_or("-".to_owned(), |share| format!("{:.1}%", share * 100.0));
            write!(out, " {percent:>9}")?;
        }
        // Two builds of a version.
        let same = tallies.iter().filter(|other| other.python == tally.python).count();
        match &tally.interpreter {
            Some(interpreter) if same > 1 => writeln!(out, "  {interpreter}")?,
            _ => writeln!(out)?,
        }
    }
    for tally in tallies {
        for (known, (count, case)) in &tally.known {
            let case: String = case.excerpt().chars().take(80).collect();
            writeln!(out, "{:10} known: {known} {count} ({}), as {case}", tally.python, known.reason())?;
        }
        for (signature, (count, _)) in &tally.unknown {
            writeln!(out, "{:10} unknown: {count} {}", tally.python, signature.shown())?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Everything {
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<serde_json::Value>,
    pythons: Vec<Findings>,
}

/// Prints the same as an object, with what was found of recorded answers.
pub(crate) fn print_json(
    out: &mut impl Write,
    answers: Option<serde_json::Value>,
    tallies: &[Tally],
) -> io::Result<()> {
    let everything = Everything { answers, pythons: tallies.iter().map(Findings::from).collect() };
    serde_json::to_writer_pretty(&mut *out, &everything)?;
    writeln!(out)
}
