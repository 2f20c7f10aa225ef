//! The corpus under a leak sanitizer, on a stable compiler: the programs that replay files are linked with the runtime
//! of the sanitizer, which comes with Rust. Nothing else is built anew: it takes the place of `malloc`, and needs no
//! instrumentation.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::run::seeds;
use crate::selftest::names;
use crate::shell::{cargo, files, finish, output, root, show, target};
use crate::test::{Context, StepResult};

/// What is injected first: by the name of the defect, how the report begins, and the function that it must name.
const DEFECTS: [(&str, &str, &str); 3] = [
    ("leak", "sre-fuzz: leak: a fresh compiler", "after_compiling"),
    ("leak_uncounted", "sre-fuzz: leak: a check", "after_checking"),
    ("retained", "sre-fuzz: retained memory: a fresh compiler", "after_compiling"),
];

const TARGETS: [&str; 2] = ["compile", "differential"];

/// Replays the corpus: with an injected defect, which must be found, and without any.
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
    // Last, so that the programs that remain are sound.
    for target in TARGETS {
        let (clean, printed) = replay(context, &runtime, target, "")?;
        let last = printed.lines().last().unwrap_or_default();
        if !clean || !last.contains("under a leak sanitizer") {
            bail!("{target}: something was found, or no sanitizer was there");
        }
        notes.push(format!("{target}: {last}"));
    }
    Ok(StepResult::Passed(format!(
        "{} injected defects caught; {}",
        DEFECTS.len() * TARGETS.len(),
        notes.join("; ")
    )))
}

/// The runtime of the leak sanitizer for this machine, as an archive.
fn runtime() -> Result<Option<PathBuf>> {
    let folder = output(Command::new("rustc").args(["--print", "target-libdir"]).current_dir(root()))?;
    let is_runtime = |path: &PathBuf| path.to_string_lossy().ends_with("_rt.lsan.a");
    Ok(files(Path::new(&folder)).into_iter().find(is_runtime))
}

/// Builds a target and runs it over the corpus; says whether it ended well, and what it printed.
fn replay(context: &Context, runtime: &Path, target_name: &str, name: &str) -> Result<(bool, String)> {
    let mut build = cargo();
    build.args(["rustc", "--package", "sre-fuzz", "--bin", target_name]).args(context.features());
    build.env("SRE_FUZZ_INJECT", name).arg("--");
    // The symbol is exported for the program itself, which looks it up to ask when it wants to.
    let runtime = runtime.to_string_lossy().into_owned();
    let exported = "-Wl,--export-dynamic-symbol=__lsan_do_recoverable_leak_check";
    for argument in ["-Wl,--whole-archive", &runtime, "-Wl,--no-whole-archive", exported] {
        build.args(["-C", &format!("link-arg={argument}")]);
    }
    finish(&mut build, context.log())?;
    let mut program = Command::new(target().join("debug").join(target_name));
    // CPython's own pools would be taken for leaks.
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
