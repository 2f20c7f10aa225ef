//! `cargo xtask selftest`: injects defects, each of which must be caught by its detector. Without a
//! defect, nothing must be found in the same time.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, thread};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Args;
use sre_support::count;
use sre_support::visible::Shown;

use crate::run::{Build, Report, Run, seeds};
use crate::setup::{Python, Toolchain, cargo_fuzz, cxx_compiler};
use crate::shell::{files, make_empty_folder, target};
use crate::soak;

/// A defect, the target that must find it, and how it must be reported.
struct Defect {
    name: &'static str,
    target: &'static str,
    /// The kind of the finding.
    report: &'static str,
    /// Whether the leak sanitizer must report it, too; otherwise it must not.
    leak_sanitizer: bool,
    /// The function that the report must name as the one that allocated.
    names: Option<&'static str>,
    /// Whether the run continues after findings, and writes them minimized into folders.
    continues: bool,
}

/// Limit of a run that continues after findings, in seconds.
const CONTINUED: u64 = 15;

/// Limit of causes for one defect.
const MOST_CAUSES: usize = 3;

/// Limit of a minimized case file, in bytes.
const SMALL: u64 = 60;

/// The function into which a leak, or retained memory, is injected.
const SITE: Option<&str> = Some("after_compiling");

const DEFECTS: [Defect; 5] = [
    Defect::new("leak", "compile", "leak", true, SITE),
    Defect::new("leak", "differential", "leak", true, SITE),
    Defect::new("retained", "compile", "retained memory", false, SITE),
    Defect { continues: true, ..Defect::new("retained", "differential", "retained memory", false, SITE) },
    Defect {
        continues: true,
        ..Defect::new("wrong_opcode", "differential", "unknown divergence", false, None)
    },
];

/// Test the detectors: inject defects and require that each is caught.
///
/// Injects a leak, retained memory and a wrong opcode, which fuzzing must catch, and a slow leak, which a soak of two
/// minutes must catch. Without a defect, the same must find nothing. Installs what is missing, as `fuzz` does.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// How long each defect may take to be caught, and how long the sound build runs.
    #[arg(long, value_name = "S", default_value_t = 60)]
    seconds: u64,
}

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    run(arguments.seconds, None)?.iter().for_each(|line| println!("{line}"));
    Ok(ExitCode::SUCCESS)
}

/// Tests all detectors. Returns a line for each.
pub(crate) fn run(seconds: u64, log: Option<&File>) -> Result<Vec<String>> {
    let toolchain = Toolchain::find()?;
    cxx_compiler()?;
    cargo_fuzz(&toolchain)?;
    let embedded = Python::find()?.library.is_some();
    let mut lines = Vec::new();
    let mut names: Vec<&str> = DEFECTS.iter().map(|defect| defect.name).collect();
    names.dedup();
    for name in names {
        let programs = Build { toolchain: &toolchain, embedded, defect: name }.build(log)?;
        for defect in DEFECTS.iter().filter(|defect| defect.name == name) {
            // A run that continues takes all its time, although the defect is found within seconds.
            let seconds = if defect.continues { seconds.min(CONTINUED) } else { seconds };
            let report = fuzz(&programs, defect.target, name, seconds, defect.continues)?;
            if defect.continues {
                defect.was_written(&report)?
            } else {
                defect.caught(&report)?
            }
            let time = report.time.as_secs_f64();
            lines.push(format!("{name} caught by {} after {time:.1} s", defect.target));
        }
    }
    // Last, so that the programs that remain have no defect.
    let programs = Build { toolchain: &toolchain, embedded, defect: "" }.build(log)?;
    let clean = |target| fuzz(&programs, target, "clean", seconds, false);
    let (first, second) = thread::scope(|scope| {
        let other = scope.spawn(|| clean("compile"));
        (clean("differential"), other.join().unwrap_or_else(|_| Err(anyhow!("a thread panicked"))))
    });
    for (target, report) in [("differential", first?), ("compile", second?)] {
        if !report.is_clean() {
            let found = report.findings().join("; ");
            bail!("without an injected defect, {target} found: {found}\nsee {}", report.log.shown());
        }
        let inputs = report.stats.get("inputs");
        if inputs == 0 {
            bail!("{target} ran no input\nsee {}", report.log.shown());
        }
        lines.push(format!(
            "{target} clean over {} in {:.0} s",
            count(inputs, "input"),
            report.time.as_secs_f64()
        ));
    }
    lines.extend(soak::run(embedded, log)?);
    Ok(lines)
}

