//! `cargo xtask fuzz`.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use std::{fs, io};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use sre_support::visible::Shown;
use sre_support::{count, grouped};

use crate::libfuzzer_log::{Cause, LibfuzzerLog, Stats};
use crate::run::{Build, Report, Run, seeds};
use crate::setup::{Python, Toolchain, cargo_fuzz, cxx_compiler};
use crate::shell::{quote, root};

/// Fuzz one target, for a minute by default.
///
/// Installs what is missing: cargo-fuzz and a nightly toolchain. Needs rustup, a C++ compiler and python3 (PYO3_PYTHON
/// names another interpreter). Findings are grouped by cause; the smallest case of each cause is
/// written to fuzz/artifacts, with the commands that show it.
///
/// Builds go to target/fuzz. To build a target by hand and share that build:
/// cargo fuzz build differential --sanitizer leak --target-dir target/fuzz --target HOST, where HOST
/// is the one that `rustc -vV` prints.
///
/// Exit status: 0 nothing found; 1 cannot run; 2 a divergence, a leak, retained memory or a crash was found.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What to fuzz: the compiler against CPython, the compiler alone in every dialect, or what
    /// patterns match.
    #[arg(long, value_name = "T", value_parser = ["differential", "compile", "match"], default_value = "differential")]
    target: String,
    /// Compare the interpreter at this path with the one of --test, instead of the compiler with
    /// the linked one. It needs no shared library.
    #[arg(long, value_name = "PYTHON", requires = "test")]
    reference: Option<PathBuf>,
    /// The tested interpreter, such as a build of your own; it may be one that has no dialect.
    #[arg(long, value_name = "PYTHON", requires = "reference")]
    test: Option<PathBuf>,
    /// The divergences between the two that are expected: a file as `sre compare --expect` takes it.
    /// With --target match, the differences that are; the default is findings/expected.toml.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
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
    /// Returns the environment that names the two interpreters, by absolute paths.
    fn environment(&self) -> Result<Vec<(&'static str, String)>> {
        let named = [
            ("SRE_FUZZ_REFERENCE", &self.reference),
            ("SRE_FUZZ_TEST", &self.test),
            ("SRE_FUZZ_EXPECT", &self.expect),
        ];
        let mut environment = Vec::new();
        for (name, path) in named {
            let Some(path) = path else { continue };
            match (self.target.as_str(), name) {
                ("match", "SRE_FUZZ_EXPECT") => {}
                ("differential", _) => ensure!(self.test.is_some(), "--expect: --test is missing"),
                _ => bail!(
                    "--reference and --test are for --target differential, and --expect is for it and for match"
                ),
            }
            let path = std::path::absolute(path)?;
            ensure!(path.is_file(), "{}: no such file", path.shown());
            let path = path.to_str().with_context(|| format!("{}: not UTF-8", path.shown()))?;
            environment.push((name, path.to_owned()));
        }
        Ok(environment)
    }

    fn duration(&self) -> u64 {
        self.seconds.or(self.minutes.map(|minutes| (minutes * 60.0) as u64)).unwrap_or(60).max(1)
    }
}

pub(crate) fn command(arguments: Arguments) -> Result<ExitCode> {
    let seconds = arguments.duration();
    let environment = arguments.environment()?;
    let toolchain = Toolchain::find()?;
    let how = if toolchain.bootstrap { " with RUSTC_BOOTSTRAP=1" } else { "" };
    println!("toolchain     {}{how}", toolchain.name);
    println!("C++ compiler  {}", cxx_compiler()?);
    println!("fuzzer        {}", cargo_fuzz(&toolchain)?);
    let mut embedded = true;
    if arguments.target != "compile" {
        let python = Python::find()?;
        embedded = python.library.is_some();
        println!("python        {} {}", python.version, how_linked(&python));
    } else if !Python::find().is_ok_and(|python| python.library.is_some()) {
        embedded = false;
    }
    println!("building      with the leak sanitizer");
    let programs = Build { toolchain: &toolchain, embedded, defect: "" }.build(None)?;

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
        environment,
        arguments: arguments.libfuzzer,
    };
    let mut line = Live::new();
    let report = run.run(|libfuzzer, stats, time| line.show(libfuzzer, stats, time))?;
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

