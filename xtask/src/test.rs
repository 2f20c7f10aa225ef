//! `cargo xtask test`: the steps, one after the other.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use sre_test_support::Prerequisite;

use crate::setup::Python;
use crate::shell::{finish, make_folder, show, target};
use crate::steps::STEPS;

/// One step.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// What it makes sure of.
    pub(crate) what: &'static str,
    pub(crate) tier: Tier,
    pub(crate) run: fn(&Context) -> Result<StepResult>,
}

/// How much of the time there is a step takes. Each tier holds those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Tier {
    /// `--quick`: seconds, once all is built.
    Quick,
    /// Without an option: all of it in at most ten minutes on two cores, once all is built.
    Default,
    /// `--all`: minutes each, or a build of its own.
    All,
}

/// How a step ended, if it did not fail.
#[derive(Debug)]
pub(crate) enum StepResult {
    /// With a word on what was done.
    Passed(String),
    /// Why it could not be done here.
    Skipped(String),
}

/// A step that could not be done here; that is a failure where `SRE_REQUIRE` names what is missing.
pub(crate) fn skipped(missing: Prerequisite, why: String) -> Result<StepResult> {
    if missing.is_required() {
        bail!("{why:#}, and SRE_REQUIRE asks for {}", missing.name());
    }
    Ok(StepResult::Skipped(why))
}

/// What the steps are given.
#[derive(Debug)]
pub(crate) struct Context {
    /// Can the Python that is there be linked?
    pub(crate) embedded: bool,
    /// Where a step's output goes, unless it is shown.
    log: Option<File>,
    log_path: PathBuf,
}

impl Context {
    fn new(step: &Step, embedded: bool, verbose: bool) -> Result<Context> {
        let folder = target().join("xtask");
        make_folder(&folder)?;
        let log_path = folder.join(format!("{}.log", step.name));
        let log = if verbose { None } else { Some(File::create(&log_path)?) };
        Ok(Context { embedded, log, log_path })
    }

    /// Runs a command; its output goes where this step's output goes.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        if self.log.is_none() {
            println!("$ {}", show(command));
        }
        finish(command, self.log.as_ref())
    }

    /// Where the output goes.
    pub(crate) fn log(&self) -> Option<&File> {
        self.log.as_ref()
    }

    /// What has been printed so far.
    pub(crate) fn printed(&self) -> String {
        match self.log {
            Some(_) => fs::read(&self.log_path)
                .map_or_else(|_| String::new(), |b| String::from_utf8_lossy(&b).into()),
            None => String::new(),
        }
    }

    /// The arguments that leave the embedded interpreter out, if it cannot be linked.
    pub(crate) fn features(&self) -> &'static [&'static str] {
        if self.embedded { &["--features", "embedded"] } else { &["--no-default-features"] }
    }
}

/// Which steps to run, and how.
struct Plan {
    steps: Vec<&'static Step>,
    /// How many steps belong to a higher tier.
    not_selected: usize,
    keep_going: bool,
    verbose: bool,
}

/// Run the checks of the project, step by step.
///
/// By default the steps that take at most ten minutes in all on two cores, once everything is built. CI runs --all.
///
/// Tests whose prerequisites are missing are ignored. Where SRE_REQUIRE names a prerequisite, they fail: python,
/// python3.13, python-tests, embedded, samples, valgrind, separated by commas.
///
/// Exit status: 0 all passed or were skipped; 1 usage error; 2 a step failed.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Only the steps that take seconds.
    #[arg(long)]
    quick: bool,
    /// Also the steps that take longer, such as coverage, leaks and selftest.
    #[arg(long)]
    all: bool,
    /// Go on after a step has failed.
    #[arg(long)]
    keep_going: bool,
    /// Only this step; may be repeated.
    #[arg(long, value_name = "STEP", value_parser = step_named)]
    only: Vec<&'static str>,
    /// List the steps and run none.
    #[arg(long)]
    list: bool,
    /// Show the output of the steps.
    #[arg(long)]
    verbose: bool,
}

/// The former names of steps, and their names.
const FORMER_NAMES: [(&str, &str); 2] = [("oldest-rust", "msrv"), ("targets", "fuzz-replay")];

