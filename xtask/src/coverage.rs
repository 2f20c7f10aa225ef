//! `cargo xtask coverage`: builds the compiler with counters, replays the corpus, and has `sre corpus coverage`
//! report the lines reached in this compiler and in the interpreters'. The step `coverage` asks only the
//! interpreters.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use clap::Args;
use sre_support::visible::Shown;

use crate::setup::{Python, llvm_tools};
use crate::shell::{cargo, finish, make_empty_folder, output, root, show, target};
use crate::test::{Context, StepResult};

/// Report which lines of sre-compiler and of CPython's compilers the corpus reaches, as a page and JSON.
///
/// Adds llvm-tools to the toolchain if they are missing.
///
/// Exit status: 0 every line is reached or listed in corpus/unreached.txt; 1 cannot run; 2 a line is neither, or is
/// listed although it is reached.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Where to write the report. [default: coverage-report in cargo's target folder]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    let folder = arguments.output.as_ref();
    let folder = folder.map_or_else(|| target().join("coverage-report"), |folder| root().join(folder));
    let tools = llvm_tools()?;
    let work = target().join("coverage");
    let sre = build(&work, &tools.host)?;
    let counts = replay(&sre, &work, &tools.folder)?;
    let mut command = Command::new(&sre);
    command
        .current_dir(root())
        .args(["corpus", "coverage"])
        .arg("--rust-lcov")
        .arg(counts)
        .arg("--output")
        .arg(&folder);
    // This run compiles patterns for its tables, which must not be counted.
    command.env("LLVM_PROFILE_FILE", work.join("counts/other.profraw"));
    let status = command.status().with_context(|| show(&command))?;
    println!("{}", folder.join("coverage.html").shown());
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// Builds `sre` with counters of lines, and of branches, which are unstable.
fn build(work: &Path, host: &str) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--package", "sre-cli", "--bin", "sre", "--no-default-features"]);
    // With an explicit target, build scripts get no counters.
    build.args(["--target", host, "--target-dir"]).arg(work);
    build.env_remove("RUSTFLAGS").env("RUSTC_BOOTSTRAP", "1");
    build.env("CARGO_ENCODED_RUSTFLAGS", "-Cinstrument-coverage\x1f-Zcoverage-options=branch");
    finish(&mut build, None)?;
    Ok(work.join(host).join("debug/sre"))
}

/// Replays the corpus against the recorded answers. Returns the file with the counts.
fn replay(sre: &Path, work: &Path, tools: &Path) -> Result<PathBuf> {
    let folder = work.join("counts");
    make_empty_folder(&folder)?;
    let (raw, data, counts) =
        (folder.join("replay.profraw"), folder.join("replay.profdata"), folder.join("replay.lcov"));
    let mut replay = Command::new(sre);
    replay.current_dir(root()).args(["corpus", "test", "--no-python"]).env("LLVM_PROFILE_FILE", &raw);
    finish(&mut replay, None)?;
    let mut merge = Command::new(tools.join("llvm-profdata"));
    finish(merge.args(["merge", "-sparse"]).arg(&raw).arg("-o").arg(&data), None)?;
    let mut export = Command::new(tools.join("llvm-cov"));
    export.args(["export", "-format=lcov"]).arg("-instr-profile").arg(&data).arg(sre);
    let lcov = output(export.arg("--sources").arg(root().join("compiler/src")))?;
    fs::write(&counts, lcov).with_context(|| counts.shown().to_string())?;
    Ok(counts)
}

/// Checks that the corpus reaches every line of the interpreters' compilers that can be reached.
pub(crate) fn step(context: &Context) -> Result<StepResult> {
    if Python::find().is_err() {
        return Ok(StepResult::Skipped("no interpreter".to_owned()));
    }
    let mut sre = cargo();
    sre.args(["run", "--package", "sre-cli"])
        .args(context.features())
        .args(["--bin", "sre", "--", "corpus", "coverage"]);
    context.run(&mut sre)?;
    Ok(StepResult::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}
