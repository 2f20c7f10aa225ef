//! The benchmarks. `cargo xtask bench` builds and runs this.

#[path = "../options.rs"]
mod options;

use std::collections::{HashMap, hash_map::Entry};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use indicatif::ProgressBar;
use options::{Format, Options};
use sre_benches::compare::{Comparison, compare};
use sre_benches::counted::Counts;
use sre_benches::report::{Against, Report};
use sre_benches::{Sample, counted, engines, growth, read, startup};
use sre_case::wire;
use sre_oracle::shell;
use sre_report::Load;
use sre_support::visible::Shown;

#[derive(Parser)]
#[command(max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// The command that --startup times.
    #[arg(long, value_name = "FILE", default_value = "sre")]
    sre: PathBuf,
    /// Count the instructions of each family, and exit with 2 if one grows faster than linearly.
    #[arg(long)]
    check_growth: bool,
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
    let done = if arguments.check_growth { check_growth() } else { run(&arguments.options, &arguments.sre) };
    done.unwrap_or_else(|error| {
        eprintln!("bench: {error:#}");
        ExitCode::from(1)
    })
}

fn run(options: &Options, sre: &Path) -> Result<ExitCode> {
    let bar = ProgressBar::new_spinner();
    let step = |what: &str| {
        bar.set_message(what.to_owned());
        bar.inc(1);
        bar.tick();
    };
    let dialect = engines::dialect()?;
    let load = Load::start();
    let mut report = Report::new(command());
    let Options { all, quick, .. } = *options;
    let (is_growth, is_startup) = (all || options.growth, all || options.startup);
    let is_compared = all || options.compare || !(is_growth || is_startup);
    ensure!(is_compared || options.against.is_none(), "--against compares engines: add --compare");
    if is_compared {
        let names = names(&options.engines)?;
        let rounds = options.rounds.map_or(if quick { 3 } else { 11 }, usize::from);
        let samples = read(&options.jsonl, dialect)?;
        let (mut comparison, accepted) = compare(&names, &samples, dialect, rounds, &step)?;
        if (all || options.instructions)
            && let Err(error) = count(&mut comparison, &accepted, &samples, &step)
        {
            eprintln!("bench: instructions are incomplete: {error:#}");
        }
        report.comparison = Some(comparison);
        let files = options.jsonl.iter().filter_map(|file| file.file_name());
        let files: Vec<_> = files.map(|name| name.to_string_lossy()).collect();
        report.patterns = files.join(", ");
        if let (Some(file), Some(comparison)) = (&options.against, &report.comparison) {
            report.against = Some(Against::read(file, &report.machine.processor, comparison)?);
        }
    }
    if is_growth {
        report.growth = Some(growth::time(dialect, quick, &step)?);
    }
    if is_startup {
        step("sre compile");
        report.startup = Some(startup::time(sre, if quick { 10 } else { 50 })?);
    }
    report.usage = Some(load.usage());
    bar.finish_and_clear();
    match options.format {
        Format::Text => print!("{}", report.text()),
        Format::Json => print!("{}", report.json()?),
    }
    if let Some(folder) = &options.output {
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
