//! `sre references`: whether CPython's `re` leaves references behind, asked of a debug build.

use std::io::{BufWriter, Write};

use anyhow::{Result, anyhow};
use clap::Args;
use serde_json::{Value, json};
use sre_case::Case;
use sre_generate::{Generator, Subject, Subjects};
use sre_memory::{Left, References, Seen};
use sre_oracle::minimize::minimize;
use sre_oracle::pattern_argument;
use sre_oracle::pythons::{Allowed, Python};
use sre_oracle::shell::quote;
use sre_support::count;
use sre_support::visible::Shown;

use crate::messages::{BAD, GOOD, styled};
use crate::options::{Format, FormatOption, Patterns, Pythons, whole};
use crate::program::this_program;
use crate::progress::progress_bar;
use crate::status::Status;

/// Find references that a debug build of CPython leaves behind
///
/// A debug build of CPython (`./configure --with-pydebug`; Debian's package python3-dbg) counts all
/// references. Each pattern is compiled again and again, and matched with texts made for it, by every
/// method; afterwards as many references and blocks of memory must exist as before, whether the
/// pattern is accepted, warned about or rejected. A failed assertion or a crash is a finding, too.
///
/// Exit status: 0 if nothing is left behind, 1 for a usage or input error, 2 for a finding.
///
/// To test the measurement, SRE_REFERENCES_INJECT=reference in the environment leaves a reference
/// behind for each pattern.
#[derive(Args)]
#[command(mut_arg("pythons", |arg| arg.help("The debug build: a version, or the path of the executable").required(true)))]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    #[command(flatten)]
    python: Pythons,
    /// Generate N cases.
    #[arg(long, value_name = "N", value_parser = whole(1_usize))]
    generate: Option<usize>,
    /// Seed of the generated cases and texts.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole(0_u64))]
    seed: u64,
    /// Number of texts to match each pattern with.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole(0_usize))]
    subjects: usize,
    #[command(flatten)]
    format: FormatOption,
}

/// A finding, with its smallest case.
struct Finding {
    case: Case,
    found_as: Case,
    seen: Seen,
    /// What the interpreter writes if it crashes.
    crash: Vec<String>,
}

/// What was looked at.
#[derive(Default)]
struct Counts {
    cases: usize,
    slow: usize,
    findings: usize,
}

/// Limit of findings that are minimized and shown.
const SHOWN: usize = 5;

