//! `sre soak`: detects memory growth and slowdowns in long runs.

use std::io;
use std::io::Write;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use sre_case::{Case, corpus};
use sre_memory::soak;
use sre_memory::soak::{
    Check, CpythonSubject, Curve, NextStep, Page, Run, RustSubject, Sample, Subject, Verdict, Workload,
    checks, curves, headline, next_steps, soak,
};
use sre_oracle::Reference;
use sre_oracle::pythons::{Allowed, Python};
use sre_oracle::shards::{Job, identity};
use sre_report::{Load, Tone, units::scaled, wrapped};
use sre_support::visible::Shown;
use sre_support::{atomic_file, count, first_variable, grouped};

use crate::corpus::default_root;
use crate::messages::{self, BAD, DOUBTFUL, GOOD, stdout, styled};
use crate::options::{Format, FormatOption, Output, Patterns, Pythons, minutes, whole};
use crate::run_facts::run_facts;
use crate::sharding::{self, Plan, ShardOptions};
use crate::status::Status;

/// Compile for a long time, and detect growing memory and latency
///
/// The patterns are the corpus (if found here or in a parent folder), those given, huge patterns
/// and generated ones. They are compiled repeatedly in every dialect, by one compiler that lives as
/// long as the run and now and then by a fresh one; one pattern in four is new. About once a
/// second, soak samples the live bytes of the compiling thread (exact), the resident memory of the
/// process (where /proc provides it), and the time for a fixed set of patterns, relative to other
/// work, which compensates for a machine that is temporarily busy.
///
/// A Theil-Sen line is fitted to each curve after the warm-up. A curve is growing (slowing) if the
/// slope's 95 % interval lies above the threshold, not growing if it lies below, and otherwise
/// undecided, because the run was too short. Thresholds: 1 byte per 1,000 patterns; 4 MiB of
/// resident memory per hour; 5 % of latency per hour. A run of less than an hour may change by 1
/// MiB and 5 % in total.
///
/// With --python, CPython compiles the same patterns with `re.compile`, without its cache. Live
/// memory is then sys.getallocatedblocks after a collection. What the collector freed is counted
/// (gc.callbacks); it must not find objects that it cannot free (gc.garbage), and no unreferenced
/// pattern may survive a collection.
///
/// Ctrl-C ends the run early, with verdicts on the samples so far. Exit status: 0 if nothing grows
/// or slows down (or it is undecided), 1 for a usage or input error, 2 if something does.
///
/// To test the detector, SRE_SOAK_INJECT=leak or =retain in the environment leaks 16 bytes per
/// 1,000 patterns; the latter stay reachable.
#[derive(Args)]
#[command(mut_arg("pythons", |arg| arg.num_args(0..=1).default_missing_value("newest").help(
    "Soak CPython instead of sre-compiler: `3.13.0`, `3.13` (the newest 3.13 found), or a path; without a \
     value, the newest found"
)), mut_arg("output", |arg| arg.value_name("FILE").default_value("soak.html").help(
    "Output file for the page with the curves"
)))]
pub(crate) struct Arguments {
    /// Duration in minutes; fractions are allowed.
    #[arg(long, value_name = "N", default_value = "2", allow_negative_numbers = true, value_parser = minutes)]
    minutes: Duration,
    #[command(flatten)]
    patterns: Patterns,
    #[command(flatten)]
    python: Pythons,
    /// Seed of the generated patterns.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole(0_u64))]
    seed: u64,
    #[command(flatten)]
    shards: ShardOptions,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    format: FormatOption,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let duration = arguments.minutes;
    let output = arguments.output.path().context("--output is missing")?;
    let name = || format!("cannot write {}", output.shown());
    atomic_file::check(output).with_context(name)?;
    let cases = cases(&arguments.patterns)?;
    let python = arguments.python.one(Allowed::Imitated)?;
    let shards = &arguments.shards;
    let shard = match shards.plan().is_some() || shards.are_used() {
        true => Some(Shard::new(arguments, duration, &cases, python.as_ref())?),
        false => None,
    };
    if let Some(Shard { job, .. }) = &shard {
        if let Some(length) = shards.plan() {
            let mut plan = Plan::new(job.clone(), length);
            plan.add(String::new(), String::new(), Duration::from_secs(1));
            return plan.print(shards.plan_format(arguments.format.format));
        }
        if sharding::soak::is_done(shards, job)? {
            messages::note("this shard is done; `sre merge` prints it");
            return Ok(Status::Same);
        }
    }
    let (duration, seed) =
        shard.as_ref().map_or((duration, arguments.seed), |shard| (shard.duration, shard.seed));
    let workload = Workload::new(cases, seed);
    let mut subject: Box<dyn Subject> = match python {
        Some(python) => Box::new(CpythonSubject::start(&python, workload).map_err(|why| anyhow!(why))?),
        None => Box::new(RustSubject::new(workload, injected_leak()?)),
    };
    let stopped = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    {
        // A second Ctrl-C ends the process at once.
        use signal_hook::{consts::SIGINT, flag};
        flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&stopped))?;
        flag::register(SIGINT, Arc::clone(&stopped))?;
    }
    let bar = progress_bar(duration);
    let (unit, _) = subject.memory();
    let load = Load::start();
    let run = soak(subject.as_mut(), duration, &stopped, &mut |sample| show(&bar, sample, unit));
    bar.finish_and_clear();
    let run = run.map_err(|why| anyhow!(why))?;
    let curves = curves(subject.as_ref(), &run);
    let (checks, name_of_subject) = (checks(&curves, &run), subject.name());
    let patterns = run.samples.last().map_or(0, |last| last.patterns as u64);
    if let Some(Shard { job, start, name, identity, .. }) = shard {
        if stopped.load(Ordering::Relaxed) {
            messages::warning("interrupted: the state does not have this shard, which begins anew");
        } else {
            let (subject, checks) = (name_of_subject.clone(), checks.clone());
            let soak = sharding::soak::Soak { start, subject, patterns, checks };
            sharding::soak::store(shards, job, &name, &identity, soak)?;
        }
    }
    let next = next_steps(&checks, &run);
    let page = Page {
        subject: name_of_subject,
        patterns,
        facts: facts(&run),
        warnings: load.usage().warning().into_iter().collect(),
        checks: &checks,
        curves: &curves,
        next: &next,
    };
    let written = atomic_file::write(output, page.document().as_bytes()).with_context(name);
    let mut out = stdout();
    match arguments.format.format {
        Format::Text => {
            print(&mut out, &page)?;
            if written.is_ok() {
                writeln!(out, "page: {}", output.shown())?;
            }
        }
        Format::Json => print_json(&mut out, &page, &run)?,
    }
    out.flush()?;
    // Print the verdicts even if writing the page failed.
    written?;
    let failed = checks.iter().any(|check| check.verdict == Verdict::Regressed);
    Ok(if failed { Status::Divergence } else { Status::Same })
}