/// The line that changes during a run. Without a terminal, there is a new one every ten seconds.
struct Live {
    terminal: bool,
    last: Duration,
    executions: u64,
}

impl Live {
    fn new() -> Live {
        Live { terminal: io::stdout().is_terminal(), last: Duration::ZERO, executions: 0 }
    }

    fn show(&mut self, libfuzzer: &LibfuzzerLog, stats: &Stats, time: Duration) {
        let since = time.saturating_sub(self.last);
        if !self.terminal && since < Duration::from_secs(10) {
            return;
        }
        let inputs = stats.get("inputs");
        let rate = (inputs.saturating_sub(self.executions)) as f64 / since.as_secs_f64().max(0.001);
        (self.last, self.executions) = (time, inputs);
        let line = live_line(libfuzzer, stats, time, rate);
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

/// Formats the line for a terminal of 80 columns, with findings first.
fn live_line(libfuzzer: &LibfuzzerLog, stats: &Stats, time: Duration, rate: f64) -> String {
    let leaks = libfuzzer.leaks.max(libfuzzer.count("leak") as u64);
    let line = format!(
        "{:4} s  divergences {} ({} known)  leaks {}  inputs {}  {}/s  corpus {}",
        time.as_secs(),
        short(stats.get("unknown divergences")),
        short(stats.get("known divergences")),
        short(leaks),
        short(stats.get("inputs")),
        short(rate as u64),
        short(libfuzzer.corpus),
    );
    line.chars().take(79).collect()
}

/// Formats a number in at most four characters, up to a billion.
fn short(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{}k", number / 1000),
        1_000_000..10_000_000 => format!("{}.{}M", number / 1_000_000, number / 100_000 % 10),
        _ => format!("{}M", number / 1_000_000),
    }
}

impl Report {
    /// Returns the number of causes of a kind of finding.
    fn causes_of(&self, kind: &str) -> usize {
        let is_of = |cause: &&Cause| cause.name.strip_prefix(kind).is_some_and(|rest| rest.starts_with(": "));
        self.causes.iter().filter(is_of).count()
    }

    /// Returns a line for each finding that is not in the list of causes, such as the one that ended
    /// the run.
    fn findings_without_cause(&self) -> Vec<String> {
        let has_cause = |line: &String| {
            let kind = line.split(": ").next().unwrap_or_default();
            self.causes_of(kind) > 0
        };
        self.findings().into_iter().filter(|line| !has_cause(line)).collect()
    }

    /// Returns whether the run ended normally and found nothing.
    pub(crate) fn is_clean(&self) -> bool {
        self.status.success() && self.libfuzzer.is_clean()
    }

