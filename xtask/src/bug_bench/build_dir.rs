//! A copy of the workspace, in which bugs are injected. The checkout is never changed.

use std::fs;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use sre_support::fnv::fnv1a;
use sre_support::visible::Shown;

use super::bugs::Bug;
use crate::run::cargo_fuzz_build;
use crate::setup::Toolchain;
use crate::shell::{cargo, files, finish, make_folder, root, target};

/// The copy and the programs that were built from it.
#[derive(Debug)]
pub(super) struct BuildDir<'a> {
    /// For fuzz targets.
    toolchain: Option<&'a Toolchain>,
    embedded: bool,
    copy: PathBuf,
    build: PathBuf,
    /// The folder of the programs that were built from the current sources.
    programs: PathBuf,
}

/// The command `sre`, which is built without an interpreter.
pub(super) const COMMAND: &str = "sre";

/// The example of sre-oracle that gives the outcomes of the compiler alone, built with checks of overflow.
pub(super) const OUTCOMES: &str = "outcomes";

/// What the programs are built from.
const BUILT: [&str; 10] = [
    "Cargo.lock",
    "case",
    "compiler",
    "findings",
    "fuzz",
    "generate",
    "matching",
    "memory",
    "oracle",
    "support",
];
/// What cargo needs besides all crates.
const WANTED: [&str; 5] = [".cargo", "Cargo.toml", "Cargo.lock", "explorer/wasm", "findings/expected.toml"];
/// What is in the crates' folders but not needed.
const NOT_COPIED: [&str; 4] = ["fuzz/corpus", "fuzz/artifacts", "fuzz/bug_bench", "fuzz/injected_bugs.txt"];

impl<'a> BuildDir<'a> {
    /// Updates the copy, and removes programs that were built from older sources.
    pub(super) fn open(toolchain: Option<&'a Toolchain>, embedded: bool) -> Result<BuildDir<'a>> {
        let folder = target().join("bug-bench");
        let copy = folder.join("workspace");
        let mut built_from = vec![u8::from(embedded)];
        let sources = sources();
        for source in &sources {
            let bytes = read(&root().join(source))?;
            if BUILT.iter().any(|part| source.starts_with(part)) {
                add_part(&mut built_from, source.as_os_str().as_encoded_bytes());
                add_part(&mut built_from, &bytes);
            }
            // Unchanged files retain their time, so that cargo does not rebuild them.
            let to = copy.join(source);
            if fs::read(&to).ok().as_ref() != Some(&bytes) {
                write(&to, &bytes)?;
            }
        }
        let is_gone =
            |path: &PathBuf| path.strip_prefix(&copy).is_ok_and(|p| !sources.iter().any(|s| s == p));
        for file in files(&copy).iter().filter(|path| is_gone(path)) {
            fs::remove_file(file).with_context(|| file.shown().to_string())?;
        }
        let programs = folder.join("programs").join(format!("{:016x}", fnv1a(built_from)));
        if !programs.exists() {
            // All programs there are of other sources.
            let _ = fs::remove_dir_all(folder.join("programs"));
        }
        make_folder(&programs)?;
        Ok(BuildDir { toolchain, embedded, copy, build: folder.join("build"), programs })
    }

    /// Returns a fuzz target or `sre`, with a bug or without. Builds it if it does not exist.
    pub(super) fn program(&self, target: &str, bug: Option<&Bug>) -> Result<PathBuf> {
        let name = bug.map_or("none", |bug| &bug.name);
        let hash = bug.map_or(0, Bug::hash);
        let program = self.programs.join(format!("{target}-{name}-{hash:016x}"));
        if program.exists() {
            return Ok(program);
        }
        let built = match bug {
            None => self.built(target)?,
            Some(bug) => {
                let file = self.copy.join(bug.path());
                let source = String::from_utf8_lossy(&read(&file)?).into_owned();
                write(&file, bug.injected_into(&source)?.as_bytes())?;
                let built = self.built(target);
                write(&file, source.as_bytes())?;
                built.map_err(|why| anyhow!("{} cannot be built: {why:#}", bug.name))?
            }
        };
        let beside = program.with_extension("new");
        let name = || program.shown().to_string();
        fs::copy(built, &beside).with_context(name)?;
        fs::rename(beside, &program).with_context(name)?;
        Ok(program)
    }

    /// Builds a target as `cargo xtask fuzz` does, or `sre`, without debug information. After the
    /// first time, only what a bug changes is built.
    fn built(&self, target: &str) -> Result<PathBuf> {
        if target == OUTCOMES {
            return self.built_outcomes();
        }
        let toolchain = self.toolchain.context("no toolchain")?;
        let host = &toolchain.host;
        let is_command = target == COMMAND;
        let mut command = if is_command { cargo() } else { cargo_fuzz_build(toolchain) };
        match is_command {
            true => command.args(["build", "--release", "--package", "sre-cli", "--bin", target]),
            false => command.arg(target),
        };
        if is_command || !self.embedded {
            command.arg("--no-default-features");
        }
        let folder = self.build.with_file_name(if is_command { "build-sre" } else { "build" });
        command.arg("--target-dir").arg(&folder).current_dir(&self.copy);
        command.env("CARGO_INCREMENTAL", "1").env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        let log = self.build.with_extension("log");
        let file = File::create(&log).with_context(|| log.shown().to_string())?;
        finish(&mut command, Some(&file)).map_err(|why| anyhow!("{why:#}\nsee {}", log.shown()))?;
        let release = if is_command { folder } else { folder.join(host) };
        Ok(release.join("release").join(target))
    }
}

impl BuildDir<'_> {
    fn built_outcomes(&self) -> Result<PathBuf> {
        let folder = self.build.with_file_name("build-outcomes");
        let mut command = cargo();
        command
            .args(["build", "--package", "sre-oracle", "--example", OUTCOMES, "--target-dir"])
            .arg(&folder);
        command.current_dir(&self.copy).env("CARGO_INCREMENTAL", "1").env("CARGO_PROFILE_DEV_DEBUG", "0");
        let log = self.build.with_extension("log");
        let file = File::create(&log).with_context(|| log.shown().to_string())?;
        finish(&mut command, Some(&file)).map_err(|why| anyhow!("{why:#}\nsee {}", log.shown()))?;
        Ok(folder.join("debug/examples").join(OUTCOMES))
    }
}

