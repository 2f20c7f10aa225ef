//! `sre compare`: compares sre-compiler with interpreters.

mod matched;
mod matching;

use std::iter;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use sre_case::Case;
use sre_generate::Generator;
use sre_oracle::minimize::minimize_causes;
use sre_oracle::pythons::{Allowed, Python};
use sre_oracle::shards::{Source, State, identity};
use sre_oracle::{CannotCompare, Comparator, Expected, Options, Reference, Stats, compare_all, compare_each};
use sre_support::visible::Shown;

use crate::expect::{apply, is_seen, note_unseen, read_expected, versions};
use crate::input::read_json_lines;
use crate::interpreters::{self, name, select};
use crate::messages;
use crate::options::{DivergenceOptions, FormatOption, Patterns, RunOptions, whole};
use crate::progress::progress_bar;
use crate::sharding::{self, CaseJob, ShardOptions, job, status_with_missing};
use crate::status::Status;
use crate::summary;

/// Compare patterns with CPython interpreters
///
/// Exit status: 0 if there is no unknown divergence, 1 for a usage or input error, or if an
/// interpreter gave no answer (it took too long, or was killed), 2 for a divergence, or if an
/// interpreter crashed, 3 for known divergences with --strict-known.
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
    /// a build of your own. Both sides may be interpreters that sre-compiler does not imitate.
    #[arg(long, value_name = "PYTHON", conflicts_with = "target")]
    against: Option<String>,
    /// Divergences that are expected, with the reason of each: a TOML file of `[[expect]]` entries
    /// with `reason` and `signature` or `cause`, as reports print them (`*` stands for any text).
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
    #[command(flatten)]
    shards: ShardOptions,
    #[command(flatten)]
    matching: matching::MatchOptions,
    #[command(flatten)]
    run: RunOptions,
    #[command(flatten)]
    divergences: DivergenceOptions,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let fixed = match arguments.generate {
        Some(_) => arguments.patterns.cases("compare")?,
        None => arguments.patterns.some_cases("compare", ", or --generate N")?,
    };
    let samples = arguments.samples.as_deref().map(read_json_lines).transpose()?.unwrap_or_default();
    let expected = arguments.expect.as_deref().map(read_expected).transpose()?;
    if arguments.matching.is_on {
        return matching::run(arguments, &fixed, &samples, expected.as_ref());
    }
    let options = arguments.run.options();
    let total = fixed.len() + arguments.generate.unwrap_or_default();
    let references = match &arguments.against {
        Some(tested) => pairs(arguments.run.pythons.references(Allowed::Any)?, tested)?,
        None => arguments.run.references()?,
    };
    if arguments.shards.plan().is_some() || arguments.shards.are_used() {
        return in_shards(arguments, &fixed, samples, references, expected.as_ref());
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
        if let Some(expected) = &expected {
            apply(expected, reference, &mut stats)?;
        }
        minimize_first(reference, options, &mut stats, arguments.divergences.minimize)?;
        Ok::<_, CannotCompare>(stats)
    })?;
    let file_of = |case: &Case| arguments.patterns.file_of(case);
    sharding::print(arguments.format.format, &all_stats, arguments.run.verbose, &file_of)?;
    let versions: Vec<_> = references.iter().map(versions).collect::<Result<Vec<_>, _>>()?.concat();
    note_unseen(expected.as_ref(), &versions, is_seen(&all_stats));
    Ok(summary::status(&all_stats, arguments.divergences.strict))
}

