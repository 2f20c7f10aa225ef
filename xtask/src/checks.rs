//! Steps of several commands: the package, no_std, the minimum supported Rust version, the Unicode tables.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::shell::{cargo, exit_code, files, make_empty_folder, output, root, rustup_run, show, target};
use crate::test::{Context, StepResult};
use crate::unicode;

/// Record what the interpreters found answer to every case of the corpus.
///
/// Shows what would change; only --accept writes.
///
/// Exit status: 0 written, or nothing to change; 1 cannot run; 2 something would change.
#[derive(Args, Debug)]
pub(crate) struct AnswersArguments {
    /// The corpus. [default: the one of this workspace]
    corpus: Option<PathBuf>,
    /// The interpreters, separated by commas: 3.13.0, 3.13 (its newest one found), all, or paths.
    #[arg(long, value_name = "LIST", default_value = "all")]
    pythons: String,
    /// Write the changes.
    #[arg(long)]
    accept: bool,
    #[arg(long, hide = true, conflicts_with = "accept")]
    check: bool,
}

/// Records answers with the command that the workspace builds.
pub(crate) fn answers_command(arguments: &AnswersArguments) -> Result<ExitCode> {
    let mut sre = cargo();
    sre.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "sre-cli",
        "--bin",
        "sre",
        "--",
        "corpus",
        "record",
    ]);
    sre.args(arguments.corpus.iter().flat_map(|folder| ["--corpus".as_ref(), folder.as_os_str()]))
        .args(["--pythons", &arguments.pythons]);
    exit_code(sre.args(arguments.accept.then_some("--accept")).args(arguments.check.then_some("--check")))
}

/// Returns the command that records the examples of the compiler's package with these interpreters.
pub(crate) fn record_examples(pythons: &[(String, PathBuf)]) -> Command {
    let mut command = Command::new(pythons.last().map_or(Path::new("python3"), |(_, path)| path));
    command.arg(root().join("compiler/tests/record_examples.py"));
    command.args(pythons.iter().map(|(_, path)| path));
    command
}

/// Record what the interpreters found answer to compiler/tests/examples.txt.
///
/// Exit status: 0 written, or nothing to change; 1 cannot run; 2 with --check, something would change.
#[derive(Args, Debug)]
pub(crate) struct ExamplesArguments {
    /// Write nothing; exit status 2 if something would change.
    #[arg(long)]
    check: bool,
}

pub(crate) fn examples_command(arguments: &ExamplesArguments) -> Result<ExitCode> {
    let mut command = record_examples(&interpreters()?);
    exit_code(command.args(arguments.check.then_some("--check")))
}

/// Tests the package of the compiler as it would be published: unpacked in a folder outside the workspace,
/// without the corpus and without Python.
pub(crate) fn package(context: &Context) -> Result<StepResult> {
    let work = target().join("package");
    let mut package = cargo();
    // The other steps test uncommitted changes as well.
    package.args(["package", "--package", "sre-compiler", "--no-verify", "--allow-dirty"]);
    context.run(&mut package)?;
    let crates = files(&work);
    let file = crates.iter().rfind(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("sre-compiler-") && name.ends_with(".crate")
    });
    let file = file.context("cargo package wrote no .crate file")?;
    let name = file.file_stem().unwrap_or_default();
    let outside = std::env::temp_dir().join(format!("sre-package-{}", std::process::id()));
    make_empty_folder(&outside)?;
    let unpacked = context.run(Command::new("tar").arg("-xzf").arg(file).arg("-C").arg(&outside));
    let tested = unpacked.and_then(|()| {
        let mut test = cargo();
        test.arg("test").current_dir(outside.join(name));
        context.run(test.env("CARGO_TARGET_DIR", outside.join("target")))
    });
    let _ = fs::remove_dir_all(&outside);
    tested?;
    let size = fs::metadata(file).map_or(0, |metadata| metadata.len());
    Ok(StepResult::Passed(format!("{} KiB", size.div_ceil(1024))))
}

/// Builds the compiler without the standard library: for an installed target that has none, or else for this
/// machine, with a sysroot that contains only core and alloc.
pub(crate) fn no_std(context: &Context) -> Result<StepResult> {
    let build = ["build", "--package", "sre-compiler", "--lib", "--target"];
    let installed =
        output(Command::new("rustup").args(["target", "list", "--installed"])).unwrap_or_default();
    let bare =
        |name: &&str| name.ends_with("-none") || name.contains("-none-") || name.starts_with("wasm32v1");
    if let Some(bare) = installed.lines().find(bare) {
        context.run(cargo().args(build).arg(bare))?;
        return Ok(StepResult::Passed(format!("built for {bare}")));
    }
    let about = output(rustc().arg("-vV"))?;
    let host =
        about.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV prints no host")?;
    let sysroot = sysroot_without_std(host)?;
    let flags = format!("--sysroot\x1f{}", sysroot.to_string_lossy());
    let folder = target().join("no-std");
    let command = |arguments: &[&str]| {
        let mut command = cargo();
        command.args(arguments).arg(host).arg("--target-dir").arg(&folder);
        command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", &flags);
        command
    };
    context.run(&mut command(&build))?;
    // Code that uses std must not build with this sysroot.
    let mut probe = rustc();
    probe.args(["--sysroot"]).arg(&sysroot).args([
        "--target",
        host,
        "--emit=metadata",
        "--crate-type=lib",
        "-o",
    ]);
    probe.arg(folder.join("probe.rmeta")).arg("-");
    match output(&mut probe) {
        Err(why) if why.to_string().contains("can't find crate for `std`") => {}
        Err(why) => bail!("{}: failed for another reason than the missing std: {why:#}", show(&probe)),
        Ok(_) => bail!("code that uses std builds with the sysroot that should not contain it"),
    }
    Ok(StepResult::Passed(format!(
        "built for {host} with a sysroot of core and alloc only (no bare target installed)"
    )))
}

