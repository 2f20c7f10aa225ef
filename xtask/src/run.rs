//! Building a fuzz target, and running it for a time while reading its log.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context as _, Result};
use sre_support::visible::Shown;

use crate::libfuzzer_log::{LibfuzzerLog, Stats, is_reports};
use crate::setup::Toolchain;
use crate::shell::{files, finish, make_empty_folder, make_folder, root, show, target};

/// How the targets are built.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Build<'a> {
    pub(crate) toolchain: &'a Toolchain,
    /// With the interpreter in process.
    pub(crate) embedded: bool,
    /// The defect that is injected; see `fuzz/src/injected.rs`.
    pub(crate) defect: &'a str,
}

impl Build<'_> {
    /// Builds all targets with the leak sanitizer. Returns the folder of the programs.
    pub(crate) fn build(&self, log: Option<&File>) -> Result<PathBuf> {
        let folder = target().join("fuzz");
        let mut command = self.toolchain.cargo();
        command.args(["fuzz", "build", "--sanitizer", "leak", "--target", &self.toolchain.host]);
        command.arg("--target-dir").arg(&folder);
        if !self.embedded {
            command.arg("--no-default-features");
        }
        command.env("SRE_FUZZ_INJECT", self.defect);
        finish(&mut command, log)?;
        Ok(folder.join(&self.toolchain.host).join("release"))
    }
}

/// A run of a target.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) program: PathBuf,
    /// A name for its folders of stats and for its log.
    pub(crate) name: String,
    pub(crate) seconds: u64,
    pub(crate) jobs: u32,
    /// Where libFuzzer keeps what it finds worth keeping.
    pub(crate) corpus: PathBuf,
    /// Where it puts inputs that show a defect.
    pub(crate) artifacts: PathBuf,
    /// Make findings small, keep them there, and go on.
    pub(crate) keep: Option<PathBuf>,
    /// The folders of inputs to begin with.
    pub(crate) seeds: Vec<PathBuf>,
    /// Switches for the target, such as `SRE_FUZZ_COVERAGE`.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// More arguments for libFuzzer.
    pub(crate) arguments: Vec<String>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) status: ExitStatus,
    pub(crate) time: Duration,
    pub(crate) libfuzzer: LibfuzzerLog,
    pub(crate) stats: Stats,
    /// Everything that was printed.
    pub(crate) log: PathBuf,
}

impl Run {
    /// Runs it to its end; `live` is called about every second.
    pub(crate) fn run(&self, mut live: impl FnMut(&LibfuzzerLog, &Stats, Duration)) -> Result<Report> {
        let work = target().join("fuzz");
        let stats = work.join("stats").join(&self.name);
        let log = work.join(format!("{}.log", self.name));
        make_empty_folder(&stats)?;
        let kept = self.keep.iter();
        kept.chain([&self.corpus, &self.artifacts]).try_for_each(|folder| make_folder(folder))?;

        let mut command = self.command(&stats);
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| show(&command))?;
        let libfuzzer = Arc::new(Mutex::new(LibfuzzerLog::default()));
        let reader =
            child.stderr.take().map(|output| follow(output, &log, Arc::clone(&libfuzzer))).transpose()?;
        let seen = || libfuzzer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut shown = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            thread::sleep(Duration::from_millis(100));
            if shown.elapsed() >= Duration::from_secs(1) {
                shown = Instant::now();
                live(&seen(), &Stats::read(&stats), start.elapsed());
            }
            self.end_overdue(&mut child, start.elapsed())?;
        };
        if let Some(reader) = reader {
            let _ = reader.join();
        }
        let mut libfuzzer = seen();
        // The processes of `-fork` print where nobody reads.
        for file in files(&stats).iter().filter(|file| is_reports(file)) {
            fs::read_to_string(file).unwrap_or_default().lines().for_each(|line| libfuzzer.line(line));
        }
        Ok(Report { status, time: start.elapsed(), libfuzzer, stats: Stats::read(&stats), log })
    }

    fn command(&self, stats: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(root()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command.env("SRE_FUZZ_STATS", stats);
        command.env_remove("SRE_FUZZ_KEEP").envs(self.keep.iter().map(|folder| ("SRE_FUZZ_KEEP", folder)));
        command.envs(self.environment.iter().cloned());
        command.arg(&self.corpus).args(&self.seeds);
        command.arg(format!("-artifact_prefix={}/", self.artifacts.to_string_lossy()));
        command.arg(format!("-dict={}", root().join("fuzz/dictionary.txt").to_string_lossy()));
        command.arg(format!("-max_total_time={}", self.seconds));
        // Longer ones cost CPython more than they find, and nest to its limit, which is known.
        command.args(["-max_len=256", "-timeout=20", "-print_final_stats=1", "-detect_leaks=1"]);
        if self.jobs > 1 {
            command.arg(format!("-fork={}", self.jobs));
        }
        // The last ones win.
        command.args(&self.arguments);
        command
    }

    /// libFuzzer looks at the time between inputs, and ends a hung one after `-timeout`; this is for what it misses.
    fn end_overdue(&self, child: &mut Child, time: Duration) -> Result<()> {
        let late = Duration::from_secs(2 * self.seconds + 120);
        if self.arguments.is_empty() && time > late {
            child.kill()?;
        }
        Ok(())
    }
}

/// The folders of the corpus that are committed and have files.
pub(crate) fn seeds() -> Vec<PathBuf> {
    let folders = ["seeds", "regressions", "known"].map(|name| root().join("corpus").join(name));
    folders.into_iter().filter(|folder| folder.is_dir()).collect()
}

/// Reads what the target prints, into a file and into its summary.
pub(crate) fn follow(
    output: ChildStderr,
    log: &Path,
    libfuzzer: Arc<Mutex<LibfuzzerLog>>,
) -> Result<thread::JoinHandle<()>> {
    let mut log = File::create(log).with_context(|| log.shown().to_string())?;
    let mut lines = BufReader::new(output).split(b'\n');
    Ok(thread::spawn(move || {
        while let Some(Ok(line)) = lines.next() {
            let line = String::from_utf8_lossy(&line);
            // Without the file there is still the summary.
            let _ = writeln!(log, "{line}");
            libfuzzer.lock().unwrap_or_else(PoisonError::into_inner).line(&line);
        }
    }))
}
