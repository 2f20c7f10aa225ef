//! The benchmarks. `cargo xtask bench` builds and runs this.

use std::collections::{HashMap, hash_map::Entry};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::{Parser, ValueEnum};
use indicatif::ProgressBar;
use sre_benches::compare::{Comparison, compare};
use sre_benches::counted::Counts;
use sre_benches::report::{Against, Report};
use sre_benches::{Sample, counted, engines, growth, read, startup};
use sre_case::wire;
use sre_oracle::shell;
use sre_report::Load;
use sre_support::visible::Shown;

/// Measures how fast sre-compiler is, compared with CPython and other compilers.
///
/// Compares the engines, unless only --growth or --startup is given.
///
/// Exit status: 0 measured, 1 usage or input error, 2 something grows too fast.
#[derive(Parser)]
#[command(max_term_width = 100)]
struct Arguments {
    /// JSON Lines file of patterns, as written by `sre record`; may be repeated. [default: the seeds of the corpus]
    #[arg(long, value_name = "FILE")]
    jsonl: Vec<PathBuf>,
    /// Compares the times with those of another run: its bench.json.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Writes bench.json and index.html to this folder.
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Engines that take part, separated by commas; sre-compiler always does. [default: all in this build]
    #[arg(long, value_delimiter = ',', alias = "sides")]
    engines: Vec<String>,
    /// Number of rounds, in each of which every engine has its turn. [default: 11]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: Option<u16>,
    /// Three rounds and shorter families, for a first look.
    #[arg(long)]
    quick: bool,
    /// Also counts the instructions of a pass, with valgrind.
    #[arg(long)]
    instructions: bool,
    /// Times how families of patterns grow.
    #[arg(long)]
    growth: bool,
    /// Times the command `sre` from its start to its end.
    #[arg(long, value_name = "SRE")]
    startup: Option<PathBuf>,
    /// Compares the engines, also with --growth or --startup.
    #[arg(long)]
    compare: bool,
    /// Counts the instructions of each family, and exits with 2 if one grows faster than linearly.
    #[arg(long)]
    check_growth: bool,
    /// Output format.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Of an engine that takes more than [`SLOW`] times the time of sre-compiler, valgrind counts one pattern in [`EVERY`].
const SLOW: f64 = 10.0;
const EVERY: usize = 10;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    let done = if arguments.check_growth { check_growth() } else { run(&arguments) };
    done.unwrap_or_else(|error| {
        eprintln!("bench: {error:#}");
        ExitCode::from(1)
    })
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    let bar = ProgressBar::new_spinner();
    let step = |what: &str| {
        bar.set_message(what.to_owned());
        bar.inc(1);
        bar.tick();
    };
    let dialect = engines::dialect()?;
    let load = Load::start();
    let mut report = Report::new(command());
    let is_compared = arguments.compare || !(arguments.growth || arguments.startup.is_some());
    ensure!(is_compared || arguments.against.is_none(), "--against compares engines: add --compare");
    if is_compared {
        let names = names(&arguments.engines)?;
        let rounds = arguments.rounds.map_or(if arguments.quick { 3 } else { 11 }, usize::from);
        let samples = read(&arguments.jsonl, dialect)?;
        let (mut comparison, accepted) = compare(&names, &samples, dialect, rounds, &step)?;
        if arguments.instructions
            && let Err(error) = count(&mut comparison, &accepted, &samples, &step)
        {
            eprintln!("bench: instructions are incomplete: {error:#}");
        }
        report.comparison = Some(comparison);
        let files = arguments.jsonl.iter().filter_map(|file| file.file_name());
        let files: Vec<_> = files.map(|name| name.to_string_lossy()).collect();
        report.patterns = files.join(", ");
        if let (Some(file), Some(comparison)) = (&arguments.against, &report.comparison) {
            report.against = Some(Against::read(file, &report.machine.processor, comparison)?);
        }
    }
    if arguments.growth {
        report.growth = Some(growth::time(dialect, arguments.quick, &step)?);
    }
    if let Some(sre) = &arguments.startup {
        step("sre compile");
        report.startup = Some(startup::time(sre, if arguments.quick { 10 } else { 50 })?);
    }
    report.usage = Some(load.usage());
    bar.finish_and_clear();
    match arguments.format {
        Format::Text => print!("{}", report.text()),
        Format::Json => print!("{}", report.json()?),
    }
    if let Some(folder) = &arguments.output {
        report.write(folder)?;
        eprintln!("see {}", folder.join("index.html").shown());
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the names of the engines that take part, that of sre-compiler first.
fn names(wanted: &[String]) -> Result<Vec<&'static str>> {
    // `ours` is the former name of `sre`.
    let wanted: Vec<String> = wanted.iter().map(|name| name.replace("ours", "sre")).collect();
    if let Some(unknown) = wanted.iter().find(|name| !engines::NAMES.contains(&name.as_str())) {
        bail!("this build has no engine {unknown}, but {}", engines::NAMES.join(", "));
    }
    let is_wanted =
        |name: &&str| wanted.is_empty() || *name == engines::NAMES[0] || wanted.iter().any(|w| w == name);
    Ok(engines::NAMES.iter().copied().filter(is_wanted).collect())
}

/// Counts the instructions of each engine, and those of sre-compiler for the same patterns.
fn count(
    comparison: &mut Comparison,
    accepted: &[Vec<u32>],
    samples: &[Sample],
    step: &dyn Fn(&str),
) -> Result<()> {
    ensure!(counted::available(), "valgrind was not found");
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("patterns.jsonl");
    let path = file.to_str().context("the temporary folder's name is not UTF-8")?;
    let total = |name: &str| Ok::<u64, anyhow::Error>(counted::count(&[name, path])?.iter().sum());
    let mut sre = HashMap::new();
    for (figures, accepted) in comparison.engines.iter_mut().zip(accepted) {
        step(figures.name);
        let every = if figures.ratio.median > SLOW { EVERY } else { 1 };
        let which: Vec<u32> = accepted.iter().copied().step_by(every).collect();
        let mut lines = Vec::new();
        for &n in &which {
            wire::write_request(&mut lines, &samples[n as usize].case, false);
            lines.push(b'\n');
        }
        std::fs::write(&file, lines)?;
        let (patterns, engine) = (which.len(), total(figures.name)?);
        let sre = match sre.entry(which) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(unknown) => *unknown.insert(total(engines::NAMES[0])?),
        };
        figures.instructions = Some(Counts { patterns, engine, sre });
    }
    Ok(())
}

/// Returns the command line: that of `cargo xtask bench`, if it ran this.
fn command() -> String {
    std::env::var("SRE_BENCH_COMMAND").unwrap_or_else(|_| {
        let arguments: Vec<String> =
            std::env::args().skip(1).map(|argument| shell::quote(&argument)).collect();
        format!("bench {}", arguments.join(" ")).trim_end().to_owned()
    })
}

fn check_growth() -> Result<ExitCode> {
    let families = growth::count()?;
    let mut fastest = (0.0, "");
    for (family, curve) in &families {
        let exponent = curve.exponent.context("too few points")?;
        let counts: Vec<String> = curve.points.iter().map(|(_, count)| format!("{count:>13.0}")).collect();
        println!("{:20} {}  {exponent:.3}", family.name, counts.join(" "));
        if exponent > fastest.0 {
            fastest = (exponent, family.name);
        }
    }
    let (exponent, name) = fastest;
    println!("{} families; highest exponent: {exponent:.3} ({name})", families.len());
    Ok(ExitCode::from(if exponent > growth::LIMIT { 2 } else { 0 }))
}
