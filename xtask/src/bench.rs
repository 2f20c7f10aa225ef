//! `cargo xtask bench`: builds the measurements with what can be built here, and runs them. And the step `growth`.

use std::process::{Command, ExitCode};

use sre_test_support::Prerequisite;

use crate::setup::Python;
use crate::shell::{cargo, finish, output, target};
use crate::test::{Context, Ending, Verdict, skipped};

/// What is built in, as much as possible of it: other projects' compilers need a C compiler.
const FEATURES: [&str; 3] = ["peers,oniguruma", "peers", ""];

pub(crate) fn command(arguments: Vec<String>) -> Result<ExitCode, String> {
    let embedded = Python::find().is_ok_and(|python| python.library.is_some());
    if !embedded {
        eprintln!("bench: no python3 that can be linked: CPython does not take part");
    }
    build(embedded)?;
    let mut bench = Command::new(target().join("whole/bench"));
    // A part of `--all` needs to know where the command is.
    let (all, mut rest): (Vec<_>, Vec<_>) = arguments.into_iter().partition(|word| word == "--all");
    if !all.is_empty() {
        rest.extend(["--compare", "--instructions", "--growth", "--startup"].map(str::to_owned));
    }
    if let Some(at) = rest.iter().position(|word| word == "--startup") {
        let mut sre = cargo();
        sre.args(["build", "--release", "--package", "sre-cli", "--bin", "sre"]);
        finish(sre.args(no_default(embedded)), None)?;
        rest.insert(at + 1, target().join("release/sre").to_string_lossy().into_owned());
    }
    let status = bench.args(rest).status().map_err(|error| format!("bench: {error}"))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

fn no_default(embedded: bool) -> &'static [&'static str] {
    if embedded { &[] } else { &["--no-default-features"] }
}

fn build(embedded: bool) -> Result<(), String> {
    let mut failure = String::new();
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
                failure = why;
            }
        }
    }
    Err(failure)
}

/// Instructions grow in proportion to the pattern, in all families. They are counted by valgrind, without Python.
pub(crate) fn growth(context: &Context) -> Verdict {
    if output(Command::new("valgrind").arg("--version")).is_err() {
        return skipped(Prerequisite::Valgrind, "no valgrind, which counts instructions".to_owned());
    }
    let mut build = cargo();
    build.args(["build", "--package", "sre-benches", "--bins"]);
    context.run(build.args(context.features()))?;
    context.run(Command::new(target().join("debug/bench")).arg("--check-growth"))?;
    Ok(Ending::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}
