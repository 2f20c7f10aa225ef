//! What a comparison found.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::value::RawValue;
use sre_oracle::{Divergence, Report, Tally};

use crate::json;
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

/// Prints each kind of divergence once, then a table.
pub(crate) fn print(out: &mut impl Write, tallies: &[Tally]) -> io::Result<()> {
    for tally in tallies {
        for (count, divergence) in tally.unknown.values() {
            write!(out, "{}", Report(divergence))?;
            writeln!(out, "  seen       {count} times\n")?;
        }
        for (case, why) in &tally.lost {
            writeln!(out, "{case:?}\n  python     {}\n  lost       {why}\n", tally.python)?;
        }
    }
    let title =
        ["python", "dialect", "compared", "accepted", "rejected", "known", "unknown", "lost", "cases/s"];
    let [python, numbers @ ..] = title;
    write!(out, "{python:10}")?;
    numbers.iter().try_for_each(|name| write!(out, " {name:>9}"))?;
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
        writeln!(out)?;
    }
    for tally in tallies {
        for (known, (count, case)) in &tally.known {
            let case: String = format!("{case:?}").chars().take(80).collect();
            writeln!(out, "{:10} known: {known} {count} ({}), as {case}", tally.python, known.reason())?;
        }
        for (signature, (count, _)) in &tally.unknown {
            writeln!(out, "{:10} unknown: {count} {signature}", tally.python)?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Findings<'t> {
    python: &'t str,
    dialect: String,
    compared: u64,
    accepted: u64,
    rejected: u64,
    known: Vec<KnownFinding>,
    unknown: Vec<Finding<'t>>,
    lost: Vec<Lost<'t>>,
    replaced: usize,
    seconds: f64,
}

#[derive(Serialize)]
struct KnownFinding {
    name: &'static str,
    count: u64,
    case: Box<RawValue>,
}

#[derive(Serialize)]
struct Finding<'t> {
    signature: &'t str,
    stage: &'static str,
    count: u64,
    case: Box<RawValue>,
    ours: Box<RawValue>,
    theirs: Box<RawValue>,
}

#[derive(Serialize)]
struct Lost<'t> {
    case: Box<RawValue>,
    why: &'t str,
}

#[derive(Serialize)]
struct Everything<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<serde_json::Value>,
    pythons: Vec<Findings<'t>>,
}

/// Prints the same as an object, with what was found of recorded answers.
pub(crate) fn print_json(
    out: &mut impl Write,
    answers: Option<serde_json::Value>,
    tallies: &[Tally],
) -> io::Result<()> {
    let everything = Everything { answers, pythons: tallies.iter().map(findings).collect() };
    serde_json::to_writer_pretty(&mut *out, &everything)?;
    writeln!(out)
}

fn findings(tally: &Tally) -> Findings<'_> {
    let known = tally.known.iter().map(|(known, (count, case))| KnownFinding {
        name: known.name(),
        count: *count,
        case: json::case(case),
    });
    Findings {
        python: &tally.python,
        dialect: tally.dialect.to_string(),
        compared: tally.compared,
        accepted: tally.accepted,
        rejected: tally.rejected,
        known: known.collect(),
        unknown: tally.unknown.values().map(|(count, divergence)| finding(*count, divergence)).collect(),
        lost: tally.lost.iter().map(|(case, why)| Lost { case: json::case(case), why }).collect(),
        replaced: tally.replaced,
        seconds: tally.elapsed.as_secs_f64(),
    }
}

fn finding(count: u64, divergence: &Divergence) -> Finding<'_> {
    Finding {
        signature: &divergence.signature,
        stage: divergence.stage.name(),
        count,
        case: json::case(&divergence.case),
        ours: json::outcome(&divergence.ours),
        theirs: json::outcome(&divergence.theirs),
    }
}
