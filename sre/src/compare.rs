//! `sre compare`: compares sre-compiler with interpreters.

use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;
use std::{io, iter};

use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use sre_case::Case;
use sre_compiler::Dialect;
use sre_generate::Generator;
use sre_oracle::minimize::minimize_divergence;
use sre_oracle::{CannotCompare, Comparator, Options, Reference, Stats, compare_all, compare_each};

use crate::input::{PatternOptions, Seen, read_json_lines};
use crate::interpreters::{default_reference, select};
use crate::json::Format;
use crate::status::Status;
use crate::summary;

/// Compare the output of sre-compiler and CPython for each pattern.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Case files, folders of case files, or patterns: an argument that is not a file is a pattern.
    #[arg(value_name = "CASES", required_unless_present_any = ["jsonl", "generate", "pattern"])]
    targets: Vec<OsString>,
    /// A pattern, even if a file of that name exists. May be repeated.
    #[arg(long, short = 'e', value_name = "PATTERN", allow_hyphen_values = true)]
    pattern: Vec<OsString>,
    #[command(flatten)]
    options: PatternOptions,
    /// A JSON Lines file of cases, as read by `sre compile --jsonl`.
    #[arg(long, value_name = "FILE")]
    jsonl: Vec<PathBuf>,
    /// Compare N generated cases.
    #[arg(long, value_name = "N")]
    generate: Option<usize>,
    /// Seed of the generated cases; the same seed gives the same cases.
    #[arg(long, default_value_t = 0, requires = "generate")]
    seed: u64,
    /// A JSON Lines file of cases; some of the generated cases are mutations of them.
    #[arg(long, value_name = "FILE", requires = "generate")]
    samples: Option<PathBuf>,
    #[command(flatten)]
    run: RunOptions,
    /// Minimize up to N divergences per interpreter, one per signature.
    #[arg(long, value_name = "N", default_value_t = 3)]
    minimize: usize,
    /// Exit with status 3 if only known divergences were found.
    #[arg(long)]
    strict_known: bool,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Options of a comparison.
#[derive(Args)]
pub(crate) struct RunOptions {
    /// Interpreters, separated by commas: `3.13.0`, `3.13` (its newest release found), `all`,
    /// `embedded`, or paths. [default: the embedded one, or else the newest found]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pythons: Vec<String>,
    /// Number of parallel jobs. [default: one per core]
    #[arg(long, short)]
    jobs: Option<usize>,
    /// Also compare the tree dump, the disassembly, and whether `_sre` accepts the code.
    #[arg(long)]
    debug: bool,
    /// Time limit of an interpreter for one case, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    time_limit: u64,
    /// Compile as this version of CPython regardless of the interpreter, to see differences between
    /// versions.
    #[arg(long, value_name = "VERSION")]
    dialect: Option<Dialect>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let fixed = fixed_cases(arguments)?;
    let samples = arguments.samples.as_deref().map(read_json_lines).transpose()?.unwrap_or_default();
    let options = arguments.run.options();
    let total = fixed.len() + arguments.generate.unwrap_or_default();
    let references = arguments.run.references()?;
    let all_stats = compare_each(&references, total, |reference| {
        let mut generator = Generator::new(arguments.seed).with_samples(samples.clone());
        let generated =
            iter::repeat_with(move || generator.case()).take(arguments.generate.unwrap_or_default());
        let cases = fixed.iter().cloned().chain(generated);
        let bar = progress_bar(&name(reference), total);
        let stats = compare_all(reference, options, cases, &|done| bar.inc(done as u64));
        bar.finish_and_clear();
        let mut stats = stats?;
        minimize_first(reference, options, &mut stats, arguments.minimize)?;
        Ok::<_, CannotCompare>(stats)
    })?;
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => summary::print(&mut out, &all_stats)?,
        Format::Json => summary::print_json(&mut out, None, &all_stats)?,
    }
    out.flush()?;
    Ok(summary::status(&all_stats, arguments.strict_known))
}

/// Limit of attempts to minimize a divergence; they usually take less than a second.
const TRIES: usize = 1000;

/// Minimizes the first `at_most` divergences.
fn minimize_first(
    reference: &Reference,
    options: Options,
    stats: &mut Stats,
    at_most: usize,
) -> Result<(), CannotCompare> {
    if stats.unknown.is_empty() || at_most == 0 {
        return Ok(());
    }
    let mut comparator = Comparator::start(reference, options)?;
    for (_, divergence) in stats.unknown.values_mut().take(at_most) {
        **divergence = minimize_divergence(&mut comparator, divergence, TRIES).0;
    }
    Ok(())
}

fn fixed_cases(arguments: &Arguments) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    let mut seen = Seen::default();
    for target in &arguments.targets {
        cases.extend(arguments.options.cases(target, &mut seen)?);
    }
    for pattern in &arguments.pattern {
        cases.push(arguments.options.case(pattern)?);
    }
    for file in arguments.jsonl.iter().filter(|file| seen.is_new(file)) {
        cases.extend(read_json_lines(file)?);
    }
    Ok(cases)
}

impl RunOptions {
    pub(crate) fn options(&self) -> Options {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        Options {
            jobs: self.jobs.unwrap_or_else(cores),
            debug: self.debug,
            time_limit: Duration::from_secs(self.time_limit.max(1)),
            dialect: self.dialect,
        }
    }

    /// Returns whether no interpreters were given.
    pub(crate) fn has_no_choice(&self) -> bool {
        self.pythons.is_empty()
    }

    /// Returns the requested interpreters, or the default one.
    pub(crate) fn references(&self) -> Result<Vec<Reference>> {
        let mut references = Vec::new();
        if self.pythons.is_empty() {
            references.push(default_reference()?);
            return Ok(references);
        }
        let (embedded, others): (Vec<_>, Vec<_>) =
            self.pythons.iter().cloned().partition(|name| name == "embedded");
        if !embedded.is_empty() {
            references.push(Reference::Embedded);
        }
        if !others.is_empty() {
            references.extend(select(&others)?.into_iter().map(Reference::Python));
        }
        Ok(references)
    }
}

/// The option that selects one interpreter.
#[derive(Args)]
pub(crate) struct Interpreter {
    /// Interpreter: `3.13.0`, `3.13` (its newest release found), `embedded`, `none`, or a path.
    /// [default: the embedded one, or else the newest found, or else none]
    #[arg(long, value_name = "PYTHON")]
    python: Option<String>,
}

impl Interpreter {
    /// Returns the requested interpreter, or the default one if any exists.
    pub(crate) fn reference(&self) -> Result<Option<Reference>> {
        let options =
            |pythons| RunOptions { pythons, jobs: None, debug: false, time_limit: 30, dialect: None };
        match self.python.as_deref() {
            Some("none") => Ok(None),
            Some(name) => Ok(options(vec![name.to_owned()]).references()?.pop()),
            None => Ok(options(Vec::new()).references().ok().and_then(|mut found| found.pop())),
        }
    }
}

pub(crate) fn name(reference: &Reference) -> String {
    match reference {
        Reference::Embedded => "embedded".to_owned(),
        Reference::Python(python) => python.info.label(),
    }
}

/// Returns a progress bar on standard error, which is hidden unless that is a terminal.
pub(crate) fn progress_bar(name: &str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:9} [{bar:30}] {pos}/{len} {per_sec} {eta}");
    let bar = ProgressBar::new(total as u64).with_prefix(name.to_owned());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