fn rustc() -> Command {
    let mut command = Command::new("rustc");
    command.current_dir(root());
    command
}

/// Makes a sysroot for this machine from core, alloc and what they need.
fn sysroot_without_std(host: &str) -> Result<PathBuf> {
    let whole = output(rustc().args(["--print", "sysroot"]))?;
    let libraries = Path::new("lib/rustlib").join(host).join("lib");
    let sysroot = target().join("no-std-sysroot");
    make_empty_folder(&sysroot.join(&libraries))?;
    for library in files(&Path::new(&whole).join(&libraries)) {
        let name = library.file_name().unwrap_or_default();
        let wanted = ["libcore-", "liballoc-", "libcompiler_builtins-"];
        if wanted.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
            fs::copy(&library, sysroot.join(&libraries).join(name))?;
        }
    }
    Ok(sysroot)
}

/// Checks the workspace with the `rust-version` of `Cargo.toml`.
pub(crate) fn msrv(context: &Context) -> Result<StepResult> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let promised =
        manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).map(|v| v.trim_matches('"'));
    let promised = promised.context("Cargo.toml has no rust-version")?;
    let name = format!("{promised}.0");
    let Ok(installed) = output(Command::new("rustup").args(["toolchain", "list", "--quiet"])) else {
        return Ok(StepResult::Skipped("no rustup".to_owned()));
    };
    if !installed.lines().any(|line| line.starts_with(&format!("{name}-"))) {
        let mut install = Command::new("rustup");
        install.args(["toolchain", "install", &name, "--profile", "minimal", "--no-self-update"]);
        if let Err(why) = context.run(&mut install) {
            return Ok(StepResult::Skipped(format!("Rust {name} is not installed, and cannot be: {why:#}")));
        }
    }
    let mut check = rustup_run(&name, "cargo");
    check.args(["check", "--workspace", "--target-dir"]).arg(target().join("msrv"));
    context.run(check.args(context.features()))?;
    Ok(StepResult::Passed(format!("Rust {name}")))
}

/// Compares the Unicode tables with the interpreters.
pub(crate) fn unicode_tables(context: &Context) -> Result<StepResult> {
    let pythons = interpreters()?;
    if pythons.is_empty() {
        return Ok(StepResult::Skipped("no interpreter".to_owned()));
    }
    // A process of its own, so that its output goes to the log; run by cargo, since earlier steps may have rebuilt it.
    context.run(cargo().args(["xtask", "unicode", "--check"]))?;
    Ok(StepResult::Passed(pythons.iter().map(|(version, _)| version.as_str()).collect::<Vec<_>>().join(", ")))
}

/// Regenerate the Unicode tables of the compiler from the interpreters found.
#[derive(Args, Debug)]
pub(crate) struct UnicodeArguments {
    /// Write nothing; compare the tables with the interpreters instead.
    #[arg(long)]
    check: bool,
}

pub(crate) fn unicode_command(arguments: &UnicodeArguments) -> Result<ExitCode> {
    unicode::run(arguments.check, &interpreters()?)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns version and path of the interpreters that `sre pythons` finds.
pub(crate) fn interpreters() -> Result<Vec<(String, PathBuf)>> {
    let mut sre = cargo();
    sre.args(["run", "--quiet", "--package", "sre-cli", "--no-default-features", "--bin", "sre", "--"]);
    sre.arg("pythons");
    listed(&output(sre.args(["--format", "json"]))?)
}

/// Returns version and path of the interpreters in the JSON of `sre pythons`, except those without a dialect,
/// which are too old or too new. A label such as `(candidate)` is removed from the version.
pub(crate) fn listed(json: &str) -> Result<Vec<(String, PathBuf)>> {
    let listed: Value = serde_json::from_str(json).context("the JSON of sre pythons")?;
    let pythons = listed["pythons"].as_array().context("the JSON of sre pythons has no \"pythons\"")?;
    let text = |python: &Value, key: &str| {
        let text = python[key].as_str().map(str::to_owned);
        text.with_context(|| format!("an interpreter in the JSON of sre pythons has no {key:?}"))
    };
    let known = pythons.iter().filter(|python| !python["dialect"].is_null());
    known
        .map(|python| {
            let version = text(python, "version")?;
            let version = version.split(' ').next().unwrap_or_default().to_owned();
            Ok((version, PathBuf::from(text(python, "path")?)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn only_interpreters_with_a_dialect_are_listed() {
        let json = r#"{ "embedded": null, "failures": [], "pythons": [
            { "path": "/a b/python3.15", "version": "3.15.0 (candidate)", "dialect": "3.15.0", "unsupported": null },
            { "path": "/usr/bin/python3.7", "version": "3.7.16", "dialect": null, "unsupported": "too old" } ] }"#;
        assert_eq!(listed(json).unwrap(), [("3.15.0".to_owned(), "/a b/python3.15".into())]);
        assert!(listed("[]").is_err() && listed(r#"{ "pythons": [{ "dialect": "3.8" }] }"#).is_err());
    }
}
