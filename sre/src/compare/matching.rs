//! `sre compare --match`: compares what patterns match.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, iter};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use sre_case::{Case, Text};
use sre_compiler::Dialect;
use sre_generate::Generator;
use sre_matching::{
    Form, Limits, Matcher, Options, Plan, Program, Runner, Stats, TRIES, commands, run as compare,
};
use sre_oracle::pythons::{Allowed, Python};
use sre_oracle::{Expected, Reference};
use sre_support::visible::Shown;

use super::{Arguments, tested_python};
use crate::compare::matched::{self, Compared};
use crate::expect::note_unseen;
use crate::messages::stdout;
use crate::options::{Format, seconds, whole};
use crate::progress::progress_bar;
use crate::status::Status;

/// Options of a comparison of matches.
#[derive(Args)]
pub(super) struct MatchOptions {
    /// Compare what the patterns match instead of their code: sre-compiler's code with the
    /// interpreter's own, or what --against, --engine or --variants names.
    #[arg(long = "match")]
    pub(super) is_on: bool,
    /// Compare forms of the interpreter's own code, separated by commas: `info`, `prefix`, `first`,
    /// `sets`, `repeats` and `references` (without that part), `positions` (`match` instead of
    /// `search`), `wide` (another width of the subject), or `all`.
    #[arg(long, value_name = "LIST", requires = "is_on", value_delimiter = ',', value_parser = variant,
          conflicts_with_all = ["against", "engine", "target"])]
    variants: Vec<Variants>,
    /// Run sre-compiler's code in another engine: `rustpython` (the program
    /// sre-engine-rustpython), or the path of such a program.
    #[arg(long, value_name = "ENGINE", requires = "is_on", conflicts_with = "against")]
    engine: Option<String>,
    /// Match this text, too. May be repeated.
    #[arg(long = "subject", value_name = "TEXT", requires = "is_on", allow_hyphen_values = true)]
    fixed: Vec<String>,
    /// Number of texts that are made for each pattern.
    #[arg(long, value_name = "N", requires = "is_on", default_value_t = 6, value_parser = whole(0_usize))]
    subjects: usize,
    /// Stop after this time.
    #[arg(long, value_name = "SECONDS", requires = "is_on", value_parser = seconds)]
    seconds: Option<Duration>,
    /// Stop at the first difference.
    #[arg(long, requires = "is_on")]
    first: bool,
}

/// The forms that a word of `--variants` stands for.
#[derive(Clone)]
struct Variants(Vec<Form>);

fn variant(text: &str) -> Result<Variants, String> {
    if text == "all" {
        return Ok(Variants(Form::VARIANTS.to_vec()));
    }
    let form = Form::VARIANTS.into_iter().find(|form| form.option() == text);
    form.map(|form| Variants(vec![form])).ok_or_else(|| {
        let names: Vec<&str> = Form::VARIANTS.into_iter().map(Form::option).collect();
        format!("expected {} or all", names.join(", "))
    })
}

pub(super) fn run(
    arguments: &Arguments,
    fixed: &[Case],
    samples: &[Case],
    expected: Option<&Expected>,
) -> Result<Status> {
    check(arguments)?;
    let options = &arguments.matching;
    let generate = arguments.generate.unwrap_or_default();
    let total = fixed.len() + generate;
    let texts = options.fixed.iter().map(|text| Text::Str(text.chars().map(u32::from).collect()));
    let settings = arguments.run.options();
    let how = Options {
        jobs: settings.jobs.min(total.div_ceil(16)),
        limits: Limits { reply: settings.time_limit, ..Limits::default() },
        subjects: options.subjects,
        seed: arguments.seed,
        fixed: texts.collect(),
        duration: options.seconds,
        only_first: options.first,
    };
    let (mut all, mut all_versions) = (Vec::new(), Vec::new());
    let tested = arguments.against.as_deref().map(tested_python).transpose()?;
    for reference in references(arguments)? {
        let python = reference.python()?;
        let plan = plan(arguments, &python, tested.as_ref())?;
        let versions: Vec<_> = iter::once(&python).chain(&tested).map(|python| python.info.version).collect();
        all_versions.extend_from_slice(&versions);
        let expected = expected.map(|expected| expected.clone().of_versions(&versions));
        let mut generator = Generator::new(arguments.seed).with_samples(samples.to_vec());
        let generated = iter::repeat_with(move || generator.case_to_match()).take(generate);
        let cases = fixed.iter().cloned().chain(generated);
        let bar = progress_bar(&python.info.label(), total);
        let stats = compare(&plan, &how, cases, &|done| bar.inc(done as u64));
        bar.finish_and_clear();
        let stats = stats.map_err(|why| anyhow!(why))?;
        all.push(causes(plan, &how, stats, arguments.divergences.minimize, expected.as_ref())?);
    }
    let mut out = stdout();
    match arguments.format.format {
        Format::Text => matched::print(&mut out, &all)?,
        Format::Json => matched::print_json(&mut out, &all)?,
    }
    out.flush()?;
    let is_seen = |reason: &str| all.iter().any(|compared| compared.stats.expected.contains_key(reason));
    note_unseen(expected, &all_versions, is_seen);
    Ok(if all.iter().all(|compared| compared.stats.is_clean()) { Status::Same } else { Status::Divergence })
}

