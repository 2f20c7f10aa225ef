//! `sre soak`: does anything grow or slow down in the long run?

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::{Arc, atomic::AtomicBool};
use std::time::Duration;
use std::{env, io};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use sre_case::{Case, corpus};
use sre_memory::soak;
use sre_memory::soak::{
    CpythonSubject, Curve, Page, Run, RustSubject, Sample, Subject, Verdict, Workload, curves, machine, soak,
};
use sre_oracle::pythons;
use sre_support::visible::Shown;
use sre_support::{atomic_file, count};

use crate::input::{Seen, read_json_lines};
use crate::interpreters::select;
use crate::json::Format;
use crate::replay::default_root;
use crate::status::Status;

/// Compile for a long time, and judge whether memory grows or patterns take longer.
///
/// Compiled are the corpus, if there is one here or above, a recording if one is given, huge patterns, and generated ones,
/// in every dialect, again and again, by a compiler that lives as long as the run, and in between by fresh ones; one
/// pattern in four is new. About once a second live bytes (of the compiling thread, to the byte), the
/// process's resident memory (where /proc tells it) and the time for a fixed set of patterns are noted; the time in
/// relation to that of other work, so that a machine that is busier now and then changes little.
///
/// Through each curve after its warm-up goes a line by Theil and Sen. It is growing (slowing) if the slope's interval of
/// 95 % lies above the threshold, and not if it lies below: 1 byte per 1,000 patterns, a megabyte in a billion; 4 MiB of
/// resident memory an hour, 100 in a day; 5 % of latency an hour, for that doubles in less than a day. In a run of less than
/// that, 1 MiB and 5 % in all, since machines change by as much. Else it is undecided, and the run was too short.
///
/// With --python the same patterns go to CPython, as `re.compile` compiles what its cache does not hold. Live are the
/// blocks that sys.getallocatedblocks counts after a collection; besides, gc.garbage must be empty, and no compiled
/// pattern may be alive that nobody holds.
///
/// Ctrl-C ends early, with the verdicts over what there is. Exit status: 0 nothing grows or slows (or it is undecided),
/// 2 something does, 1 usage or input error.
///
/// To test the detector, SRE_SOAK_INJECT=leak or =retain in the environment loses 16 bytes per 1,000 patterns, the
/// latter within reach.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How long; parts of minutes may be given.
    #[arg(long, value_name = "N", default_value_t = 2.0, allow_negative_numbers = true)]
    minutes: f64,
    /// Soak CPython instead: `3.13.0`, `3.13` (its newest one found), or a path. [default: the newest found]
    #[arg(long, value_name = "PYTHON", num_args = 0..=1, default_missing_value = "")]
    python: Option<String>,
    /// A file of cases as JSON Lines, as `sre record` writes them.
    #[arg(long, value_name = "FILE")]
    jsonl: Vec<PathBuf>,
    /// The seed of the generated patterns.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Where the page with the curves is written to.
    #[arg(long, short, value_name = "FILE", default_value = "soak.html")]
    output: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let duration = Duration::try_from_secs_f64(arguments.minutes * 60.0).ok().filter(|time| !time.is_zero());
    let duration = duration.context("--minutes: a number above 0 is needed")?;
    let name = || format!("cannot write {}", arguments.output.shown());
    atomic_file::check(&arguments.output).with_context(name)?;
    let cases = cases(&arguments.jsonl)?;
    let workload = Workload::new(cases, arguments.seed);
    let mut subject: Box<dyn Subject> = match &arguments.python {
        Some(name) => {
            Box::new(CpythonSubject::start(&interpreter(name)?, workload).map_err(|why| anyhow!(why))?)
        }
        None => Box::new(RustSubject::new(workload, injected_leak()?)),
    };
    let stopped = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    {
        // The second Ctrl-C ends at once.
        use signal_hook::{consts::SIGINT, flag};
        flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&stopped))?;
        flag::register(SIGINT, Arc::clone(&stopped))?;
    }
    let bar = progress_bar(duration);
    let (unit, _) = subject.memory();
    let run = soak(subject.as_mut(), duration, &stopped, &mut |sample| show(&bar, sample, unit));
    bar.finish_and_clear();
    let run = run.map_err(|why| anyhow!(why))?;
    let curves = curves(subject.as_ref(), &run);
    let notes = notes(&run);
    let page = Page { subject: subject.name(), command: command(), notes, curves: &curves };
    let written = atomic_file::write(&arguments.output, page.to_string().as_bytes()).with_context(name);
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => {
            print(&mut out, &page)?;
            if written.is_ok() {
                writeln!(out, "{}", arguments.output.shown())?;
            }
        }
        Format::Json => print_json(&mut out, &page, &run)?,
    }
    out.flush()?;
    // The verdicts are printed, whatever becomes of the page.
    written?;
    let is_worse = |curve: &Curve| curve.verdict() == Verdict::Regressed;
    let failed = run.uncollected > 0 || curves.iter().any(is_worse);
    Ok(if failed { Status::Divergence } else { Status::Same })
}