/// A part of a soak: the time is divided, and each part has a seed of its own.
struct Shard {
    job: Job,
    start: u64,
    duration: Duration,
    seed: u64,
    /// The interpreter and its identity; empty for sre-compiler.
    name: String,
    identity: String,
}

impl Shard {
    fn new(arguments: &Arguments, whole: Duration, cases: &[Case], python: Option<&Python>) -> Result<Shard> {
        let seconds = whole.as_secs();
        ensure!(seconds > 0, "--shard, --state and --plan: a soak of at least a second is expected");
        let mut input = vec![arguments.seed.to_le_bytes().to_vec()];
        input.extend(cases.iter().map(Case::encode));
        let range = arguments.shards.range(seconds);
        let identity = python.map(|python| identity(&Reference::Python(python.clone()))).transpose()?;
        Ok(Shard {
            job: sharding::soak::of(seconds, &input),
            start: range.start,
            duration: Duration::from_secs(range.end - range.start),
            seed: arguments.seed.wrapping_add(range.start),
            name: python.map(|python| python.info.label()).unwrap_or_default(),
            identity: identity.unwrap_or_default(),
        })
    }
}

/// Returns the cases of the corpus, if there is one, and those given.
fn cases(patterns: &Patterns) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    if let Ok(root) = default_root() {
        for file in corpus::files(&root).with_context(|| root.shown().to_string())? {
            cases.push(corpus::read(&file).with_context(|| file.shown().to_string())?);
        }
    }
    cases.extend(patterns.cases("soak")?);
    Ok(cases)
}

/// The variable that injects a leak, and the name it had before.
const INJECT: [&str; 2] = ["SRE_SOAK_INJECT", "SRE_SOAK_PLANT"];

