//! `cargo xtask fuzz`.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use anyhow::{Context as _, Result};
use clap::Args;
use sre_support::count;
use sre_support::visible::Shown;

use crate::run::{Build, Report, Run, seeds};
use crate::setup::{Python, Toolchain, cargo_fuzz, cxx_compiler};
use crate::shell::{files, quote, root};
use crate::watch::{Figures, Watch};

/// Fuzz one target, for a minute unless told otherwise.
///
/// Installs what is missing: cargo-fuzz and a nightly toolchain. Needs rustup, a C++ compiler and python3 (PYO3_PYTHON
/// names another interpreter). Findings are minimized and kept in fuzz/artifacts, each with the commands that show it.
///
/// Builds go to target/fuzz. To build a target by hand and share that build:
/// cargo fuzz build differential --sanitizer leak --target-dir target/fuzz --target HOST, where HOST is the one that
/// `rustc -vV` prints.
///
/// Exit status: 0 nothing found; 1 cannot run; 2 a divergence, a leak, retained memory or a crash was found.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What to fuzz: the compiler against CPython, or the compiler alone in every dialect.
    #[arg(long, value_name = "T", value_parser = ["differential", "compile"], default_value = "differential")]
    target: String,
    /// How long, in minutes.
    #[arg(long, value_name = "M", value_parser = minutes)]
    minutes: Option<f64>,
    /// How long, in seconds. [default: 60]
    #[arg(long, value_name = "S")]
    seconds: Option<u64>,
    /// How many processes, which share a corpus.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    jobs: u32,
    /// Arguments for libFuzzer.
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) libfuzzer: Vec<String>,
}

fn minutes(text: &str) -> Result<f64> {
    let minutes = text.parse().ok().filter(|minutes: &f64| minutes.is_finite() && *minutes > 0.0);
    minutes.context("a number above 0 is needed")
}

impl Arguments {
    fn duration(&self) -> u64 {
        self.seconds.or(self.minutes.map(|minutes| (minutes * 60.0) as u64)).unwrap_or(60).max(1)
    }
}

pub(crate) fn command(arguments: Arguments) -> Result<ExitCode> {
    let seconds = arguments.duration();
    let toolchain = Toolchain::find()?;
    let how = if toolchain.bootstrap { " with RUSTC_BOOTSTRAP=1" } else { "" };
    println!("toolchain     {}{how}", toolchain.name);
    println!("C++ compiler  {}", cxx_compiler()?);
    println!("fuzzer        {}", cargo_fuzz(&toolchain)?);
    let mut embedded = true;
    if arguments.target == "differential" {
        let python = Python::find()?;
        embedded = python.library.is_some();
        println!("python        {} {}", python.version, how_linked(&python));
    } else if !Python::find().is_ok_and(|python| python.library.is_some()) {
        embedded = false;
    }
    println!("building      with the leak sanitizer");
    let programs = Build { toolchain: &toolchain, embedded, plant: "" }.build(None)?;

    let corpus = root().join("fuzz/corpus").join(&arguments.target);
    let artifacts = root().join("fuzz/artifacts").join(&arguments.target);
    if seeds().is_empty() {
        println!("no seeds: corpus/seeds is missing; starting from nothing");
    }
    println!("fuzzing       {} s, {}", seconds, count(arguments.jobs, "job"));
    let run = Run {
        program: programs.join(&arguments.target),
        name: arguments.target.clone(),
        seconds,
        jobs: arguments.jobs,
        corpus,
        keep: Some(artifacts.clone()),
        artifacts,
        seeds: seeds(),
        environment: Vec::new(),
        arguments: arguments.libfuzzer,
    };
    let mut line = Live::new();
    let report = run.run(|watch, figures, time| line.show(watch, figures, time))?;
    line.end();
    summarize(&run, &report, embedded);
    Ok(ExitCode::from(if report.is_clean() { 0 } else { 2 }))
}

fn how_linked(python: &Python) -> &'static str {
    match python.library {
        Some(_) => "in process",
        None => {
            "as a child process, which is slower: it has no shared library to link \
             (one comes with python3-dev, or is built with --enable-shared)"
        }
    }
}

/// The line that changes while it runs; without a terminal a new one now and then.
struct Live {
    terminal: bool,
    last: Duration,
    executions: u64,
}

impl Live {
    fn new() -> Live {
        Live { terminal: io::stdout().is_terminal(), last: Duration::ZERO, executions: 0 }
    }

