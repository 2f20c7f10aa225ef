//! A plain `cargo test` without Python, for some of the mutants that the corpus catches.
//!
//! Each mutant is applied to a copy of the workspace, as an edit of its source would be.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use sre_support::visible::Shown;
use sre_support::{files_below, variable};

use crate::run::{Work, try_all};
use crate::state::State;
use crate::tree::write;
use crate::trial::Outcome;

/// The size of a sample, and what selects it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub size: usize,
    pub seed: u64,
    /// How many mutants are tried with the corpus at a time.
    pub jobs: u16,
    /// Skip the mutants that need a build of their own.
    pub quick: bool,
}

/// Draws from the mutants with these indices, and tests each. Returns whether all are detected.
pub(crate) fn test(work: Work<'_>, chosen: Vec<usize>, sample: Sample, state: &mut State) -> Result<bool> {
    let drawn = draw(work, chosen, sample, state)?;
    let plain = Plain::new(work)?;
    let start = Instant::now();
    if let Some(failed) = plain.failure()? {
        bail!("without a mutant, {failed} fails as well");
    }
    println!("no mutant: all tests pass, {} s", start.elapsed().as_secs());
    let mut detected = 0;
    for (number, &index) in drawn.iter().enumerate() {
        let (mutant, start) = (&work.mutants[index], Instant::now());
        let source = work.source(&mutant.file)?;
        let changed =
            mutant.apply(&source).with_context(|| format!("cannot be applied: {}", mutant.place))?;
        write(&plain.root.join(&mutant.file), changed.as_bytes())?;
        let failed = plain.failure()?;
        write(&plain.root.join(&mutant.file), source.as_bytes())?;
        detected += usize::from(failed.is_some());
        let failed = failed.unwrap_or_else(|| "NO TEST".to_owned());
        println!("{:2}. {failed} fails, {} s\n    {}", number + 1, start.elapsed().as_secs(), mutant.place);
    }
    println!("{detected} of {} mutants fail a plain `cargo test` without Python", drawn.len());
    Ok(detected == drawn.len())
}

/// Draws mutants that the corpus catches. Those whose outcome is not known are tried.
fn draw(work: Work<'_>, mut chosen: Vec<usize>, sample: Sample, state: &mut State) -> Result<Vec<usize>> {
    fastrand::Rng::with_seed(sample.seed).shuffle(&mut chosen);
    let mut drawn = Vec::new();
    // More than four of five mutants are caught.
    for some in chosen.chunks(sample.size.saturating_mul(5).div_ceil(4).max(1)) {
        let untried: Vec<usize> =
            some.iter().copied().filter(|&index| state.get(&work.mutants[index]).is_none()).collect();
        try_all(work, &untried, sample.jobs, sample.quick, state)?;
        let is_caught = |index: &usize| state.get(&work.mutants[*index]) == Some(Outcome::Caught);
        drawn.extend(some.iter().copied().filter(is_caught));
        if drawn.len() >= sample.size {
            drawn.truncate(sample.size);
            return Ok(drawn);
        }
    }
    bail!("the corpus catches only {} of these mutants", drawn.len())
}

/// A copy of the workspace in which cargo finds no Python.
struct Plain {
    root: PathBuf,
    target: PathBuf,
    /// Links to the programs on the PATH.
    programs: PathBuf,
    /// An empty home, for interpreters are also searched for there.
    home: PathBuf,
}

/// Variables that name interpreters, or would have a test fail that lacks one.
const OTHERS: [&str; 9] = [
    "SRE_PYTHONS",
    "SRE_REQUIRE",
    "PYO3_PYTHON",
    "PYENV_ROOT",
    "UV_PYTHON_INSTALL_DIR",
    "XDG_DATA_HOME",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "CARGO_TARGET_DIR",
];

/// The tests that run, until one fails. The first is one of those that the second runs, and builds in a
/// fraction of the time.
const TESTS: [&[&str]; 2] = [&["test", "--package", "sre-compiler", "--test", "examples"], &["test"]];

/// Limit of processor time of each process in seconds.
const SECONDS: u32 = 900;

impl Plain {
    fn new(work: Work<'_>) -> Result<Plain> {
        let at = |name| work.folder.join(name);
        let plain = Plain {
            root: at("plain"),
            target: at("plain-build"),
            programs: at("programs"),
            home: at("home"),
        };
        let files = listed(work.root)?;
        for name in &files {
            let bytes = fs::read(work.root.join(name)).with_context(|| name.shown().to_string())?;
            write(&plain.root.join(name), &bytes)?;
        }
        for file in files_below(&plain.root)? {
            if !files.contains(file.strip_prefix(&plain.root)?) {
                fs::remove_file(&file).with_context(|| file.shown().to_string())?;
            }
        }
        let _ = fs::remove_dir_all(&plain.programs);
        fs::create_dir_all(&plain.programs).context("the links to programs")?;
        fs::create_dir_all(&plain.home).context("the empty home")?;
        for folder in env::split_paths(&env::var_os("PATH").unwrap_or_default()) {
            for program in fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = program.file_name();
                let text = name.to_string_lossy().to_lowercase();
                if !text.contains("python") && !text.contains("pypy") {
                    // The first of a name wins.
                    let _ = symlink(program.path(), plain.programs.join(name));
                }
            }
        }
        for name in ["python3", "python"] {
            let mut python = plain.command(name);
            let started = python.arg("--version").output();
            ensure!(started.is_err(), "{name} still starts, though it should not be found");
        }
        Ok(plain)
    }

    /// Returns a command that finds no Python.
    fn command(&self, program: &str) -> Command {
        let home = variable("HOME").map(PathBuf::from).unwrap_or_default();
        let or_in_home = |name, folder| variable(name).map_or_else(|| home.join(folder), PathBuf::from);
        let mut command = Command::new(program);
        command.env("CARGO_HOME", or_in_home("CARGO_HOME", ".cargo"));
        command.env("RUSTUP_HOME", or_in_home("RUSTUP_HOME", ".rustup"));
        command.env("PATH", &self.programs).env("HOME", &self.home);
        OTHERS.iter().for_each(|name| {
            command.env_remove(name);
        });
        command.current_dir(&self.root).stdin(Stdio::null());
        command
    }

    /// Runs the tests. Returns the test program that fails, as an argument of `cargo test`, if one does.
    fn failure(&self) -> Result<Option<String>> {
        for arguments in TESTS {
            let limit = format!("ulimit -t {SECONDS} && exec cargo \"$@\"");
            let mut cargo = self.command("sh");
            cargo.args(["-c", &limit, "cargo"]).args(arguments).arg("--target-dir").arg(&self.target);
            let output = cargo.output().context("cargo test")?;
            let printed = String::from_utf8_lossy(&output.stderr);
            if output.status.success() {
                continue;
            }
            // Otherwise it was not a test that failed, but a build.
            let rerun = |line: &str| {
                line.strip_prefix("error: ")?
                    .split("to rerun pass `")
                    .nth(1)?
                    .split('`')
                    .next()
                    .map(str::to_owned)
            };
            let Some(failed) = printed.lines().find_map(rerun) else {
                bail!("cargo {}: {}\n{}", arguments.join(" "), output.status, printed.trim());
            };
            return Ok(Some(failed));
        }
        Ok(None)
    }
}

/// Returns the files of a checkout, apart from those that git ignores.
fn listed(root: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let output = git.stdin(Stdio::null()).output().context("git ls-files")?;
    ensure!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim());
    let names = String::from_utf8(output.stdout).context("git ls-files")?;
    let names = names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from);
    Ok(names.filter(|name| root.join(name).is_file()).collect())
}
