//! Replays the corpus under a leak sanitizer, with a stable compiler: the programs that replay files are linked
//! with the sanitizer's runtime, which comes with Rust. It replaces `malloc` and needs no instrumentation, so that
//! nothing else is rebuilt.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::run::seeds;
use crate::selftest::names;
use crate::shell::{cargo, files, finish, output, root, show, target};
use crate::test::{Context, StepResult};

/// The injected defects: name, beginning of the report, and the function that the report must name.
const DEFECTS: [(&str, &str, &str); 3] = [
    ("leak", "sre-fuzz: leak: a fresh compiler", "after_compiling"),
    ("leak_uncounted", "sre-fuzz: leak: a check", "after_checking"),
    ("retained", "sre-fuzz: retained memory: a fresh compiler", "after_compiling"),
];

const TARGETS: [&str; 2] = ["compile", "differential"];

/// Replays the corpus with each injected defect, which must be found, and without any.
pub(crate) fn run(context: &Context) -> Result<StepResult> {
    let Some(runtime) = runtime()? else {
        return Ok(StepResult::Skipped("no leak sanitizer comes with Rust for this machine".to_owned()));
    };
    for (name, begins, function) in DEFECTS {
        for target in TARGETS {
            let (clean, printed) = replay(context, &runtime, target, name)?;
            if printed.contains("LeakSanitizer has encountered a fatal error") {
                return Ok(StepResult::Skipped(
                    "the leak sanitizer cannot run here: it needs ptrace".to_owned(),
                ));
            }
            if clean || !printed.contains(begins) || !names(&printed, function) {
                bail!("injected {name} in {target}: no report that names {function}");
            }
        }
    }
    let mut notes = Vec::new();
    // Last, so that the programs in the target folder have no defect.
    for target in TARGETS {
        let (clean, printed) = replay(context, &runtime, target, "")?;
        let last = printed.lines().last().unwrap_or_default();
        if !clean || !last.contains("under a leak sanitizer") {
            bail!("{target}: a finding was reported, or the sanitizer was not linked");
        }
        notes.push(format!("{target}: {last}"));
    }
    Ok(StepResult::Passed(format!(
        "{} injected defects caught; {}",
        DEFECTS.len() * TARGETS.len(),
        notes.join("; ")
    )))
}

/// Returns the archive with the leak sanitizer's runtime for this machine.
fn runtime() -> Result<Option<PathBuf>> {
    let folder = output(Command::new("rustc").args(["--print", "target-libdir"]).current_dir(root()))?;
    let is_runtime = |path: &PathBuf| path.to_string_lossy().ends_with("_rt.lsan.a");
    Ok(files(Path::new(&folder)).into_iter().find(is_runtime))
}

/// Builds a target with a defect and replays the corpus. Returns whether it succeeded, and its output.
fn replay(context: &Context, runtime: &Path, target_name: &str, name: &str) -> Result<(bool, String)> {
    let mut build = cargo();
    build.args(["rustc", "--package", "sre-fuzz", "--bin", target_name]).args(context.features());
    build.env("SRE_FUZZ_INJECT", name).arg("--");
    // The program looks this symbol up, to ask for a check at any time.
    let runtime = runtime.to_string_lossy().into_owned();
    let exported = "-Wl,--export-dynamic-symbol=__lsan_do_recoverable_leak_check";
    for argument in ["-Wl,--whole-archive", &runtime, "-Wl,--no-whole-archive", exported] {
        build.args(["-C", &format!("link-arg={argument}")]);
    }
    finish(&mut build, context.log())?;
    let mut program = Command::new(target().join("debug").join(target_name));
    // The sanitizer would report the blocks in CPython's own pools as leaks.
    program.args(seeds()).env("PYTHONMALLOC", "malloc").current_dir(root());
    let done = program.output().with_context(|| show(&program))?;
    let printed = [done.stderr, done.stdout].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    match context.log() {
        Some(mut log) => log.write_all(printed.as_bytes()).context("the log")?,
        None => print!("{printed}"),
    }
    Ok((done.status.success(), printed))
}
