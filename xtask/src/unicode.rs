//! `cargo xtask unicode [--check]`: generates the tables of `compiler/src/unicode/generated` from interpreters.
//!
//! Every interpreter prints its properties of characters (`xtask/unicode/dump.py`) into `target/unicode`. Without
//! `--check`, `xtask/unicode/generate.py` writes the tables from all of them, which needs an interpreter for each
//! Unicode version, for 15.1 one of 3.13.13 or later. With `--check`, an ignored test of the compiler compares its
//! functions with each interpreter, for all code points and names; if there is an interpreter for every Unicode
//! version, the files are compared as well.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context as _, Result, anyhow, bail};
use sre_support::visible::Shown;
use sre_support::{count, variable};

/// The versions that the tables cover; as in generate.py.
const VERSIONS: [&str; 7] = ["12.1.0", "13.0.0", "14.0.0", "15.0.0", "15.1.0", "16.0.0", "17.0.0"];
const FILES: [&str; 6] =
    ["aliases.bin", "characters.bin", "common.bin", "others.bin", "sequences.bin", "tables.rs"];
const TEST: &str = "unicode::tests::tables_match_the_facts_of_interpreters";

/// An interpreter, and the file with its properties of characters.
struct Dump {
    python: PathBuf,
    version: String,
    unicode: String,
    facts: PathBuf,
}

/// Writes the tables, or with `check` compares them with the interpreters.
///
/// `pythons` lists version (for messages) and path of each interpreter. Those that are not CPython, or have an
/// unsupported Unicode version, are skipped with a message.
pub(crate) fn run(check: bool, pythons: &[(String, PathBuf)]) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in no workspace")?;
    let target = variable("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let work = target.join("unicode");
    fs::create_dir_all(&work).with_context(|| work.shown().to_string())?;
    let mut dumps = Vec::new();
    for (version, python) in pythons {
        match unicode_version(python) {
            Ok(unicode) if VERSIONS.contains(&unicode.as_str()) => {
                let facts = work.join(format!("{version}.txt"));
                eprintln!("asking {version} (Unicode {unicode}), {}", python.shown());
                dump(root, python, &facts)?;
                dumps.push(Dump { python: python.clone(), version: version.clone(), unicode, facts });
            }
            Ok(unicode) => println!("skipped {version}: the tables do not cover Unicode {unicode}"),
            Err(why) => println!("skipped {version}: {why:#}"),
        }
    }
    let missing = missing(&dumps);
    let generated = root.join("compiler/src/unicode/generated");
    if !check {
        if !missing.is_empty() {
            bail!("no interpreter for Unicode {}: nothing was written", missing.join(", "));
        }
        return generate(root, &dumps, &generated);
    }
    if dumps.is_empty() {
        bail!("no interpreter to check the Unicode tables against");
    }
    compare_answers(root, &dumps)?;
    for version in &missing {
        println!("skipped Unicode {version}: no interpreter");
    }
    if missing.is_empty() {
        compare_files(root, &dumps, &generated, &work.join("generated"))?;
    } else {
        println!("skipped comparing the files: that needs an interpreter for each version");
    }
    Ok(())
}

/// Returns the Unicode versions for which no interpreter was found.
fn missing(dumps: &[Dump]) -> Vec<&'static str> {
    let mut missing = VERSIONS.to_vec();
    missing.retain(|version| dumps.iter().all(|dump| dump.unicode != *version));
    // Earlier ones do not find some names that follow from the number, such as those of Tangut.
    let patch = |dump: &Dump| dump.version.strip_prefix("3.13.")?.parse::<u32>().ok();
    if !missing.contains(&"15.1.0") && dumps.iter().all(|dump| patch(dump).is_none_or(|patch| patch < 13)) {
        missing.push("15.1.0 of 3.13.13 or later");
    }
    missing
}

/// Returns the Unicode version of a CPython.
fn unicode_version(python: &Path) -> Result<String> {
    let ask =
        "import platform, unicodedata; print(platform.python_implementation(), unicodedata.unidata_version)";
    let answer = output(Command::new(python).args(["-I", "-c", ask]))?;
    match answer.trim().split_once(' ') {
        Some(("CPython", version)) => Ok(version.to_string()),
        _ => Err(anyhow!("not CPython: {}", answer.trim())),
    }
}

fn dump(root: &Path, python: &Path, facts: &Path) -> Result<()> {
    let scripts = root.join("xtask/unicode");
    let file = fs::File::create(facts).with_context(|| facts.shown().to_string())?;
    let mut command = Command::new(python);
    command.arg("-I").arg(scripts.join("dump.py")).arg(scripts.join("candidates.txt")).stdout(file);
    finish(&mut command)
}

fn generate(root: &Path, dumps: &[Dump], folder: &Path) -> Result<()> {
    let any = dumps.first().context("no interpreter to run the generator")?;
    let mut command = Command::new(&any.python);
    command.arg("-I").arg(root.join("xtask/unicode/generate.py")).arg(folder);
    finish(command.args(dumps.iter().map(|dump| &dump.facts)))
}

/// Compares the compiler's functions with every interpreter, by an ignored test of the compiler.
fn compare_answers(root: &Path, dumps: &[Dump]) -> Result<()> {
    let facts = env::join_paths(dumps.iter().map(|dump| &dump.facts))?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root).env("SRE_UNICODE_FACTS", facts);
    command.args(["test", "--quiet", "--package", "sre-compiler", "--lib", TEST, "--"]);
    let report = output(command.args(["--ignored", "--exact", "--nocapture"]))?;
    // If the test were renamed, cargo would run none and succeed.
    let checked: Vec<&str> = report.lines().filter(|line| line.starts_with("checked ")).collect();
    if checked.len() != dumps.len() {
        let versions: Vec<_> = dumps.iter().map(|dump| dump.version.as_str()).collect();
        bail!("of {}, the test {TEST} checked only {} interpreters", versions.join(", "), checked.len());
    }
    println!("{}", checked.join("\n"));
    Ok(())
}

/// Generates the files and compares them with the committed ones.
fn compare_files(root: &Path, dumps: &[Dump], committed: &Path, fresh: &Path) -> Result<()> {
    fs::create_dir_all(fresh).with_context(|| fresh.shown().to_string())?;
    generate(root, dumps, fresh)?;
    for file in FILES {
        let read = |folder: &Path| fs::read(folder.join(file)).context(file);
        if read(committed)? != read(fresh)? {
            bail!("{file} differs from what the interpreters give: run `cargo xtask unicode`");
        }
    }
    println!("checked {}: equal to newly generated ones", count(FILES.len(), "file"));
    Ok(())
}

/// Runs a command and returns its output.
fn output(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() { Ok(text) } else { Err(anyhow!("{command:?}: {}\n{text}", output.status)) }
}

fn finish(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?}"))?;
    if status.success() { Ok(()) } else { Err(anyhow!("{command:?}: {status}")) }
}
