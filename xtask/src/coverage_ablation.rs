//! `cargo xtask coverage-ablation`: measures what coverage of CPython's own compiler adds to the search.
//!
//! The search is guided by coverage of sre-compiler, of CPython's compiler, of both, or of neither. Two of these
//! run at the same time, so that other load on the machine affects both alike. `python/reached.py` counts, by
//! other means than the search, what the corpus that results reaches in CPython's compiler.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use sre_report::statistics;
use sre_support::visible::Shown;

use crate::run::{Build, Run, seeds};
use crate::setup::{Python, Toolchain, cargo_fuzz, cxx_compiler};
use crate::shell::{cargo, make_empty_folder, output, root, target};

/// The compilers whose coverage guides the search, without and with CPython's.
const WITHOUT_AND_WITH: [&str; 2] = ["rust", "both"];

/// The result of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    rate: u64,
    inputs: u64,
    features: u64,
    lines: u64,
    steps: u64,
}

/// Measure what coverage of CPython's own compiler adds to the search.
///
/// Fuzzes with coverage of sre-compiler, of CPython's compiler, of both and of neither, two runs at a time, and
/// counts the lines and steps of CPython's compiler that the resulting corpus reaches. Installs what is missing,
/// as `fuzz` does.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Duration of each pair of runs, in seconds.
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Number of pairs of runs; medians are printed.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
}

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    let Arguments { seconds, rounds } = *arguments;
    let toolchain = Toolchain::find()?;
    cxx_compiler()?;
    cargo_fuzz(&toolchain)?;
    let programs = Build { toolchain: &toolchain, embedded: true, defect: "" }.build(None)?;

    println!(
        "medians of {rounds} runs of {seconds} s; lines of CPython's compiler, and steps from line to line"
    );
    println!(
        "{:8} {:9} {:>8} {:>6} {:>9} {:>6} {:>6}",
        "from", "guided by", "inputs/s", "corpus", "features", "lines", "steps"
    );
    for (from, guides) in
        [("nothing", ["neither", "CPython"]), ("nothing", WITHOUT_AND_WITH), ("corpus", WITHOUT_AND_WITH)]
    {
        let mut rows = [Vec::new(), Vec::new()];
        for seed in 1..=rounds {
            let one = |guided| one(&programs, &Setting { from, guided }, seconds, seed);
            let (without, with) = thread::scope(|scope| {
                let other = scope.spawn(|| one(guides[0]));
                let with = one(guides[1]);
                (other.join().unwrap_or_else(|_| Err(anyhow!("a thread panicked"))), with)
            });
            rows[0].push(without?);
            rows[1].push(with?);
        }
        for (rows, guided) in rows.iter().zip(guides) {
            let Row { rate, inputs, features, lines, steps } = medians(rows);
            println!("{from:8} {guided:9} {rate:8} {inputs:6} {features:9} {lines:6} {steps:6}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How a run fuzzes.
struct Setting {
    /// The seeds: `nothing`, or the `corpus`.
    from: &'static str,
    /// The compilers whose coverage guides the search.
    guided: &'static str,
}

fn one(programs: &Path, setting: &Setting, seconds: u64, seed: u64) -> Result<Row> {
    let Setting { from, guided } = *setting;
    let name = format!("coverage-ablation-{from}-{guided}");
    let work = target().join("fuzz").join(&name);
    make_empty_folder(&work)?;
    let guide = match guided {
        "both" => "every",
        "rust" => "0",
        "CPython" => "only",
        _ => "none",
    };
    let seeds = if from == "corpus" { seeds() } else { Vec::new() };
    let run = Run {
        program: programs.join("differential"),
        name,
        seconds,
        jobs: 1,
        corpus: work.join("corpus"),
        artifacts: work.join("artifacts"),
        keep: None,
        seeds: seeds.clone(),
        environment: vec![("SRE_FUZZ_COVERAGE", guide.to_owned())],
        arguments: vec![format!("-seed={seed}")],
    };
    let report = run.run(|_, _, _| {})?;
    if !report.is_clean() {
        bail!("the run reported a finding; see {}", report.log.shown());
    }
    let (lines, steps) = reached(&work, &run.corpus, &seeds)?;
    let rate = (report.stats.get("inputs") as f64 / report.time.as_secs_f64()) as u64;
    Ok(Row { rate, inputs: report.libfuzzer.corpus, features: report.libfuzzer.features, lines, steps })
}

/// Returns how many lines and steps of CPython's compiler the inputs reach.
fn reached(work: &Path, corpus: &Path, seeds: &[PathBuf]) -> Result<(u64, u64)> {
    let cases = work.join("cases.jsonl");
    let mut show = cargo();
    show.args(["run", "--quiet", "--package", "sre-fuzz", "--bin", "differential", "--", "--jsonl"]);
    let name = || cases.shown().to_string();
    std::fs::write(&cases, output(show.arg(corpus).args(seeds))?).with_context(name)?;
    let mut count = Python::command();
    count.arg("-I").arg(root().join("xtask/python/reached.py")).stdin(File::open(&cases).with_context(name)?);
    let done = count.output()?;
    let printed = String::from_utf8_lossy(&done.stdout).into_owned();
    let numbers: Vec<u64> = printed.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [lines, _, steps] => Ok((lines, steps)),
        _ => Err(anyhow!("reached.py: {}", String::from_utf8_lossy(&done.stderr))),
    }
}

/// Returns the median of each figure.
fn medians(rows: &[Row]) -> Row {
    let median = |figure: fn(&Row) -> u64| {
        statistics::median(rows.iter().map(|row| figure(row) as f64)).round() as u64
    };
    Row {
        rate: median(|row| row.rate),
        inputs: median(|row| row.inputs),
        features: median(|row| row.features),
        lines: median(|row| row.lines),
        steps: median(|row| row.steps),
    }
}
