//! `cargo xtask bench`: builds the measurements with what can be built here, and runs them. And the step `growth`.

use std::process::{Command, ExitCode};

use anyhow::{Result, anyhow};
use sre_test_support::Prerequisite;

use crate::setup::Python;
use crate::shell::{cargo, exit_code, finish, output, own_arguments, quote, target};
use crate::test::{Context, StepResult, skipped};

/// What is built in, as much as possible of it: other projects' compilers need a C compiler.
const FEATURES: [&str; 3] = ["peers,oniguruma", "peers", ""];

/// The options of the program. This only parses them, and passes them on as they are.
#[allow(dead_code)]
#[path = "../../benches/src/options.rs"]
mod options;

pub(crate) use options::Options;

pub(crate) fn command(options: &Options) -> Result<ExitCode> {
    let embedded = Python::find().is_ok_and(|python| python.library.is_some());
    if !embedded {
        eprintln!("bench: no python3 that can be linked: CPython does not take part");
    }
    build(embedded)?;
    let mut bench = Command::new(target().join("whole/bench"));
    let words: Vec<String> = std::env::args().skip(1).map(|word| quote(&word)).collect();
    bench.env("SRE_BENCH_COMMAND", format!("cargo xtask {}", words.join(" "))).args(own_arguments());
    if options.all || options.startup {
        let mut sre = cargo();
        sre.args(["build", "--release", "--package", "sre-cli", "--bin", "sre"]);
        finish(sre.args(no_default(embedded)), None)?;
        bench.arg("--sre").arg(target().join("release/sre"));
    }
    exit_code(&mut bench)
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