/// Limit of attempts to minimize a finding.
const TRIES: usize = 100;

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let cases = match arguments.generate {
        Some(_) => arguments.patterns.cases("references")?,
        None => arguments.patterns.some_cases("references", ", or --generate N")?,
    };
    let python = arguments.python.one(Allowed::Any)?.ok_or_else(|| anyhow!("--pythons is missing"))?;
    let name = python.path.shown().to_string();
    let mut references = References::start(&python).map_err(|why| anyhow!("{name}: {why}"))?;
    let mut generator = Generator::new(arguments.seed);
    let generated = (0..arguments.generate.unwrap_or_default()).map(|_| generator.case());
    let bar = progress_bar(&references.info().label(), cases.len() + arguments.generate.unwrap_or_default());
    let (mut counts, mut findings) = (Counts::default(), Vec::new());
    for case in cases.into_iter().chain(generated) {
        let mut check = |case: &Case| check(&mut references, case, arguments);
        let seen = check(&case)?;
        counts.cases += 1;
        counts.slow += usize::from(seen == Seen::Slow);
        if seen.is_finding() {
            counts.findings += 1;
            if findings.len() < SHOWN {
                let mut found = smallest(case, seen, &mut check)?;
                if matches!(found.seen, Seen::Ended(_)) {
                    let subjects = subjects(&references, &found.case, arguments);
                    found.crash = references.crash_output(&found.case, &subjects);
                }
                findings.push(found);
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut out = BufWriter::new(anstream::stdout().lock());
    let label = references.info().label();
    match arguments.format.format {
        Format::Text => print(&mut out, &label, &python, &counts, &findings)?,
        Format::Json => writeln!(out, "{:#}", as_json(&label, &counts, &findings))?,
    }
    out.flush()?;
    Ok(if counts.findings > 0 { Status::Divergence } else { Status::Same })
}

/// Looks at one case, with the same texts each time.
fn check(references: &mut References, case: &Case, arguments: &Arguments) -> Result<Seen> {
    let subjects = subjects(references, case, arguments);
    references.check(case, &subjects).map_err(|why| anyhow!("{}: {why}", case.excerpt()))
}

fn subjects(references: &References, case: &Case, arguments: &Arguments) -> Vec<Subject> {
    let dialect = references.info().nearest_dialect();
    Subjects::new(arguments.seed).make(case, dialect, arguments.subjects)
}

/// Minimizes a finding; the result is one of the same kind.
fn smallest(case: Case, seen: Seen, check: &mut dyn FnMut(&Case) -> Result<Seen>) -> Result<Finding> {
    let is_crash = |seen: &Seen| matches!(seen, Seen::Ended(_));
    let mut failed = None;
    let mut last = (case.clone(), seen);
    let minimized = minimize(&case, TRIES, &mut |smaller: &Case| match check(smaller) {
        Ok(found) if found.is_finding() && is_crash(&found) == is_crash(&last.1) => {
            last = (smaller.clone(), found);
            true
        }
        Ok(_) => false,
        Err(why) => {
            failed.get_or_insert(why);
            false
        }
    });
    if let Some(why) = failed {
        return Err(why);
    }
    // The last that was found is the smallest, since each step makes the case smaller.
    let (case_found, seen) = last;
    debug_assert!(minimized.case == case_found || minimized.tries == 0);
    Ok(Finding { case: case_found, found_as: case, seen, crash: Vec::new() })
}

fn print(
    out: &mut impl Write,
    label: &str,
    python: &Python,
    counts: &Counts,
    findings: &[Finding],
) -> Result<()> {
    let (label, cases) = (label.shown(), count(counts.cases, "case"));
    match counts.findings {
        0 => writeln!(out, "{label}: {} by {cases}", styled(GOOD, "nothing left behind".to_owned()))?,
        found => writeln!(out, "{label}: {} of {cases}", styled(BAD, count(found, "finding")))?,
    }
    if counts.slow > 0 {
        writeln!(out, "{} not finished: matching took too long", count(counts.slow, "case"))?;
    }
    for Finding { case, found_as, seen, crash } in findings {
        writeln!(out, "\n{}", case.excerpt())?;
        if found_as != case {
            writeln!(out, "  found as   {}", found_as.excerpt())?;
        }
        match seen {
            Seen::Left { compile, matching } => {
                for (what, left) in [("compiling", compile), ("matching", matching)] {
                    if *left != Left::default() {
                        writeln!(out, "  {what:10} leaves {} each time", amount(left))?;
                    }
                }
            }
            Seen::Ended(why) => {
                writeln!(out, "  crash      {}", why.shown())?;
                for line in crash {
                    writeln!(out, "    {}", line.shown())?;
                }
            }
            Seen::Slow => {}
        }
        if let Some(argument) = pattern_argument(case) {
            let python = quote(&python.argument);
            writeln!(out, "  reproduce  {} references --pythons {python} {argument}", this_program())?;
        }
    }
    if counts.findings > findings.len() {
        writeln!(out, "\n{} more not shown", count(counts.findings - findings.len(), "finding"))?;
    }
    Ok(())
}

fn amount(left: &Left) -> String {
    let parts = [(left.references, "reference"), (left.blocks, "block")];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, what)| count(number, what));
    parts.collect::<Vec<_>>().join(" and ")
}

fn as_json(label: &str, counts: &Counts, findings: &[Finding]) -> Value {
    let left = |left: &Left| json!({ "references": left.references, "blocks": left.blocks });
    let finding = |finding: &Finding| {
        let mut value =
            json!({ "case": format!("{:?}", finding.case), "found_as": format!("{:?}", finding.found_as) });
        match &finding.seen {
            Seen::Left { compile, matching } => {
                value["compile"] = left(compile);
                value["match"] = left(matching);
            }
            Seen::Ended(why) => {
                value["crash"] = why.as_str().into();
                value["output"] = finding.crash.as_slice().into();
            }
            Seen::Slow => {}
        }
        value
    };
    json!({
        "python": label,
        "cases": counts.cases,
        "slow": counts.slow,
        "findings": counts.findings,
        "shown": findings.iter().map(finding).collect::<Vec<_>>(),
    })
}
