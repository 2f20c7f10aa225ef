//! One search for one bug.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context as _, Result, bail};
use sre_support::visible::Shown;

use crate::libfuzzer_log::{LibfuzzerLog, Stats};
use crate::run::{follow, seeds};
use crate::shell::{make_empty_folder, root, show};

/// How inputs are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The mutator of patterns, with the dictionary, starting from the committed corpus.
    PatternsCorpus,
    /// The same, starting from nothing.
    PatternsEmpty,
    /// libFuzzer's own mutations of bytes, starting from nothing, without dictionary and without
    /// coverage of CPython.
    Bytes,
    /// Mutations of bytes, guided by the coverage of CPython alone; see `reference.rs`.
    ReferenceBytes,
}

impl Side {
    pub(super) const ALL: [Side; 4] =
        [Side::PatternsCorpus, Side::PatternsEmpty, Side::Bytes, Side::ReferenceBytes];

    pub(super) fn name(self) -> &'static str {
        match self {
            Side::PatternsCorpus => "patterns-corpus",
            Side::PatternsEmpty => "patterns-empty",
            Side::Bytes => "bytes",
            Side::ReferenceBytes => "reference-bytes",
        }
    }

    pub(super) fn named(name: &str) -> Result<Side> {
        let former = FORMER_NAMES.iter().find(|(former, _)| *former == name);
        let name = former.map_or(name, |(_, name)| name);
        let names = || Side::ALL.map(Side::name).join(", ");
        let side = Side::ALL.into_iter().find(|side| side.name() == name);
        side.with_context(|| format!("unknown side {name} (known: {})", names()))
    }
}

/// The former names of sides, and their names.
const FORMER_NAMES: [(&str, &str); 2] =
    [("ours-corpus", "patterns-corpus"), ("ours-empty", "patterns-empty")];

/// The result of a search.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TrialResult {
    /// What was found, if anything.
    pub(super) found: Option<Detection>,
    /// Processor time in seconds, which other processes do not change.
    pub(super) seconds: f64,
    /// Elapsed time in seconds.
    pub(super) wall: f64,
    /// Number of inputs.
    pub(super) inputs: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Detection {
    /// The kind of finding.
    pub(super) how: String,
    /// Whether an input of the corpus shows it, before any is mutated.
    pub(super) replayed: bool,
}

/// Runs a fuzz target until something is found, or until it has used `seconds` of processor time.
pub(super) fn search(
    program: &Path,
    side: Side,
    seed: u32,
    seconds: f64,
    work: &Path,
) -> Result<TrialResult> {
    make_empty_folder(work)?;
    let [corpus, artifacts, stats] = ["corpus", "artifacts", "stats"].map(|name| work.join(name));
    [&corpus, &artifacts, &stats].into_iter().try_for_each(|folder| make_empty_folder(folder))?;
    let log = work.join("log");

    let mut command = Command::new(program);
    command.current_dir(root()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.env("SRE_FUZZ_STATS", &stats).env_remove("SRE_FUZZ_KEEP").arg(&corpus);
    match side {
        Side::PatternsCorpus => drop(command.args(seeds())),
        Side::PatternsEmpty | Side::ReferenceBytes => {}
        Side::Bytes => drop(command.envs([("SRE_FUZZ_MUTATOR", "bytes"), ("SRE_FUZZ_COVERAGE", "0")])),
    }
    if side != Side::Bytes {
        command.arg(format!("-dict={}", root().join("fuzz/dictionary.txt").to_string_lossy()));
    }
    command.args([format!("-seed={seed}"), format!("-artifact_prefix={}/", artifacts.to_string_lossy())]);
    command.args(["-max_len=256", "-timeout=60", "-detect_leaks=1"]);

    let start = Instant::now();
    let mut child = command.spawn().with_context(|| show(&command))?;
    let libfuzzer = Arc::new(Mutex::new(LibfuzzerLog::default()));
    let reader =
        child.stderr.take().map(|output| follow(output, &log, Arc::clone(&libfuzzer))).transpose()?;
    let (used, ended) = wait(&mut child, start, seconds)?;
    if let Some(reader) = reader {
        let _ = reader.join();
    }
    let libfuzzer = libfuzzer.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let how = match (libfuzzer.findings.first(), &libfuzzer.crash) {
        (Some((kind, _)), _) => Some(kind.clone()),
        (None, _) if libfuzzer.leaks > 0 => Some("leak".to_owned()),
        (None, crash) => crash.clone(),
    };
    let printed = fs::read(&log).with_context(|| log.shown().to_string())?;
    let replayed = !String::from_utf8_lossy(&printed).contains("\tINITED");
    let found = how.map(|how| Detection { how, replayed });
    if found.is_none() && ended {
        bail!("a search ended early with nothing found; see {}", log.shown());
    }
    let inputs = Stats::read(&stats).get("inputs");
    Ok(TrialResult { found, seconds: used, wall: start.elapsed().as_secs_f64(), inputs })
}

/// Waits for a process, and ends it when it has used `seconds` of processor time. Returns how many
/// it has used, and whether it ended by itself.
fn wait(child: &mut Child, start: Instant, seconds: f64) -> Result<(f64, bool)> {
    /// Limit of elapsed time, in multiples of `seconds`, since a process that sleeps uses none.
    const SLOWEST: f64 = 40.0;
    loop {
        let wall = start.elapsed().as_secs_f64();
        let used = processor_seconds(child.id()).unwrap_or(wall);
        if child.try_wait()?.is_some() {
            return Ok((used, true));
        }
        if used >= seconds || wall > SLOWEST * seconds {
            child.kill().and_then(|()| child.wait())?;
            return Ok((used, false));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Returns the processor time that a process has used; `None` except on Linux.
fn processor_seconds(process: u32) -> Option<f64> {
    /// Linux uses this unit for user space on every machine.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // After the name, which may contain anything: the state, ten other fields, then the times in
    // user and in kernel mode.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::processor_seconds;

    #[test]
    #[cfg(target_os = "linux")]
    fn processor_time_of_a_busy_process_grows() {
        let before = processor_seconds(std::process::id()).expect("Linux reports it");
        let start = std::time::Instant::now();
        while processor_seconds(std::process::id()) < Some(before + 0.05) {
            assert!(start.elapsed().as_secs() < 60);
        }
    }
}
