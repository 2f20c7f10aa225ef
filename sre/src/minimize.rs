//! `sre minimize`: finds the smallest case that still diverges.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use sre_case::{Case, wire};
use sre_oracle::minimize::{TRIES, minimize_divergence};
use sre_oracle::{Comparator, Stats};
use sre_support::atomic_file;
use sre_support::visible::Shown;

use crate::messages::stdout;
use crate::options::{
    Format, FormatOption, Output, Patterns, RunOptions, StrictKnown, single_pattern, whole,
};
use crate::status::Status;
use crate::summary;

/// Reduce a divergence to its smallest pattern
///
/// The result has the same signature with the same interpreter. Subpatterns, alternatives, set members, quantifiers, flags and characters are removed while the
/// divergence persists.
///
/// Exit status: 0 if nothing diverges, 1 for a usage or input error, 2 for a divergence.
#[derive(Args)]
#[command(mut_arg("targets", single_pattern), mut_arg("output", |arg| arg.value_name("FILE").help(
    "Write the smallest case of the first interpreter that diverges to this file: a case file, or, if its \
     name ends in `.jsonl`, a line of JSON, which can represent any flags"
)))]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    #[command(flatten)]
    run: RunOptions,
    /// Limit of smaller cases to try.
    #[arg(long, value_name = "N", default_value_t = TRIES, value_parser = whole(1_usize))]
    tries: usize,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let case = arguments.patterns.one_case("minimize")?;
    if let Some(file) = arguments.output.path() {
        atomic_file::check(file).with_context(|| format!("cannot write {}", file.shown()))?;
    }
    let mut all_stats = Vec::new();
    let mut notes = Vec::new();
    for reference in arguments.run.references()? {
        let start = Instant::now();
        let mut comparator = Comparator::start(&reference, arguments.run.options())?;
        let mut stats = Stats::new(comparator.info().label(), comparator.dialect());
        stats.interpreter = Some(reference.argument().to_owned());
        comparator
            .compare(std::slice::from_ref(&case), |case, rust, verdict| stats.count(case, rust, verdict));
        for (_, divergence) in stats.unknown.values_mut() {
            let (smallest, minimized) = minimize_divergence(&mut comparator, divergence, arguments.tries);
            **divergence = smallest;
            let end = if minimized.complete { "nothing more can go" } else { "--tries was reached" };
            notes.push(format!("{}: {} smaller cases were tried; {end}", stats.python, minimized.tries));
        }
        stats.elapsed = start.elapsed();
        all_stats.push(stats);
    }
    let smallest = all_stats.iter().flat_map(|stats| stats.unknown.values()).next();
    let written = match (arguments.output.path(), smallest) {
        (Some(file), Some((_, divergence))) => write_case(file, &divergence.case),
        _ => Ok(()),
    };
    let mut out = stdout();
    match arguments.format.format {
        Format::Text => {
            summary::print(&mut out, &all_stats, arguments.run.verbose, &|case| {
                arguments.patterns.file_of(case)
            })?;
            notes.iter().try_for_each(|note| writeln!(out, "{note}"))?;
        }
        Format::Json => summary::print_json(&mut out, None, &all_stats)?,
    }
    out.flush()?;
    // What was found is printed, whatever becomes of the file.
    written?;
    Ok(summary::status(&all_stats, StrictKnown::default()))
}

fn write_case(file: &Path, case: &Case) -> Result<()> {
    let bytes = if file.extension().is_some_and(|extension| extension == "jsonl") {
        let mut line = Vec::new();
        wire::write_request(&mut line, case, false);
        line.push(b'\n');
        line
    } else {
        let name = || format!("cannot write {}", file.shown());
        case.to_file().map_err(|why| anyhow!("{why}; give -o a name in .jsonl")).with_context(name)?
    };
    atomic_file::write(file, &bytes).with_context(|| format!("cannot write {}", file.shown()))
}