    /// Returns a line for each finding.
    pub(crate) fn findings(&self) -> Vec<String> {
        let libfuzzer = &self.libfuzzer;
        let mut lines: Vec<_> =
            libfuzzer.findings.iter().map(|(kind, signature)| format!("{kind}: {signature}")).collect();
        if libfuzzer.leaks > 0 && libfuzzer.count("leak") == 0 {
            lines.push("leak: reported by the leak sanitizer".to_owned());
        }
        match &libfuzzer.crash {
            // After its own report, the target aborts.
            Some(what) if libfuzzer.findings.is_empty() => lines.push(format!("crash: {what}")),
            _ if lines.is_empty() && !self.status.success() => lines.push(format!("crash: {}", self.status)),
            _ => {}
        }
        lines
    }
}

fn summarize(run: &Run, report: &Report, embedded: bool) {
    let stats = &report.stats;
    let seconds = report.time.as_secs_f64().max(0.001);
    let inputs = stats.get("inputs");
    let share = |name: &str| {
        let count = stats.get(name);
        format!("{} ({:.1} %)", grouped(count), 100.0 * count as f64 / inputs.max(1) as f64)
    };
    println!("\n{} in {seconds:.0} s", run.name);
    println!("  inputs              {} ({:.0}/s)", grouped(inputs), inputs as f64 / seconds);
    println!("  accepted alike      {}", share("accepted alike"));
    println!("  rejected alike      {}", share("rejected alike"));
    let cpython = stats.get("microseconds of CPython") as f64;
    if cpython > 0.0 {
        println!("  known divergences   {}", grouped(stats.get("known divergences")));
        println!(
            "  unknown divergences {} of {}",
            grouped(stats.get("unknown divergences")),
            count(report.causes_of("unknown divergence"), "cause")
        );
        let each = |name: &str| stats.get(name) as f64 / inputs.max(1) as f64;
        println!(
            "  processor time      {:.0} µs per input: CPython {:.0}, sre-compiler {:.1}; {:.2} times CPython",
            each("microseconds in all"),
            each("microseconds of CPython"),
            each("microseconds of sre-compiler"),
            stats.get("microseconds in all") as f64 / cpython,
        );
    }
    let leaks = report.libfuzzer.leaks.max(report.libfuzzer.count("leak") as u64);
    println!("  leaks               {leaks}");
    println!("  retained memory     {}", report.libfuzzer.count("retained memory"));
    let (edges, corpus) = (report.libfuzzer.coverage, report.libfuzzer.corpus);
    println!("  coverage            {}, {} in the corpus", count(edges, "edge"), count(corpus, "input"));
    if report.is_clean() {
        println!("clean");
        return;
    }
    for finding in report.findings_without_cause() {
        println!("found: {}", finding.shown());
    }
    for artifact in &report.libfuzzer.artifacts {
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
    for cause in &report.causes {
        print_cause(cause);
    }
    println!("log:   {}", report.log.shown());
}

/// Prints the findings of a cause: how many inputs, the smallest case, and the commands that show it.
fn print_cause(cause: &Cause) {
    let (inputs, signatures) = (count(cause.inputs, "input"), count(cause.signatures, "signature"));
    println!("found: {}", cause.name.shown());
    println!("  {inputs}, {signatures}");
    let read = |name: &str| fs::read_to_string(cause.folder.join(name)).unwrap_or_default();
    if let Some(case) = read("report.txt").lines().find(|line| line.starts_with("re.compile(")) {
        println!("  smallest: {}", case.shown());
    }
    println!("  folder:   {}", cause.folder.shown());
    for command in read("show.sh").lines().filter(|line| !line.starts_with('#')) {
        println!("  {}", command.shown());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{live_line, short};
    use crate::libfuzzer_log::{LibfuzzerLog, Stats};

    #[test]
    fn the_live_line_fits_80_columns_and_begins_with_findings() {
        let stats = |text: &str| {
            let mut stats = Stats::default();
            stats.add(text);
            stats
        };
        let log = LibfuzzerLog { corpus: 1162, leaks: 1, ..LibfuzzerLog::default() };
        let few = stats("inputs\t3039\nknown divergences\t33\nunknown divergences\t2\n");
        let line = live_line(&log, &few, Duration::from_secs(4), 548.4);
        assert_eq!(line, "   4 s  divergences 2 (33 known)  leaks 1  inputs 3039  548/s  corpus 1162");
        let log = LibfuzzerLog { corpus: 999_999, ..log };
        let many = stats("inputs\t999999999\nknown divergences\t999999\nunknown divergences\t9999\n");
        let line = live_line(&log, &many, Duration::from_secs(86_400), 999_999.0);
        assert!(line.chars().count() < 80, "{line}");
        assert!(
            line.starts_with("86400 s  divergences 9999 (999k known)  leaks 1  inputs 999M  999k/s"),
            "{line}"
        );
    }

    #[test]
    fn numbers_are_shortened() {
        let all = [0, 9999, 10_000, 999_999, 1_000_000, 9_999_999, 10_000_000, 999_999_999];
        let shown = all.map(short);
        assert_eq!(shown, ["0", "9999", "10k", "999k", "1.0M", "9.9M", "10M", "999M"]);
    }
}