/// Returns the folder for the files of a run.
fn folder(name: &str, target_name: &str) -> PathBuf {
    target().join("fuzz/selftest").join(format!("{name}-{target_name}"))
}

/// Fuzzes, starting from the committed seeds alone.
fn fuzz(programs: &Path, target_name: &str, name: &str, seconds: u64, continues: bool) -> Result<Report> {
    let work = folder(name, target_name);
    make_empty_folder(&work)?;
    let run = Run {
        program: programs.join(target_name),
        name: format!("selftest-{name}-{target_name}"),
        seconds,
        jobs: 1,
        corpus: work.join("corpus"),
        artifacts: work.join("artifacts"),
        keep: continues.then(|| work.join("findings")),
        seeds: seeds(),
        environment: Vec::new(),
        arguments: Vec::new(),
    };
    run.run(|_, _, _| {})
}

/// Returns whether a report names an injected function as one that allocated. Lines of the leak
/// sanitizer itself have another form.
pub(crate) fn names(printed: &str, function: &str) -> bool {
    let frame = format!("{function} at ");
    printed.lines().any(|line| line.contains(&frame) && line.contains("/injected.rs:"))
}

impl Defect {
    const fn new(
        name: &'static str,
        target: &'static str,
        report: &'static str,
        leak_sanitizer: bool,
        names: Option<&'static str>,
    ) -> Defect {
        Defect { name, target, report, leak_sanitizer, names, continues: false }
    }

    /// Checks that the run continued to its end, with the smallest case of each cause in a folder.
    fn was_written(&self, report: &Report) -> Result<()> {
        let failed = |why: &str| {
            let log = report.log.shown();
            Err(anyhow!("injected {} in {}: {why}\nsee {log}", self.name, self.target))
        };
        let libfuzzer = &report.libfuzzer;
        let found = libfuzzer.count(self.report);
        if !report.status.success() || found == 0 || found != libfuzzer.findings.len() {
            return failed("not caught, or not by its own detector, or the run did not continue");
        }
        let written = files(&folder(self.name, self.target).join("findings"));
        let named =
            |name: &str| written.iter().filter(|file| file.ends_with(name)).cloned().collect::<Vec<_>>();
        let causes = report.causes.len();
        if causes == 0 || causes > MOST_CAUSES {
            return failed(&format!("{causes} causes of one defect"));
        }
        if [named("minimal.case"), named("report.txt"), named("show.sh")].iter().any(|f| f.len() != causes) {
            return failed("not each cause has its case, its report and its commands");
        }
        let size = |file: &PathBuf| fs::metadata(file).map_or(u64::MAX, |metadata| metadata.len());
        if !named("minimal.case").iter().all(|file| size(file) < SMALL) {
            return failed("a case is not small");
        }
        let is_named = |file: &PathBuf| {
            let report = fs::read_to_string(file).unwrap_or_default();
            self.names.is_none_or(|function| names(&report, function))
        };
        match named("report.txt").iter().all(is_named) {
            true => Ok(()),
            false => failed("a report does not name the function that allocated"),
        }
    }

    /// Checks that the run ended with exactly this defect's report.
    fn caught(&self, report: &Report) -> Result<()> {
        let failed = |why: &str| {
            let found = report.findings().join("; ");
            let log = report.log.shown();
            Err(anyhow!("injected {} in {}: {why} (found: {found})\nsee {log}", self.name, self.target))
        };
        let libfuzzer = &report.libfuzzer;
        if report.status.success() {
            return failed("not caught");
        }
        if libfuzzer.count(self.report) != 1 || libfuzzer.findings.len() != 1 {
            return failed("caught by the wrong detector");
        }
        if (libfuzzer.leaks > 0) != self.leak_sanitizer {
            return failed("the leak sanitizer should have said the opposite");
        }
        let log = fs::read(&report.log).with_context(|| report.log.shown().to_string())?;
        let log = String::from_utf8_lossy(&log);
        if self.names.is_some_and(|function| !names(&log, function)) {
            return failed("the report does not name the function that allocated");
        }
        if libfuzzer.artifacts.len() != 1 {
            return failed("no input was written");
        }
        Ok(())
    }
}
