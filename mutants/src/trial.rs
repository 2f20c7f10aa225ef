//! Trials: replaying the corpus with a mutant enabled.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use sre_support::visible::Shown;

/// The outcome of a trial.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// The mutant does not compile.
    Unviable,
    /// An answer differs, or the program panics.
    Caught,
    /// The program exceeds a limit of time or memory.
    Timeout,
    /// No answer differs.
    Missed,
}

/// The limits of a trial.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Processor time in seconds, which does not depend on the load of the machine.
    seconds: u64,
}

/// Limit of address space in KiB, so that a mutant cannot exhaust the memory of the machine.
const MEMORY: u64 = 2 << 20;

impl Limits {
    /// Sets the limit to several times the time of a replay without a mutant, which must succeed.
    pub(crate) fn measure(sre: &Path, corpus: &Path) -> Result<Limits> {
        let mut status = None;
        for seconds in [1, 2, 4, 8, 16, 32] {
            let tried = replay(sre, &[corpus], 0, Limits { seconds }, None)?;
            if tried.success() {
                return Ok(Limits { seconds: 3 * seconds });
            }
            status = Some(tried);
        }
        bail!("the corpus does not replay without any change: {}", status.unwrap_or_default())
    }
}

/// Replays these folders of the corpus with a mutant enabled; 0 is none.
pub(crate) fn trial(sre: &Path, folders: &[&Path], mutant: u32, limits: Limits) -> Result<Outcome> {
    /// Signals for a process that has used up its time; the second one follows a second later.
    const SIGXCPU: i32 = 24;
    const SIGKILL: i32 = 9;
    let status = replay(sre, folders, mutant, limits, None)?;
    Ok(match status.signal() {
        Some(SIGXCPU | SIGKILL) => Outcome::Timeout,
        _ if status.success() => Outcome::Missed,
        _ => Outcome::Caught,
    })
}

/// Returns the mutants whose places a folder of the corpus reaches; it can detect no others.
pub(crate) fn asked(sre: &Path, folder: &Path, note: &Path, limits: Limits) -> Result<BTreeSet<u32>> {
    let status = replay(sre, &[folder], 0, limits, Some(note))?;
    ensure!(status.success(), "{}: {status}", folder.shown());
    let text = fs::read_to_string(note).with_context(|| note.shown().to_string())?;
    text.lines().map(|line| line.parse().context("not a number")).collect()
}

fn replay(
    sre: &Path,
    folders: &[&Path],
    mutant: u32,
    limits: Limits,
    asked: Option<&Path>,
) -> Result<ExitStatus> {
    let limit = format!("ulimit -t {} && ulimit -v {MEMORY} && exec \"$0\" \"$@\"", limits.seconds);
    let mut shell = Command::new("sh");
    shell.args(["-c", &limit]).arg(sre).args(["corpus", "test", "--no-python", "--first"]).args(folders);
    shell.env("SRE_MUTANT", mutant.to_string()).env_remove("SRE_MUTANTS_ASKED");
    shell.envs(asked.map(|file| ("SRE_MUTANTS_ASKED", file)));
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().context("sh")
}
