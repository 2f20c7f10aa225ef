//! What `cargo xtask test` runs, in this order: what fails fast comes first.

use crate::bench;
use crate::checks;
use crate::coverage;
use crate::leaks;
use crate::selftest;
use crate::setup::Python;
use crate::shell::{cargo, output, root};
use crate::test::{Context, Ending, Step, Verdict};

pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "format",
        what: "cargo fmt finds nothing to change",
        quick: true,
        run: |context| {
            context.run(cargo().args(["fmt", "--all", "--check"]))?;
            Ok(Ending::Passed(String::new()))
        },
    },
    Step {
        name: "lints",
        what: "clippy has nothing to say, of tests and fuzz targets either",
        quick: true,
        run: lints,
    },
    Step { name: "tests", what: "unit, integration and documentation tests", quick: true, run: tests },
    Step {
        name: "pythons",
        what: "there is an interpreter of every minor version to compare with",
        quick: true,
        run: pythons,
    },
    Step {
        name: "replay",
        what: "the corpus gives what was recorded, and what interpreters say",
        quick: true,
        run: replay,
    },
    Step {
        name: "coverage",
        what: "the corpus reaches every line and branch of the interpreters' compilers that can be reached",
        quick: false,
        run: coverage::step,
    },
    Step {
        name: "samples",
        what: "patterns of real programs, if SRE_SAMPLES names them, give what interpreters say",
        quick: false,
        run: samples,
    },
    Step {
        name: "targets",
        what: "the fuzz targets, built on stable, find nothing in the corpus",
        quick: true,
        run: targets,
    },
    Step {
        name: "leaks",
        what: "the same under a leak sanitizer, after planted leaks and retained memory were caught",
        quick: false,
        run: leaks::run,
    },
    Step {
        name: "docs",
        what: "rustdoc builds without warnings",
        quick: false,
        run: |context| {
            let mut doc = cargo();
            doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"])
                .args(context.features());
            context.run(doc.env("RUSTDOCFLAGS", "-D warnings"))?;
            Ok(Ending::Passed(String::new()))
        },
    },
    Step {
        name: "no-std",
        what: "the compiler builds without the standard library",
        quick: false,
        run: checks::no_std,
    },
    Step {
        name: "no-python",
        what: "the workspace builds without an embedded interpreter",
        quick: false,
        run: |context| {
            context.run(cargo().args(["build", "--workspace", "--no-default-features"]))?;
            Ok(Ending::Passed(String::new()))
        },
    },
    Step {
        name: "oldest-rust",
        what: "the workspace builds with the Rust that Cargo.toml promises",
        quick: false,
        run: checks::oldest_compiler,
    },
    Step {
        name: "growth",
        what: "instructions grow in proportion to the pattern, whatever it repeats",
        quick: false,
        run: bench::growth,
    },
    Step {
        name: "unicode",
        what: "the Unicode tables are what interpreters say",
        quick: false,
        run: checks::unicode_tables,
    },
    Step {
        name: "selftest",
        what: "planted defects are caught within a minute, and none is seen where none is",
        quick: false,
        run: |context| Ok(Ending::Passed(selftest::run(60, context.log())?.join("; "))),
    },
];

fn lints(context: &Context) -> Verdict {
    let mut clippy = cargo();
    clippy.args(["clippy", "--workspace", "--all-targets"]).args(context.features());
    context.run(clippy.args(["--", "-D", "warnings"]))?;
    Ok(Ending::Passed(String::new()))
}

fn tests(context: &Context) -> Verdict {
    context.run(cargo().args(["test", "--workspace", "--no-fail-fast"]).args(context.features()))?;
    let printed = context.printed();
    let results = printed.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    let count: usize = results.filter_map(|line| line.split(' ').next()?.parse::<usize>().ok()).sum();
    Ok(Ending::Passed(if count > 0 { format!("{count} tests") } else { String::new() }))
}

fn replay(context: &Context) -> Verdict {
    let mut sre = cargo();
    sre.args(["run", "--package", "sre-oracle"])
        .args(context.features())
        .args(["--bin", "sre", "--", "replay"]);
    // Without any interpreter there still are the recorded answers.
    let with =
        if Python::find().is_ok() { ["--pythons", "all", "--debug"].as_slice() } else { &["--no-python"] };
    context.run(sre.args(with))?;
    Ok(Ending::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}

/// The minor versions that the compiler speaks.
const MINOR_VERSIONS: std::ops::RangeInclusive<u32> = 8..=15;

/// A version without an interpreter is not compared with: that is said, and counted as skipped.
fn pythons(context: &Context) -> Verdict {
    let mut sre = cargo();
    sre.args(["run", "--quiet", "--package", "sre-oracle"])
        .args(context.features())
        .args(["--bin", "sre", "--", "pythons"]);
    let printed = output(&mut sre)?;
    let is_found = |minor: &u32| printed.lines().any(|line| line.starts_with(&format!("3.{minor}.")));
    let missing: Vec<String> =
        MINOR_VERSIONS.filter(|minor| !is_found(minor)).map(|minor| format!("3.{minor}")).collect();
    Ok(match missing.is_empty() {
        true => Ending::Passed(String::new()),
        false => Ending::Skipped(format!("not compared with {}: not found", missing.join(", "))),
    })
}

fn samples(context: &Context) -> Verdict {
    let Some(samples) = std::env::var_os("SRE_SAMPLES") else {
        return Ok(Ending::Skipped(
            "SRE_SAMPLES names no file of JSON Lines, as sre record writes them".into(),
        ));
    };
    let mut sre = cargo();
    sre.args(["run", "--package", "sre-oracle"]).args(context.features()).args([
        "--bin",
        "sre",
        "--",
        "compare",
        "--pythons",
        "all",
        "--jsonl",
    ]);
    context.run(sre.arg(samples))?;
    Ok(Ending::Passed(String::new()))
}

fn targets(context: &Context) -> Verdict {
    for target in ["compile", "differential"] {
        let mut program = cargo();
        program.args(["run", "--package", "sre-fuzz"]).args(context.features()).args(["--bin", target, "--"]);
        let folders = ["seeds", "regressions", "known"].map(|folder| root().join("corpus").join(folder));
        context.run(program.args(folders.iter().filter(|folder| folder.is_dir())))?;
    }
    Ok(Ending::Passed(context.printed().lines().last().unwrap_or_default().to_owned()))
}
