//! The steps of `cargo xtask test`, in their order: those that fail quickly come first.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use sre_compiler::Dialect;
use sre_test_support::Prerequisite;

use crate::setup::Python;
use crate::shell::{cargo, output, root};
use crate::test::{Context, Step, StepResult, Tier, skipped};
use crate::{bench, checks, cluster, coverage, explorer, leaks, pages, pyodide, python_package, selftest};

pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "format",
        what: "cargo fmt changes nothing",
        tier: Tier::Quick,
        run: |context| {
            context.run(cargo().args(["fmt", "--all", "--check"]))?;
            Ok(StepResult::Passed(String::new()))
        },
    },
    Step {
        name: "lints",
        what: "clippy reports nothing, for tests and fuzz targets as well",
        tier: Tier::Quick,
        run: lints,
    },
    Step { name: "tests", what: "unit, integration and documentation tests", tier: Tier::Quick, run: tests },
    Step {
        name: "examples",
        what: "the examples of the compiler's package equal what interpreters do",
        tier: Tier::Quick,
        run: examples,
    },
    Step {
        name: "pythons",
        what: "an interpreter of every minor version was found",
        tier: Tier::Quick,
        run: pythons,
    },
    Step {
        name: "replay",
        what: "the corpus gives the recorded answers, and those of the interpreters found",
        tier: Tier::Quick,
        run: replay,
    },
    Step {
        name: "coverage",
        what: "the corpus reaches every reachable line and branch of the interpreters' compilers",
        tier: Tier::All,
        run: coverage::step,
    },
    Step {
        name: "pyodide",
        what: "the corpus gives the answers of further patch levels of CPython, built for WebAssembly",
        tier: Tier::All,
        run: pyodide::step,
    },
    Step {
        name: "samples",
        what: "patterns of real programs (SRE_SAMPLES) give the answers of the interpreters found",
        tier: Tier::All,
        run: samples,
    },
    Step {
        name: "fuzz-replay",
        what: "the fuzz targets, built with a stable compiler, find nothing in the corpus",
        tier: Tier::Quick,
        run: fuzz_replay,
    },
    Step {
        name: "leaks",
        what: "the same under a leak sanitizer, which finds injected leaks and retained memory",
        tier: Tier::All,
        run: leaks::run,
    },
    Step {
        name: "docs",
        what: "rustdoc builds without warnings",
        tier: Tier::Default,
        run: |context| {
            let mut doc = cargo();
            doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"])
                .args(context.features());
            context.run(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
            Ok(StepResult::Passed(String::new()))
        },
    },
    Step {
        name: "no-std",
        what: "the compiler builds without the standard library",
        tier: Tier::Default,
        run: checks::no_std,
    },
    Step {
        name: "no-python",
        what: "the workspace builds, and tests, without an embedded interpreter",
        tier: Tier::All,
        run: no_python,
    },
    Step {
        name: "package",
        what: "the compiler's package passes its own tests outside the workspace",
        tier: Tier::Default,
        run: checks::package,
    },
    Step {
        name: "python-package",
        what: "the accelerator for CPython changes nothing that a program can observe",
        tier: Tier::Default,
        run: python_package::sample,
    },
    Step {
        name: "python-package-all",
        what: "the same for each interpreter, over all patterns, with the release wheel",
        tier: Tier::All,
        run: python_package::all,
    },
    Step {
        name: "msrv",
        what: "the workspace builds with the rust-version of Cargo.toml",
        tier: Tier::All,
        run: checks::msrv,
    },
    Step {
        name: "pages",
        what: "the HTML pages are readable in Chromium: on a narrow and a wide screen, in light and in dark",
        tier: Tier::All,
        run: pages::step,
    },
    Step {
        name: "growth",
        what: "instructions grow in proportion to the length of the pattern",
        tier: Tier::All,
        run: bench::growth,
    },
    Step {
        name: "unicode",
        what: "the Unicode tables equal those of the interpreters found",
        tier: Tier::Default,
        run: checks::unicode_tables,
    },
    Step {
        name: "explorer",
        what: "the page in explorer/ gives the compiler's answers, within its budgets, in Chromium",
        tier: Tier::All,
        run: explorer::step,
    },
    Step {
        name: "cluster",
        what: "jobs on a cluster count each case once, whatever is killed",
        tier: Tier::All,
        run: cluster::step,
    },
    Step {
        name: "selftest",
        what: "injected defects are found within a minute, and nothing is found without one",
        tier: Tier::All,
        run: |context| Ok(StepResult::Passed(selftest::run(60, context.log())?.join("; "))),
    },
];

fn lints(context: &Context) -> Result<StepResult> {
    let mut clippy = cargo();
    clippy.args(["clippy", "--workspace", "--all-targets"]).args(context.features());
    context.run(clippy.args(["--", "-D", "warnings"]))?;
    Ok(StepResult::Passed(String::new()))
}