fn step_named(name: &str) -> Result<&'static str> {
    let name = FORMER_NAMES.iter().find(|(former, _)| *former == name).map_or(name, |(_, name)| name);
    let step = STEPS.iter().find(|step| step.name == name);
    step.map(|step| step.name).context("no such step; `cargo xtask test --list` lists them")
}

pub(crate) fn command(arguments: &Arguments) -> Result<ExitCode> {
    let plan = Plan::new(arguments);
    if arguments.list {
        plan.steps.iter().for_each(|step| println!("{:14} {}", step.name, step.what));
        return Ok(ExitCode::SUCCESS);
    }
    let embedded = Python::find().is_ok_and(|python| python.library.is_some());
    if !embedded {
        println!("no python3 that can be linked: all is built without the embedded interpreter");
    }
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    let begin = Instant::now();
    for (n, step) in plan.steps.iter().enumerate() {
        println!("[{}/{}] {}: {}", n + 1, plan.steps.len(), step.name, step.what);
        let context = Context::new(step, embedded, plan.verbose)?;
        let start = Instant::now();
        let verdict = (step.run)(&context);
        let seconds = start.elapsed().as_secs_f64();
        match verdict {
            Ok(StepResult::Passed(note)) => {
                passed += 1;
                println!(
                    "      passed in {seconds:.1} s{}",
                    if note.is_empty() { note } else { format!(": {note}") }
                );
            }
            Ok(StepResult::Skipped(why)) => {
                skipped += 1;
                println!("      skipped: {why:#}");
            }
            Err(why) => {
                failed += 1;
                let printed = context.printed();
                print!("{}{}", last_lines(&printed, 300), failures(&printed));
                println!("      FAILED after {seconds:.1} s: {why:#}");
                if !plan.keep_going {
                    break;
                }
            }
        }
    }
    let not_run = plan.steps.len() - passed - failed - skipped;
    if not_run > 0 {
        println!("{not_run} steps were not run (--keep-going runs them)");
    }
    if plan.not_selected > 0 {
        println!("{} steps take longer and did not run (--all runs them)", plan.not_selected);
    }
    println!("in {:.0} s", begin.elapsed().as_secs_f64());
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    Ok(ExitCode::from(if failed == 0 { 0 } else { 2 }))
}

impl Plan {
    fn new(arguments: &Arguments) -> Plan {
        let &Arguments { quick, all, keep_going, verbose, ref only, .. } = arguments;
        // `.ci/run --quick` gives both.
        let tier = match (quick, all) {
            (true, _) => Tier::Quick,
            (false, false) => Tier::Default,
            (false, true) => Tier::All,
        };
        let wanted =
            |step: &&Step| if only.is_empty() { step.tier <= tier } else { only.contains(&step.name) };
        let steps: Vec<&Step> = STEPS.iter().filter(wanted).collect();
        let not_selected = if only.is_empty() { STEPS.len() - steps.len() } else { 0 };
        Plan { steps, not_selected, keep_going, verbose }
    }
}

/// The end of a text.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.len().saturating_sub(count);
    lines[start..].iter().map(|line| format!("{line}\n")).collect()
}

/// What test programs print of the tests that failed. It is repeated at the end, since other programs ran after them.
fn failures(text: &str) -> String {
    let mut is_inside = false;
    let is_shown = |line: &&str| {
        is_inside |= *line == "failures:";
        is_inside &= !line.starts_with("test result: ");
        is_inside
    };
    text.lines().filter(is_shown).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::failures;

    #[test]
    fn failures_of_every_program_are_repeated() {
        let text = "\
            running 1 test\ntest a ... FAILED\n\nfailures:\n\n---- a ----\nbecause\n\nfailures:\n    a\n\n\
            test result: FAILED. 0 passed\nrunning 1 test\ntest b ... ok\ntest result: ok. 1 passed\n\
            failures:\n    c\ntest result: FAILED.\nerror: 2 targets failed:\n";
        let expected = "failures:\n\n---- a ----\nbecause\n\nfailures:\n    a\n\nfailures:\n    c\n";
        assert_eq!(failures(text), expected);
        assert_eq!(failures("test result: ok. 1 passed\n"), "");
    }
}