/// Compares a part of the cases, or plans that.
fn in_shards(
    arguments: &Arguments,
    fixed: &[Case],
    samples: Vec<Case>,
    references: Vec<Reference>,
    expected: Option<&Expected>,
) -> Result<Status> {
    let Arguments { shards, run, .. } = arguments;
    let generated = arguments.generate.unwrap_or_default() as u64;
    let total = fixed.len() as u64 + generated;
    let mut input =
        vec![run.what_is_compared().into_bytes(), arguments.against.clone().unwrap_or_default().into()];
    input.push(format!("{} fixed, {generated} of seed {}", fixed.len(), arguments.seed).into_bytes());
    input.extend(fixed.iter().chain(&samples).map(Case::encode));
    let job = CaseJob {
        job: job("compare", total, "case", &input),
        is_growing: false,
        infers: false,
        source: source(fixed, Generator::new(arguments.seed).with_samples(samples)),
        references: references.clone(),
        run,
        shards,
    };
    if let Some(length) = shards.plan() {
        return job.plan(length)?.print(shards.plan_format(arguments.format.format));
    }
    let (_, mut all_stats, missing) = job.compare()?;
    for (reference, stats) in references.iter().zip(&mut all_stats) {
        if let Some(expected) = expected {
            apply(expected, reference, stats)?;
        }
        minimize_first(reference, run.options(), stats, arguments.divergences.minimize)?;
    }
    sharding::print(arguments.format.format, &all_stats, run.verbose, &|case| {
        arguments.patterns.file_of(case)
    })?;
    Ok(status_with_missing(&missing, summary::status(&all_stats, arguments.divergences.strict)))
}

/// Returns the cases by number: those given, then the generated ones.
fn source<'c>(fixed: &'c [Case], first: Generator) -> Box<Source<'c>> {
    let (mut generator, mut position) = (first.clone(), 0);
    Box::new(move |range| {
        let given = fixed.len() as u64;
        let at = |number: u64| number.min(given) as usize;
        let mut cases = fixed[at(range.start)..at(range.end)].to_vec();
        let wanted = range.start.saturating_sub(given)..range.end.saturating_sub(given);
        if wanted.is_empty() {
            return cases;
        }
        if position > wanted.start {
            (generator, position) = (first.clone(), 0);
        }
        generator.skip(wanted.start - position);
        position = wanted.end;
        cases.extend(wanted.map(|_| generator.case()));
        cases
    })
}

/// Minimizes divergences of merged states, with the interpreters found here that are the same.
pub(crate) fn minimize_merged(state: &mut State<Stats>, at_most: usize) {
    for part in &mut state.parts {
        let Some((_, found)) = part.results.unknown.values().next() else { continue };
        let (argument, tested) = (found.interpreter.clone(), found.tested.clone());
        let argument = argument.unwrap_or_else(|| part.name.clone());
        let minimized = same_reference(&argument, tested.map(|tested| tested.argument), &part.identity)
            .and_then(|reference| {
                let dialect = Some(part.results.dialect);
                let options = Options { jobs: 1, debug: false, time_limit: Duration::from_secs(30), dialect };
                Ok(minimize_first(&reference, options, &mut part.results, at_most)?)
            });
        if let Err(why) = minimized {
            messages::note(format_args!(
                "not minimized: {}: {}",
                part.name.shown(),
                format!("{why:#}").shown()
            ));
        }
    }
}

/// Returns an interpreter by its argument, if it is the one of the states.
fn same_reference(argument: &str, tested: Option<String>, expected: &str) -> Result<Reference> {
    let mut reference = match argument {
        "embedded" => Reference::Embedded,
        _ => Reference::Python(
            select(&[argument.to_owned()], Allowed::Any)?.pop().context("no such interpreter")?,
        ),
    };
    if let Some(tested) = tested {
        reference = pairs(vec![reference], &tested)?.pop().context("no such interpreter")?;
    }
    ensure!(identity(&reference)? == expected, "the one found here is another build");
    Ok(reference)
}

/// Pairs each interpreter with the tested one.
fn pairs(references: Vec<Reference>, tested: &str) -> Result<Vec<Reference>> {
    let tested = tested_python(tested)?;
    references.into_iter().map(|reference| Ok(reference.against(tested.clone())?)).collect()
}

/// Returns the interpreter that `--against` names.
fn tested_python(tested: &str) -> Result<Python> {
    if tested.contains(['/', '\\']) {
        return interpreters::at(tested).map_err(|why| anyhow!("--against {why}"));
    }
    let [tested] = <[Python; 1]>::try_from(select(&[tested.to_owned()], Allowed::Any)?)
        .map_err(|found| anyhow!("--against {tested}: one interpreter is expected, not {}", found.len()))?;
    Ok(tested)
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
