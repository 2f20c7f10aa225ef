//! `cargo xtask test`: the steps, one after the other.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use sre_test_support::Prerequisite;

use crate::options::Options;
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
    pub(crate) run: fn(&Context) -> Verdict,
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
pub(crate) enum Ending {
    /// With a word on what was done.
    Passed(String),
    /// Why it could not be done here.
    Skipped(String),
}

/// How a step ended.
pub(crate) type Verdict = Result<Ending, String>;

/// A step that could not be done here; that is a failure where `SRE_REQUIRE` names what is missing.
pub(crate) fn skipped(missing: Prerequisite, why: String) -> Verdict {
    if missing.is_required() {
        return Err(format!("{why}, and SRE_REQUIRE asks for {}", missing.name()));
    }
    Ok(Ending::Skipped(why))
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
    fn new(step: &Step, embedded: bool, verbose: bool) -> Result<Context, String> {
        let folder = target().join("xtask");
        make_folder(&folder)?;
        let log_path = folder.join(format!("{}.log", step.name));
        let log =
            if verbose { None } else { Some(File::create(&log_path).map_err(|error| error.to_string())?) };
        Ok(Context { embedded, log, log_path })
    }

    /// Runs a command; its output goes where this step's output goes.
    pub(crate) fn run(&self, command: &mut Command) -> Result<(), String> {
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
    left_out: usize,
    keep_going: bool,
    verbose: bool,
}

/// Exit status: 0 all passed or skipped, 1 usage, 2 a step failed.
pub(crate) fn command(arguments: Vec<String>) -> Result<ExitCode, String> {
    let Some(plan) = Plan::read(arguments)? else { return Ok(ExitCode::SUCCESS) };
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
            Ok(Ending::Passed(note)) => {
                passed += 1;
                println!(
                    "      passed in {seconds:.1} s{}",
                    if note.is_empty() { note } else { format!(": {note}") }
                );
            }
            Ok(Ending::Skipped(why)) => {
                skipped += 1;
                println!("      skipped: {why}");
            }
            Err(why) => {
                failed += 1;
                print!("{}", last_lines(&context.printed(), 300));
                println!("      FAILED after {seconds:.1} s: {why}");
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
    if plan.left_out > 0 {
        println!("{} steps take longer and were left out (--all runs them)", plan.left_out);
    }
    println!("in {:.0} s", begin.elapsed().as_secs_f64());
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    Ok(ExitCode::from(if failed == 0 { 0 } else { 2 }))
}

impl Plan {
    /// None if the steps were only to be named.
    fn read(arguments: Vec<String>) -> Result<Option<Plan>, String> {
        let mut options = Options::new(arguments);
        let quick = options.switch("--quick");
        let all = options.switch("--all");
        let keep_going = options.switch("--keep-going");
        let verbose = options.switch("--verbose");
        let list = options.switch("--list");
        let mut only: Vec<String> = Vec::new();
        while let Some(name) = options.value("--only")? {
            only.push(name);
        }
        options.finish()?;
        // `.ci/run --quick` gives both.
        let tier = match (quick, all) {
            (true, _) => Tier::Quick,
            (false, false) => Tier::Default,
            (false, true) => Tier::All,
        };
        if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
            return Err(format!("no step {unknown}: see cargo xtask test --list"));
        }
        let wanted = |step: &&Step| {
            if only.is_empty() { step.tier <= tier } else { only.iter().any(|name| name == step.name) }
        };
        let steps: Vec<&Step> = STEPS.iter().filter(wanted).collect();
        if list {
            steps.iter().for_each(|step| println!("{:14} {}", step.name, step.what));
            return Ok(None);
        }
        let left_out = if only.is_empty() { STEPS.len() - steps.len() } else { 0 };
        Ok(Some(Plan { steps, left_out, keep_going, verbose }))
    }
}

/// The end of a text.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.len().saturating_sub(count);
    lines[start..].iter().map(|line| format!("{line}\n")).collect()
}