/// Returns the name and value of the first variable of [`INJECT`] that is set.
fn injected() -> Option<(&'static str, String)> {
    first_variable(&INJECT)
}

fn injected_leak() -> Result<Option<soak::InjectedLeak>> {
    let Some((name, kind)) = injected() else { return Ok(None) };
    kind.parse().map(Some).map_err(|why| anyhow!("{name}: {why}"))
}

/// Returns what was run, with the command and the machine.
fn facts(run: &Run) -> Vec<(&'static str, String)> {
    let mut facts = run_facts();
    if let (Some((name, kind)), Some((_, command))) = (injected(), facts.first_mut()) {
        *command = format!("{name}={kind} {command}");
    }
    if let Some(last) = run.samples.last() {
        let (patterns, seconds) = (last.patterns, last.seconds);
        facts.push((
            "Run",
            format!(
                "{} in {seconds:.1} s, {} a second; {}",
                count(patterns as u64, "pattern"),
                grouped((patterns / seconds) as u64),
                count(run.samples.len(), "sample")
            ),
        ));
    }
    let settled = if run.settled { "" } else { "; too short to compile every pattern: run longer" };
    facts.push(("Warm-up", format!("the first {:.1} s are not fitted{settled}", run.warm_up)));
    if run.samples.iter().all(|sample| sample.resident.is_none()) {
        facts.push(("Resident memory", "not available: this system has no /proc".to_owned()));
    }
    facts
}

fn print(out: &mut impl Write, page: &Page<'_>) -> io::Result<()> {
    let headline = headline(&page.subject, page.checks, page.patterns);
    let style = match headline.tone {
        Tone::Good => GOOD,
        Tone::Bad => BAD,
        Tone::Open | Tone::Plain => DOUBTFUL,
    };
    writeln!(out, "{}\n{}", styled(style, &headline.text), headline.detail)?;
    for warning in &page.warnings {
        writeln!(out, "{}", wrapped(&format!("warning: {warning}"), "  "))?;
    }
    writeln!(out)?;
    for Check { name, word, figures, .. } in page.checks {
        writeln!(out, "{name}: {word}\n    {figures}")?;
    }
    if !page.next.is_empty() {
        writeln!(out, "\nnext:")?;
        for NextStep { shows, command } in page.next {
            writeln!(out, "{}\n    {command}", wrapped(&format!("  {shows}:"), "  "))?;
        }
    }
    writeln!(out)?;
    for (word, text) in &page.facts {
        writeln!(out, "{word}: {text}")?;
    }
    Ok(())
}

fn print_json(out: &mut impl Write, page: &Page<'_>, run: &Run) -> Result<()> {
    let curve = |curve: &Curve| {
        let fit = curve.fit.map(|fit| json!({ "slope": fit.slope, "lower": fit.lower, "upper": fit.upper }));
        json!({
            "name": curve.name,
            "verdict": curve.verdict(),
            "fit": fit,
            "unit": curve.slope_unit,
            "threshold": curve.threshold,
        })
    };
    let everything = json!({
        "subject": page.subject,
        "warm_up": run.warm_up,
        "settled": run.settled,
        "objects": run.objects,
        "patterns": run.samples.last().map(|sample| sample.patterns),
        "seconds": run.samples.last().map(|sample| sample.seconds),
        "curves": page.curves.iter().map(curve).collect::<Vec<_>>(),
        "checks": page.checks,
        "next": page.next,
    });
    Ok(writeln!(out, "{everything:#}")?)
}

/// Returns a progress bar on standard error, which is hidden unless that is a terminal.
fn progress_bar(duration: Duration) -> ProgressBar {
    let style = ProgressStyle::with_template("[{bar:10}] {pos}/{len} s  {msg}");
    let bar = ProgressBar::new(duration.as_secs());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn show(bar: &ProgressBar, sample: &Sample, unit: &str) {
    let resident = sample.resident.map(|bytes| format!(", {:.1} MiB", bytes / f64::from(1 << 20)));
    bar.set_position(sample.seconds as u64);
    bar.set_message(format!(
        "{} patterns, {} live {unit}{}, {:.2} µs",
        scaled(sample.patterns as u64),
        sample.memory,
        resident.unwrap_or_default(),
        sample.latency
    ));
}