/// The corpus, if there is one, and recordings.
fn cases(recordings: &[PathBuf]) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    if let Ok(root) = default_root() {
        for file in corpus::files(&root).with_context(|| root.shown().to_string())? {
            cases.push(corpus::read(&file).with_context(|| file.shown().to_string())?);
        }
    }
    let mut seen = Seen::default();
    for file in recordings.iter().filter(|file| seen.is_new(file)) {
        cases.extend(read_json_lines(file)?);
    }
    Ok(cases)
}

fn interpreter(name: &str) -> Result<pythons::Python> {
    let newest = "3";
    let name = if name.is_empty() { newest } else { name };
    let selected = select(&[name.to_owned()])?;
    match <[_; 1]>::try_from(selected) {
        Ok([python]) => Ok(python),
        Err(_) => bail!("one interpreter is soaked at a time"),
    }
}

/// The variable that injects a leak, and the name it had before.
const INJECT: [&str; 2] = ["SRE_SOAK_INJECT", "SRE_SOAK_PLANT"];

/// Returns the name and value of the first variable of [`INJECT`] that is set.
fn injected() -> Option<(&'static str, String)> {
    INJECT.into_iter().find_map(|name| Some((name, env::var(name).ok()?)))
}

fn injected_leak() -> Result<Option<soak::InjectedLeak>> {
    let Some((name, kind)) = injected() else { return Ok(None) };
    kind.parse().map(Some).map_err(|why| anyhow!("{name}: {why}"))
}

fn command() -> String {
    let variable = injected().map(|(name, kind)| format!("{name}={kind} "));
    let arguments: Vec<_> = env::args_os().skip(1).map(|argument| argument.shown().to_string()).collect();
    format!("{}sre {}", variable.unwrap_or_default(), arguments.join(" "))
}

fn notes(run: &Run) -> Vec<String> {
    let mut notes = Vec::new();
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    notes.push(format!("{}; sre {}, {build} build", machine(), env!("CARGO_PKG_VERSION")));
    if let Some(last) = run.samples.last() {
        let (patterns, seconds) = (last.patterns, last.seconds);
        notes.push(format!(
            "{} in {seconds:.1} s, {:.0} a second; {}",
            count(patterns as u64, "pattern"),
            patterns / seconds,
            count(run.samples.len(), "sample")
        ));
    }
    let settled = if run.settled {
        ""
    } else {
        ", in which not every pattern was seen: run longer to trust the verdicts"
    };
    notes.push(format!("the first {:.1} s are warm-up, and left out{settled}", run.warm_up));
    if run.samples.iter().all(|sample| sample.resident.is_none()) {
        notes.push("resident memory: this system does not tell it in /proc".to_owned());
    }
    if run.uncollected > 0 {
        let objects = count(run.uncollected, "object");
        notes.push(format!("{objects} should have been collected, and not"));
    }
    notes
}

fn print(out: &mut impl Write, page: &Page<'_>) -> io::Result<()> {
    writeln!(out, "{}", page.subject)?;
    for note in &page.notes {
        writeln!(out, "  {note}")?;
    }
    for curve in page.curves {
        writeln!(out, "{}\n  {curve}", curve.name)?;
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
        "uncollected": run.uncollected,
        "patterns": run.samples.last().map(|sample| sample.patterns),
        "seconds": run.samples.last().map(|sample| sample.seconds),
        "curves": page.curves.iter().map(curve).collect::<Vec<_>>(),
    });
    Ok(writeln!(out, "{everything:#}")?)
}

/// A bar on standard error, if that is a terminal.
fn progress_bar(duration: Duration) -> ProgressBar {
    let style = ProgressStyle::with_template("soaking [{bar:30}] {pos}/{len} s  {msg}");
    let bar = ProgressBar::new(duration.as_secs());
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn show(bar: &ProgressBar, sample: &Sample, unit: &str) {
    let resident = sample.resident.map(|bytes| format!(", {:.1} MiB resident", bytes / f64::from(1 << 20)));
    bar.set_position(sample.seconds as u64);
    bar.set_message(format!(
        "{}, {} live {unit}{}, {:.2} µs",
        count(sample.patterns as u64, "pattern"),
        sample.memory,
        resident.unwrap_or_default(),
        sample.latency
    ));
}
