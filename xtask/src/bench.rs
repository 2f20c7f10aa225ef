//! `cargo xtask bench`: builds the measurements with what can be built here, and runs them. And the step `growth`.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Result, anyhow};
use clap::Args;
use sre_test_support::Prerequisite;

use crate::setup::Python;
use crate::shell::{cargo, exit_code, finish, output, pass_on, quote, target};
use crate::test::{Context, StepResult, skipped};

/// What is built in, as much as possible of it: other projects' compilers need a C compiler.
const FEATURES: [&str; 3] = ["peers,oniguruma", "peers", ""];

/// Measure how fast sre-compiler is, compared with CPython and other compilers.
///
/// Builds the comparison with as many of the other compilers as build here, and runs it. See benches/README.md.
///
/// Exit status: 0 measured; 1 cannot run.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Patterns, as `sre record` writes them; may be repeated. [default: the seeds of the corpus]
    #[arg(long, value_name = "FILE")]
    jsonl: Vec<PathBuf>,
    /// Compare with another run: its bench.json.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Write bench.json and index.html to this folder.
    #[arg(long, short, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Only these engines, separated by commas; sre-compiler always takes part. [default: all that were built]
    #[arg(long, value_name = "A,B", alias = "sides")]
    engines: Option<String>,
    /// Number of rounds, in each of which every engine has its turn. [default: 11]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    rounds: Option<u16>,
    /// Three rounds and shorter families: for a first look.
    #[arg(long)]
    quick: bool,
    /// Also count the instructions of a pass, with valgrind.
    #[arg(long)]
    instructions: bool,
    /// Instead, time how families of patterns grow.
    #[arg(long)]
    growth: bool,
    /// Instead, time the command `sre compile` from its start to its end.
    #[arg(long)]
    startup: bool,
    /// Compare the engines, even with --growth or --startup.
    #[arg(long)]
    compare: bool,
    /// All of the above measurements.
    #[arg(long)]
    all: bool,
    /// What to print.
    #[arg(long, value_parser = ["text", "json"], default_value = "text")]
    format: String,
}

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    let embedded = Python::find().is_ok_and(|python| python.library.is_some());
    if !embedded {
        eprintln!("bench: no python3 that can be linked: CPython does not take part");
    }
    build(embedded)?;
    let mut bench = Command::new(target().join("whole/bench"));
    pass_on(&mut bench, "--jsonl", &arguments.jsonl);
    pass_on(&mut bench, "--against", &arguments.against);
    pass_on(&mut bench, "--output", &arguments.output);
    pass_on(&mut bench, "--engines", &arguments.engines);
    pass_on(&mut bench, "--rounds", arguments.rounds.map(|rounds| rounds.to_string()));
    let words: Vec<String> = std::env::args().skip(1).map(|word| quote(&word)).collect();
    bench.env("SRE_BENCH_COMMAND", format!("cargo xtask {}", words.join(" ")));
    let all = arguments.all;
    let switches = [
        ("--quick", arguments.quick),
        ("--compare", all || arguments.compare),
        ("--instructions", all || arguments.instructions),
        ("--growth", all || arguments.growth),
    ];
    bench.args(switches.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name));
    if all || arguments.startup {
        let mut sre = cargo();
        sre.args(["build", "--release", "--package", "sre-cli", "--bin", "sre"]);
        finish(sre.args(no_default(embedded)), None)?;
        bench.arg("--startup").arg(target().join("release/sre"));
    }
    exit_code(bench.args(["--format", &arguments.format]))
}

fn no_default(embedded: bool) -> &'static [&'static str] {
    if embedded { &[] } else { &["--no-default-features"] }
}

fn build(embedded: bool) -> Result<()> {
    let mut failure = None;
    for features in FEATURES {
        let mut build = cargo();
        build.args([
            "build",
            "--profile",
            "whole",
            "--package",
            "sre-benches",
            "--bins",
            "--features",
            features,
        ]);
        // The sources that come with the crate, rather than whatever the machine has.
        build.args(no_default(embedded)).env("PCRE2_SYS_STATIC", "1");
        match finish(&mut build, None) {
            Ok(()) => return Ok(()),
            Err(why) => {
                eprintln!("bench: cannot be built with {features:?}: going on without");
                failure = Some(why);
            }
        }
    }
    Err(failure.unwrap_or_else(|| anyhow!("no features to build with")))
}

/// Instructions grow in proportion to the pattern, in all families. They are counted by valgrind, without Python.
pub(crate) fn growth(context: &Context) -> Result<StepResult> {
    if output(Command::new("valgrind").arg("--version")).is_err() {
        return skipped(Prerequisite::Valgrind, "no valgrind, which counts instructions".to_owned());
    }
    let mut build = cargo();
    build.args(["build", "--package", "sre-benches", "--bins"]);
    context.run(build.args(context.features()))?;
    context.run(Command::new(target().join("debug/bench")).arg("--check-growth"))?;
    Ok(StepResult::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}