fn causes(
    plan: Plan,
    how: &Options,
    mut stats: Stats,
    minimize: usize,
    expected: Option<&Expected>,
) -> Result<Compared> {
    let reason_of = |signature: &str| expected?.reason_of_signature(signature).map(str::to_owned);
    let (mut shown, mut crashes) = (Vec::new(), Vec::new());
    if !stats.is_clean() {
        let mut matcher = Matcher::start(&plan, how.limits).map_err(|why| anyhow!(why))?;
        stats.find_unexpected_causes(&mut matcher, minimize, TRIES, false, &reason_of);
        shown = stats.causes.iter().map(|cause| commands(&mut matcher, &cause.difference)).collect();
        crashes = stats.causes.iter().map(|cause| matcher.crash_output(&cause.difference)).collect();
    }
    Ok(Compared { plan, stats, commands: shown, crashes })
}

/// Returns the interpreters. Only where sre-compiler's code is compared with that of the interpreter
/// has it to be one that sre-compiler imitates.
fn references(arguments: &Arguments) -> Result<Vec<Reference>> {
    let MatchOptions { variants, engine, .. } = &arguments.matching;
    if arguments.against.is_some() || engine.is_some() || !variants.is_empty() {
        return arguments.run.pythons.references(Allowed::Any);
    }
    arguments.run.references()
}

/// Refuses an interpreter whose matcher does not run code of the dialect.
fn check_magic(python: &Python, dialect: Dialect) -> Result<()> {
    let (found, magic) = (python.info.magic, dialect.magic());
    if found != magic {
        bail!(
            "--match: {} runs code of magic {found}, and sre-compiler's code as {dialect} is of {magic}; choose a \
             --target with the same, or compare code, without --match",
            python.argument.shown()
        );
    }
    Ok(())
}

fn plan(arguments: &Arguments, python: &Python, tested: Option<&Python>) -> Result<Plan> {
    let options = &arguments.matching;
    let dialect = arguments.run.target.dialect().unwrap_or_else(|| python.info.nearest_dialect());
    if let Some(tested) = tested {
        return Ok(Plan::builds(python, tested));
    }
    if let Some(engine) = &options.engine {
        check_magic(python, dialect)?;
        let path = engine_at(engine)?;
        let runner = Runner::start(&Program::Engine(path.clone()), Limits::default());
        let info = runner.map_err(|why| anyhow!("--engine {}: {why}", engine.shown()))?.info().clone();
        if info.magic != dialect.magic() {
            let (label, magic) = (python.info.label(), dialect.magic());
            bail!(
                "--engine {}: runs code of magic {}, and that of {label} is {magic}; choose an interpreter \
                 with the same by --pythons",
                engine.shown(),
                info.magic
            );
        }
        return Ok(Plan::engine(python, dialect, path, format!("{} {}", info.implementation, info.label())));
    }
    let forms: Vec<Form> = options.variants.iter().flat_map(|Variants(forms)| forms.clone()).collect();
    if forms.is_empty() {
        check_magic(python, dialect)?;
        return Ok(Plan::code(python, dialect));
    }
    Ok(Plan::variants(python, &forms))
}

/// The program for `--engine rustpython`.
const RUSTPYTHON: &str = "sre-engine-rustpython";

/// Returns the program of an engine: next to this one, or on the PATH.
fn engine_at(engine: &str) -> Result<PathBuf> {
    if engine.contains(['/', '\\']) {
        return std::path::absolute(engine).with_context(|| format!("--engine {}", engine.shown()));
    }
    if engine != "rustpython" {
        bail!("--engine {}: unknown engine (known: rustpython, or the path of a program)", engine.shown());
    }
    let name = format!("{RUSTPYTHON}{}", env::consts::EXE_SUFFIX);
    let beside = env::current_exe().ok().and_then(|path| Some(path.parent()?.join(&name)));
    let search = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&search).map(|folder| folder.join(&name));
    beside.into_iter().chain(on_path).find(|path| Path::is_file(path)).ok_or_else(|| {
        anyhow!(
            "--engine rustpython: {RUSTPYTHON} was not found next to sre or on the PATH; \
             in a checkout, `cargo build -p {RUSTPYTHON}` builds it"
        )
    })
}

/// Refuses options that `--match` does not have.
fn check(arguments: &Arguments) -> Result<()> {
    if arguments.divergences.strict.strict_known {
        bail!("--strict-known: --match has no known divergences");
    }
    if arguments.shards.plan().is_some() || arguments.shards.are_used() {
        bail!("--match: cannot be divided into shards yet; use another --seed on each machine instead");
    }
    Ok(())
}