/// Adds a part after its length, so that parts cannot be confused when they are hashed.
fn add_part(parts: &mut Vec<u8>, part: &[u8]) {
    parts.extend((part.len() as u64).to_le_bytes());
    parts.extend(part);
}

/// Returns the files to copy, by their paths in the workspace.
fn sources() -> Vec<PathBuf> {
    let entries = fs::read_dir(root()).into_iter().flatten().flatten().map(|entry| entry.path());
    let crates = entries.filter(|path| path.join("Cargo.toml").is_file());
    let parts = WANTED.iter().map(|part| root().join(part)).chain(crates);
    let all = parts.flat_map(|part| if part.is_dir() { files(&part) } else { vec![part] });
    let mut relative: Vec<PathBuf> =
        all.filter_map(|path| path.strip_prefix(root()).ok().map(Path::to_owned)).collect();
    relative.sort();
    relative.retain(|path| !NOT_COPIED.iter().any(|part| path.starts_with(part)));
    relative
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| path.shown().to_string())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    make_folder(path.parent().unwrap_or(path))?;
    fs::write(path, bytes).with_context(|| path.shown().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_sources_include_is_copied() {
        let root = fs::canonicalize(root()).unwrap();
        let sources = sources();
        let mut count = 0;
        let is_built = |source: &&PathBuf| BUILT.iter().any(|part| source.starts_with(part));
        for source in sources.iter().filter(is_built) {
            let text = fs::read(root.join(source)).unwrap();
            // Documentation that is included is only for tests.
            let text = String::from_utf8_lossy(&text).replace("#[doc = include_str!", "");
            for included in text.split("include_str!(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let Ok(path) = fs::canonicalize(root.join(source).with_file_name(included)) else { continue };
                let path = path.strip_prefix(&root).unwrap().to_owned();
                assert!(sources.contains(&path), "{} includes {}", source.shown(), path.shown());
                count += 1;
            }
        }
        assert!(count >= 5, "{count}");
    }
}
