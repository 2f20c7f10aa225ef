//! `sre compare`: compares sre-compiler with interpreters.

use std::io::Write;
use std::iter;
use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Args;
use sre_generate::Generator;
use sre_oracle::minimize::minimize_causes;
use sre_oracle::pythons::{self, Python};
use sre_oracle::{CannotCompare, Comparator, Options, Reference, Stats, compare_all, compare_each};

use crate::input::read_json_lines;
use crate::interpreters::{name, select};
use crate::messages::stdout;
use crate::options::{Format, FormatOption, Patterns, RunOptions, whole};
use crate::progress::progress_bar;
use crate::status::Status;
use crate::summary;

/// Compare patterns with CPython interpreters
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    patterns: Patterns,
    /// Compare N generated cases.
    #[arg(long, value_name = "N", value_parser = whole(1_usize))]
    generate: Option<usize>,
    /// Seed of the generated cases; the same seed gives the same cases.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "generate", value_parser = whole(0_u64))]
    seed: u64,
    /// A JSON Lines file of cases; some of the generated cases are mutations of them.
    #[arg(long, value_name = "FILE", requires = "generate")]
    samples: Option<PathBuf>,
    /// Compare the interpreters with this one instead of sre-compiler: a version or a path, such as
    /// a build of your own. It may be one that sre-compiler does not imitate.
    #[arg(long, value_name = "PYTHON", conflicts_with = "target")]
    against: Option<String>,
    #[command(flatten)]
    run: RunOptions,
    /// Minimize up to N divergences per interpreter, one per cause.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole(0_usize))]
    minimize: usize,
    /// Exit with status 3 if only known divergences were found.
    #[arg(long)]
    strict_known: bool,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let fixed = match arguments.generate {
        Some(_) => arguments.patterns.cases("compare")?,
        None => arguments.patterns.some_cases("compare", ", or --generate N")?,
    };
    let samples = arguments.samples.as_deref().map(read_json_lines).transpose()?.unwrap_or_default();
    let options = arguments.run.options();
    let total = fixed.len() + arguments.generate.unwrap_or_default();
    let mut references = arguments.run.references()?;
    if let Some(tested) = &arguments.against {
        references = pairs(references, tested)?;
    }
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
    let mut out = stdout();
    match arguments.format.format {
        Format::Text => summary::print(&mut out, &all_stats, arguments.run.verbose)?,
        Format::Json => summary::print_json(&mut out, None, &all_stats)?,
    }
    out.flush()?;
    Ok(summary::status(&all_stats, arguments.strict_known))
}

/// Pairs each interpreter with the tested one.
fn pairs(references: Vec<Reference>, tested: &str) -> Result<Vec<Reference>> {
    let tested = if tested.contains(['/', '\\']) {
        pythons::at(tested).map_err(|why| anyhow!("--against {why}"))?
    } else {
        let [tested] = <[Python; 1]>::try_from(select(&[tested.to_owned()])?).map_err(|found| {
            anyhow!("--against {tested}: one interpreter is expected, not {}", found.len())
        })?;
        tested
    };
    references.into_iter().map(|reference| Ok(reference.against(tested.clone())?)).collect()
}

/// Limit of attempts to minimize a divergence; they usually take less than a second.
const TRIES: usize = 1000;

/// Minimizes the smallest divergence of up to `at_most` causes.
fn minimize_first(
    reference: &Reference,
    options: Options,
    stats: &mut Stats,
    at_most: usize,
) -> Result<(), CannotCompare> {
    if stats.unknown.is_empty() {
        return Ok(());
    }
    let mut comparator = Comparator::start(reference, options)?;
    minimize_causes(&mut comparator, stats, at_most, TRIES);
    Ok(())
}
