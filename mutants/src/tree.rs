//! Copies of the workspace, in which mutants are built.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use sre_support::files_below;
use sre_support::visible::Shown;

use crate::schema::{SWITCH, SWITCH_SOURCE};

/// A copy of what the command `sre` is built from.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    target: PathBuf,
}

/// The result of a build.
#[derive(Debug)]
pub(crate) enum Built {
    /// The program.
    Program(PathBuf),
    Errors(Vec<CompileError>),
}

/// An error of the Rust compiler.
#[derive(Debug)]
pub(crate) struct CompileError {
    /// Relative to the root of the copy.
    pub file: PathBuf,
    pub offset: usize,
    pub line: usize,
    pub text: String,
}

/// Profiles without debug information, which build faster.
const PROFILES: &str = "
[profile.dev.package.sre-compiler]
debug = false
opt-level = OPT
[profile.dev.package.sre-oracle]
debug = false
";

/// Lints that would reject valid mutants, such as one that divides by zero at run time.
const LINTS: &str = "arithmetic_overflow = \"allow\"\nunconditional_panic = \"allow\"\n";

impl Tree {
    /// Makes or updates a copy. Unchanged files are not touched, so that cargo does not rebuild them.
    /// `opt_level` is cargo's. The files in `but` are left to the caller.
    pub(crate) fn copy(
        from: &Path,
        root: PathBuf,
        target: PathBuf,
        opt_level: &str,
        but: &BTreeSet<&Path>,
    ) -> Result<Tree> {
        let tree = Tree { root, target };
        let crates = needed_crates(from)?;
        let mut current = BTreeSet::new();
        for part in crates.iter().map(PathBuf::as_path).chain([Path::new("Cargo.lock")]) {
            for file in files(&from.join(part))? {
                let name = file.strip_prefix(from)?.to_owned();
                current.insert(tree.root.join(&name));
                if but.contains(name.as_path()) {
                    continue;
                }
                let mut bytes = fs::read(&file).with_context(|| file.shown().to_string())?;
                if name == Path::new("compiler/Cargo.toml") {
                    let dependency = format!("[dependencies]\n{SWITCH} = {{ path = \"../switch\" }}\n");
                    bytes = String::from_utf8(bytes)?.replace("[dependencies]\n", &dependency).into_bytes();
                }
                tree.write(&name, &bytes)?;
            }
        }
        for file in files(&tree.root.join("compiler"))? {
            if !current.contains(&file) {
                fs::remove_file(&file).with_context(|| file.shown().to_string())?;
            }
        }
        let manifest = fs::read_to_string(from.join("Cargo.toml")).context("Cargo.toml")?;
        let line = |start| manifest.lines().find(|line| line.starts_with(start));
        let members = line("members = ").context("Cargo.toml has no members")?;
        let default_members = line("default-members = ").unwrap_or_default();
        let manifest = manifest
            .replace(default_members, "")
            .replace(members, &format!("members = {:?}", [crates, vec!["switch".into()]].concat()))
            .replace("[workspace.lints.rust]\n", &format!("[workspace.lints.rust]\n{LINTS}"));
        tree.write(Path::new("Cargo.toml"), (manifest + &PROFILES.replace("OPT", opt_level)).as_bytes())?;
        let switch = format!("[package]\nname = \"{SWITCH}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n");
        tree.write(Path::new("switch/Cargo.toml"), switch.as_bytes())?;
        tree.write(Path::new("switch/src/lib.rs"), SWITCH_SOURCE.as_bytes())?;
        Ok(tree)
    }

    /// Writes a file, unless it already has these contents.
    pub(crate) fn write(&self, name: &Path, bytes: &[u8]) -> Result<()> {
        write(&self.root.join(name), bytes)
    }

    /// Builds the command `sre`.
    pub(crate) fn build(&self) -> Result<Built> {
        let build = ["build", "--package", "sre-cli", "--bin", "sre"];
        let errors = self.cargo(&build)?;
        Ok(if errors.is_empty() {
            Built::Program(self.target.join("debug/sre"))
        } else {
            Built::Errors(errors)
        })
    }

    /// Checks whether the compiler compiles.
    pub(crate) fn check(&self) -> Result<Vec<CompileError>> {
        self.cargo(&["check", "--package", "sre-compiler"])
    }

    fn cargo(&self, arguments: &[&str]) -> Result<Vec<CompileError>> {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).args(["--message-format", "json", "--target-dir"]).arg(&self.target);
        cargo.env_remove("CARGO_TARGET_DIR").current_dir(&self.root).stdin(Stdio::null());
        let output = cargo.output().context("cargo")?;
        if output.status.success() {
            return Ok(Vec::new());
        }
        let messages = String::from_utf8_lossy(&output.stdout);
        let errors: Vec<_> = messages.lines().filter_map(compile_error).collect();
        if errors.is_empty() {
            bail!("cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(errors)
    }
}

#[derive(Deserialize)]
struct Line {
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    message: String,
    spans: Vec<Primary>,
}

#[derive(Deserialize)]
struct Primary {
    file_name: PathBuf,
    byte_start: usize,
    line_start: usize,
    is_primary: bool,
}

fn compile_error(line: &str) -> Option<CompileError> {
    let Message { level, message: text, spans } = serde_json::from_str::<Line>(line).ok()?.message?;
    let primary = spans.into_iter().find(|span| span.is_primary)?;
    let Primary { file_name: file, byte_start: offset, line_start: line, .. } = primary;
    level.starts_with("error").then_some(CompileError { file, offset, line, text })
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    path: Option<PathBuf>,
}

/// Returns the folders, from the root of a workspace, of the command `sre` and of the crates of the
/// workspace that it needs, those of its tests included: cargo reads their manifests.
fn needed_crates(root: &Path) -> Result<Vec<PathBuf>> {
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root).stdin(Stdio::null());
    let output = cargo.output().context("cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let Metadata { packages } = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let (mut needed, mut open) = (BTreeSet::new(), vec![root.join("sre")]);
    while let Some(folder) = open.pop() {
        let package = packages.iter().find(|package| package.manifest_path.parent() == Some(&folder));
        let package = package.with_context(|| format!("no crate of the workspace in {}", folder.shown()))?;
        if needed.insert(folder.strip_prefix(root)?.to_owned()) {
            open.extend(package.dependencies.iter().filter_map(|dependency| dependency.path.clone()));
        }
    }
    Ok(needed.into_iter().collect())
}

/// Returns the files below a path; none if it does not exist.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    files_below(path).with_context(|| path.shown().to_string())
}

/// Writes a file and the folders above it, unless it already has these contents: Cargo goes by times.
pub(crate) fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(file).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let write = || {
        file.parent().map(fs::create_dir_all).transpose()?;
        fs::write(file, bytes)
    };
    write().with_context(|| file.shown().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_crates_that_the_command_needs_are_copied() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
        let crates = needed_crates(&root).unwrap();
        for name in ["sre", "compiler", "oracle", "case", "support"] {
            assert!(crates.contains(&name.into()), "{name}: {crates:?}");
        }
        assert!(!crates.contains(&"xtask".into()), "{crates:?}");
    }
}
