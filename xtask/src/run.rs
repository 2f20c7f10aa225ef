//! Building fuzz targets, and running one for some time while reading its output.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use anyhow::{Context as _, Result};
use sre_support::visible::Shown;

use crate::libfuzzer_log::{Cause, LibfuzzerLog, Stats, causes, is_reports};
use crate::setup::Toolchain;
use crate::shell::{files, finish, make_empty_folder, make_folder, root, show, target};

/// How to build the targets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Build<'a> {
    pub(crate) toolchain: &'a Toolchain,
    /// Whether to link the interpreter.
    pub(crate) embedded: bool,
    /// The defect to inject; see `fuzz/src/injected.rs`.
    pub(crate) defect: &'a str,
}

impl Build<'_> {
    /// Builds all targets with the leak sanitizer. Returns the folder of the programs.
    pub(crate) fn build(&self, log: Option<&File>) -> Result<PathBuf> {
        let folder = target().join("fuzz");
        let mut command = cargo_fuzz_build(self.toolchain);
        command.arg("--target-dir").arg(&folder);
        if !self.embedded {
            command.arg("--no-default-features");
        }
        command.env("SRE_FUZZ_INJECT", self.defect);
        finish(&mut command, log)?;
        Ok(folder.join(&self.toolchain.host).join("release"))
    }
}

/// Returns the command that builds targets with the leak sanitizer. Only the compiler is instrumented,
/// unless the user has a `RUSTC_WRAPPER`.
pub(crate) fn cargo_fuzz_build(toolchain: &Toolchain) -> Command {
    let mut command = toolchain.cargo();
    if cfg!(unix) && sre_support::variable("RUSTC_WRAPPER").is_none() {
        command.env("RUSTC_WRAPPER", root().join("fuzz/instrument.sh"));
    }
    command.args(["fuzz", "build", "--sanitizer", "leak", "--target", &toolchain.host]);
    command
}

/// A run of a target.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) program: PathBuf,
    /// A name for its folders of stats and for its log.
    pub(crate) name: String,
    pub(crate) seconds: u64,
    pub(crate) jobs: u32,
    /// The folder to which libFuzzer adds inputs that reach something new.
    pub(crate) corpus: PathBuf,
    /// The folder for inputs that end the run.
    pub(crate) artifacts: PathBuf,
    /// Write minimized findings there, and continue.
    pub(crate) keep: Option<PathBuf>,
    /// The folders of the first inputs.
    pub(crate) seeds: Vec<PathBuf>,
    /// Environment variables of the target, such as `SRE_FUZZ_COVERAGE`.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// More arguments for libFuzzer.
    pub(crate) arguments: Vec<String>,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) status: ExitStatus,
    pub(crate) time: Duration,
    pub(crate) libfuzzer: LibfuzzerLog,
    pub(crate) stats: Stats,
    /// The findings by cause, if the run continued after them.
    pub(crate) causes: Vec<Cause>,
    /// Everything that was printed.
    pub(crate) log: PathBuf,
}

impl Run {
    /// Runs the target to its end. `live` is called about every second.
    pub(crate) fn run(&self, mut live: impl FnMut(&LibfuzzerLog, &Stats, Duration)) -> Result<Report> {
        let work = target().join("fuzz");
        let stats = work.join("stats").join(&self.name);
        let log = work.join(format!("{}.log", self.name));
        make_empty_folder(&stats)?;
        let folders = self.keep.iter().chain([&self.corpus, &self.artifacts]);
        folders.into_iter().try_for_each(|folder| make_folder(folder))?;

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
        // The output of the processes of `-fork` is not in the log.
        for file in files(&stats).iter().filter(|file| is_reports(file)) {
            fs::read_to_string(file).unwrap_or_default().lines().for_each(|line| libfuzzer.line(line));
        }
        let causes = causes(&stats);
        Ok(Report { status, time: start.elapsed(), libfuzzer, stats: Stats::read(&stats), causes, log })
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
        // Longer inputs find little for their cost, and reach CPython's known limit of nesting.
        command.args(["-max_len=256", "-print_final_stats=1", "-detect_leaks=1"]);
        // What patterns match takes as long as its own limits allow, times the load of the machine.
        command.arg(if self.name == "match" { "-timeout=120" } else { "-timeout=20" });
        if self.jobs > 1 {
            command.arg(format!("-fork={}", self.jobs));
        }
        // The last ones win.
        command.args(&self.arguments);
        command
    }

    /// Ends a run that hangs where libFuzzer does not notice it; it checks the time between inputs.
    fn end_overdue(&self, child: &mut Child, time: Duration) -> Result<()> {
        let late = Duration::from_secs(2 * self.seconds + 120);
        if self.arguments.is_empty() && time > late {
            child.kill()?;
        }
        Ok(())
    }
}

/// Returns the folders of the committed corpus.
pub(crate) fn seeds() -> Vec<PathBuf> {
    let folders = ["seeds", "regressions", "known"].map(|name| root().join("corpus").join(name));
    folders.into_iter().filter(|folder| folder.is_dir()).collect()
}

/// Copies the output of a target to a file, and reads it. The first warning that the target gives
/// about an interpreter is shown; each process of `-fork` repeats it.
pub(crate) fn follow(
    output: ChildStderr,
    log: &Path,
    libfuzzer: Arc<Mutex<LibfuzzerLog>>,
) -> Result<thread::JoinHandle<()>> {
    let mut log = File::create(log).with_context(|| log.shown().to_string())?;
    let mut lines = BufReader::new(output).split(b'\n');
    Ok(thread::spawn(move || {
        let mut warned = false;
        while let Some(Ok(line)) = lines.next() {
            let line = String::from_utf8_lossy(&line);
            if line.starts_with("warning: ") && !std::mem::replace(&mut warned, true) {
                eprintln!("{line}");
            }
            // A failure does not affect the summary.
            let _ = writeln!(log, "{line}");
            libfuzzer.lock().unwrap_or_else(PoisonError::into_inner).line(&line);
        }
    }))
}