    fn show(&mut self, watch: &Watch, figures: &Figures, time: Duration) {
        let since = time.saturating_sub(self.last);
        if !self.terminal && since < Duration::from_secs(10) {
            return;
        }
        let inputs = figures.get("inputs");
        let rate = (inputs.saturating_sub(self.executions)) as f64 / since.as_secs_f64().max(0.001);
        (self.last, self.executions) = (time, inputs);
        let line = format!(
            "{:4} s  {rate:6.0}/s  corpus {}  inputs {inputs}  accepted alike {}  rejected alike {}  \
             divergences {} known, {} unknown",
            time.as_secs(),
            watch.corpus,
            figures.get("accepted alike"),
            figures.get("rejected alike"),
            figures.get("known divergences"),
            figures.get("unknown divergences"),
        );
        if self.terminal {
            print!("\r\x1b[K{line}");
            let _ = io::stdout().flush();
        } else {
            println!("{line}");
        }
    }

    fn end(&self) {
        if self.terminal {
            println!();
        }
    }
}

impl Report {
    /// Nothing was found, and the run ended as it should.
    pub(crate) fn is_clean(&self) -> bool {
        self.status.success() && self.watch.is_clean()
    }

    /// What was found, in a line each.
    pub(crate) fn findings(&self) -> Vec<String> {
        let watch = &self.watch;
        let mut lines: Vec<_> =
            watch.findings.iter().map(|(kind, signature)| format!("{kind}: {signature}")).collect();
        if watch.leaks > 0 && watch.count("leak") == 0 {
            lines.push("leak: reported by the leak sanitizer".to_owned());
        }
        match &watch.crash {
            // The target aborts after a report of its own.
            Some(what) if watch.findings.is_empty() => lines.push(format!("crash: {what}")),
            _ if lines.is_empty() && !self.status.success() => lines.push(format!("crash: {}", self.status)),
            _ => {}
        }
        lines
    }
}

fn summarize(run: &Run, report: &Report, embedded: bool) {
    let figures = &report.figures;
    let seconds = report.time.as_secs_f64().max(0.001);
    let inputs = figures.get("inputs");
    let share = |name: &str| {
        let count = figures.get(name);
        format!("{count} ({:.1} %)", 100.0 * count as f64 / inputs.max(1) as f64)
    };
    println!("\n{} in {seconds:.0} s", run.name);
    println!("  inputs              {inputs} ({:.0}/s)", inputs as f64 / seconds);
    println!("  accepted alike      {}", share("accepted alike"));
    println!("  rejected alike      {}", share("rejected alike"));
    let theirs = figures.get("microseconds of CPython") as f64;
    if theirs > 0.0 {
        println!("  known divergences   {}", figures.get("known divergences"));
        println!(
            "  unknown divergences {} of {}",
            figures.get("unknown divergences"),
            count(report.watch.count("unknown divergence"), "signature")
        );
        let each = |name: &str| figures.get(name) as f64 / inputs.max(1) as f64;
        println!(
            "  processor time      {:.0} µs an input: {:.0} in CPython with its marks, {:.1} in ours; {:.2} times CPython",
            each("microseconds in all"),
            each("microseconds of CPython"),
            each("microseconds of ours"),
            figures.get("microseconds in all") as f64 / theirs,
        );
    }
    let leaks = report.watch.leaks.max(report.watch.count("leak") as u64);
    println!("  leaks               {leaks}");
    println!("  retained memory     {}", report.watch.count("retained memory"));
    let (edges, kept) = (report.watch.coverage, report.watch.corpus);
    println!("  coverage            {}, {} kept", count(edges, "edge"), count(kept, "input"));
    if report.is_clean() {
        println!("clean");
        return;
    }
    for finding in report.findings() {
        println!("found: {}", finding.shown());
    }
    for artifact in &report.watch.artifacts {
        println!("input: {}", artifact.shown());
        let manifest = quote(&root().join("Cargo.toml").to_string_lossy());
        let (target, file) = (&run.name, quote(&root().join(artifact).to_string_lossy()));
        println!(
            "  replay: cargo run --quiet --manifest-path {} --package sre-fuzz{} --bin {target} -- {}",
            manifest.shown(),
            if embedded { "" } else { " --no-default-features" },
            file.shown()
        );
    }
    for folder in run.keep.iter().flat_map(|keep| written(keep, report)) {
        println!("kept:  {}", folder.shown());
        let commands = fs::read_to_string(folder.join("show.sh")).unwrap_or_default();
        for command in commands.lines().filter(|line| !line.starts_with('#')) {
            println!("  {}", command.shown());
        }
    }
    println!("everything that was printed: {}", report.log.shown());
}

/// The folders of findings that this run has written.
fn written(keep: &Path, report: &Report) -> Vec<PathBuf> {
    let Some(begin) = SystemTime::now().checked_sub(report.time) else { return Vec::new() };
    let is_new =
        |file: &PathBuf| fs::metadata(file).and_then(|m| m.modified()).is_ok_and(|time| time >= begin);
    let cases = files(keep).into_iter().filter(|file| file.ends_with("minimal.case") && is_new(file));
    cases.filter_map(|case| case.parent().map(Path::to_owned)).collect()
}
