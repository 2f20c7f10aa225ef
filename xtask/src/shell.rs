//! Where things are, and running programs.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use anyhow::{Context as _, Result, anyhow};
use sre_support::visible::Shown;
use sre_support::{files_below, variable};

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// The folder that cargo builds into.
pub(crate) fn target() -> PathBuf {
    variable("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    without_python_settings(command.current_dir(root()));
    command
}

/// PyO3's build script asks `python3` what to link, and does not isolate it: settings of the user, as PYTHONPATH and
/// PYTHONHOME, would change the answer.
pub(crate) fn without_python_settings(command: &mut Command) -> &mut Command {
    let names = env::vars_os().map(|(name, _)| name);
    for name in names.filter(|name| name.as_encoded_bytes().starts_with(b"PYTHON")) {
        command.env_remove(name);
    }
    command
}

/// A program of some toolchain; what the running cargo has set for itself is forgotten.
pub(crate) fn rustup_run(toolchain: &str, program: &str) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", toolchain, program]).current_dir(root());
    command.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTC");
    without_python_settings(&mut command);
    command
}

/// What a command prints, if it succeeds.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| show(command))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        let error = String::from_utf8_lossy(&output.stderr);
        Err(anyhow!("{}: {}\n{}", show(command), output.status, error.trim()))
    }
}

/// Runs a command to its end, with its output in a log, or shown if there is none.
pub(crate) fn finish(command: &mut Command, log: Option<&File>) -> Result<()> {
    if let Some(log) = log {
        let another = || log.try_clone().context("the log");
        command.stdout(another()?).stderr(another()?);
    }
    let status = command.stdin(Stdio::null()).status().with_context(|| show(command))?;
    if status.success() { Ok(()) } else { Err(anyhow!("{}: {status}", show(command))) }
}

/// Runs a command to its end; returns its exit status as that of this program.
pub(crate) fn exit_code(command: &mut Command) -> Result<ExitCode> {
    let status = command.status().with_context(|| show(command))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// Returns the arguments after the name of the command, for a program with the same options.
pub(crate) fn own_arguments() -> impl Iterator<Item = OsString> {
    env::args_os().skip(2)
}

/// The command as one could type it.
pub(crate) fn show(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// A word as a shell takes it.
pub(crate) fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Makes a folder, with those above it.
pub(crate) fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| path.shown().to_string())
}

/// Makes a folder that has nothing in it.
pub(crate) fn make_empty_folder(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| path.shown().to_string())?;
    }
    make_folder(path)
}

/// Returns the files below a folder, in order; none if it does not exist.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    files_below(folder).unwrap_or_default()
}