/// A test whose prerequisites this machine has must not be ignored.
fn tests(context: &Context) -> Result<StepResult> {
    let mut required = vec![std::env::var("SRE_REQUIRE").unwrap_or_default()];
    let here = [
        (Prerequisite::Python, Python::find().is_ok()),
        (Prerequisite::Embedded, context.embedded),
        (Prerequisite::Samples, sre_support::variable("SRE_SAMPLES").is_some()),
        (Prerequisite::Valgrind, output(Command::new("valgrind").arg("--version")).is_ok()),
    ];
    required.extend(here.iter().filter(|(_, is_here)| *is_here).map(|(what, _)| what.name().to_owned()));
    let mut test = cargo();
    test.args(["test", "--workspace", "--no-fail-fast"]).args(context.features());
    context.run(test.env("SRE_REQUIRE", required.join(",")))?;
    let printed = context.printed();
    let results: Vec<&str> = printed.lines().filter(|line| line.starts_with("test result: ok. ")).collect();
    let count = |what: &str| -> usize {
        let before = results.iter().filter_map(|line| line.split(what).next()?.split(' ').next_back());
        before.filter_map(|count| count.parse::<usize>().ok()).sum()
    };
    let note = format!("{} tests, {} ignored", count(" passed"), count(" ignored"));
    Ok(StepResult::Passed(if results.is_empty() { String::new() } else { note }))
}

fn examples(context: &Context) -> Result<StepResult> {
    let pythons = checks::interpreters()?;
    if pythons.is_empty() {
        return skipped(Prerequisite::Python, "no interpreter".to_owned());
    }
    context.run(checks::record_examples(&pythons).arg("--check"))?;
    Ok(StepResult::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}

/// Tests without the embedded interpreter, which is then not required.
fn no_python(context: &Context) -> Result<StepResult> {
    let required = std::env::var("SRE_REQUIRE").unwrap_or_default();
    let embedded = Prerequisite::Embedded.name();
    let required: Vec<&str> = required.split(',').filter(|name| *name != embedded).collect();
    let mut test = cargo();
    test.args(["test", "--workspace", "--no-default-features", "--no-fail-fast"]);
    context.run(test.env("SRE_REQUIRE", required.join(",")))?;
    Ok(StepResult::Passed(String::new()))
}

fn replay(context: &Context) -> Result<StepResult> {
    let mut sre = cargo();
    sre.args(["run", "--package", "sre-cli"])
        .args(context.features())
        .args(["--bin", "sre", "--", "corpus", "test"]);
    // The recorded answers need no interpreter.
    let with =
        if Python::find().is_ok() { ["--pythons", "all", "--debug"].as_slice() } else { &["--no-python"] };
    context.run(sre.args(with))?;
    Ok(StepResult::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}

/// The step counts as skipped if a minor version has no interpreter.
fn pythons(context: &Context) -> Result<StepResult> {
    let mut sre = cargo();
    sre.args(["run", "--quiet", "--package", "sre-cli"]).args(context.features());
    let printed = output(sre.args(["--bin", "sre", "--", "pythons", "--format", "json"]))?;
    let missing = missing(&checks::listed(&printed)?);
    Ok(match missing.is_empty() {
        true => StepResult::Passed(String::new()),
        false => StepResult::Skipped(format!(
            "no interpreter of {} was found, so these are not compared",
            missing.join(", ")
        )),
    })
}

/// Returns the minor versions in the compiler's table of dialects for which none of these is an interpreter.
fn missing(pythons: &[(String, PathBuf)]) -> Vec<String> {
    let minors: BTreeSet<u32> = Dialect::all().map(|dialect| dialect.min_version().1).collect();
    let is_found = |minor: &u32| {
        let prefix = format!("3.{minor}.");
        pythons.iter().any(|(version, _)| version.starts_with(&prefix))
    };
    minors.into_iter().filter(|minor| !is_found(minor)).map(|minor| format!("3.{minor}")).collect()
}

fn samples(context: &Context) -> Result<StepResult> {
    let Some(samples) = sre_support::variable("SRE_SAMPLES") else {
        let why = "SRE_SAMPLES names no file of JSON Lines, as written by sre record";
        return skipped(Prerequisite::Samples, why.to_owned());
    };
    let mut sre = cargo();
    sre.args(["run", "--package", "sre-cli"]).args(context.features()).args([
        "--bin",
        "sre",
        "--",
        "compare",
        "--pythons",
        "all",
        "--jsonl",
    ]);
    context.run(sre.arg(samples))?;
    Ok(StepResult::Passed(String::new()))
}

fn fuzz_replay(context: &Context) -> Result<StepResult> {
    for target in ["compile", "differential"] {
        let mut program = cargo();
        program.args(["run", "--package", "sre-fuzz"]).args(context.features()).args(["--bin", target, "--"]);
        let folders = ["seeds", "regressions", "known"].map(|folder| root().join("corpus").join(folder));
        context.run(program.args(folders.iter().filter(|folder| folder.is_dir())))?;
    }
    Ok(StepResult::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn minor_versions_without_an_interpreter_are_missing() {
        let all = missing(&[]);
        assert!(
            all.len() >= 8 && all.contains(&"3.8".to_owned()) && all.contains(&"3.15".to_owned()),
            "{all:?}"
        );
        let found = missing(&[("3.15.0".to_owned(), "python3".into())]);
        assert_eq!(found, all[..all.len() - 1]);
    }
}
