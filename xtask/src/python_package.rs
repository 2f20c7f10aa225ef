//! The steps `python-package` and `python-package-all`: the accelerator for CPython, in `python/`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use sre_test_support::Prerequisite;

use crate::checks;
use crate::shell::{root, target, without_python_settings};
use crate::test::{Context, StepResult, skipped};

/// All checks for one interpreter, a few for the others, over a sample of the patterns.
pub(crate) fn sample(context: &Context) -> Result<StepResult> {
    run(context, &[])
}

/// All checks for all interpreters, over all patterns, with the wheel as it is released.
pub(crate) fn all(context: &Context) -> Result<StepResult> {
    run(context, &["--all"])
}

fn run(context: &Context, options: &[&str]) -> Result<StepResult> {
    let pythons: Vec<PathBuf> = checks::interpreters()?.into_iter().map(|(_, path)| path).collect();
    if pythons.is_empty() {
        return skipped(Prerequisite::Python, "no interpreter".to_owned());
    }
    let mut command = Command::new("python3");
    without_python_settings(command.current_dir(root()));
    command.arg("python/tests/run.py").arg("--folder").arg(target().join("python")).args(options);
    context.run(command.args(pythons))?;
    let printed = context.printed();
    let skipped = printed.lines().filter(|line| line.starts_with("skipped ")).map(str::trim_end);
    let notes: Vec<&str> = printed.lines().filter(|line| line.contains(" passed, ")).chain(skipped).collect();
    Ok(StepResult::Passed(notes.join("; ")))
}
