//! `cargo xtask bug-bench`: the time to find each injected bug, from each side, with several seeds.

mod bugs;
mod build_dir;
mod causes;
mod reference;
mod results;
mod search;
mod trial;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::setup::{Python, Toolchain, cargo_fuzz, cxx_compiler};
use crate::shell::make_folder;
use bugs::Bug;
use build_dir::BuildDir;
use reference::Reference;
use results::{Results, Row};
use search::Searches;
use trial::Side;

/// The searches to make.
struct Plan {
    bugs: Vec<Bug>,
    sides: Vec<Side>,
    seconds: f64,
    seeds: u32,
    jobs: usize,
    output: PathBuf,
    /// Whether to only show the known results.
    show: bool,
}

/// Measure the time to bug: inject bugs one at a time, and fuzz until each is found.
///
/// Each bug of fuzz/injected_bugs.txt is injected into a copy of the workspace. Results are written to
/// the output folder, and searches with a result there are not repeated. Installs what is missing, as
/// `fuzz` does, and atheris for the side reference-bytes.
///
/// Exit status: 0 done; 1 cannot run; 2 something was found without an injected bug.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The folder of the results, a file results.jsonl.
    #[arg(long, value_name = "DIR", required_unless_present = "causes")]
    output: Option<PathBuf>,
    /// Count the causes of each bug's divergences instead of searching. Builds a small program with
    /// each bug, and compares its outcomes with those of one without, for the corpus and 12,000
    /// generated cases.
    #[arg(long, conflicts_with_all = ["output", "side", "seconds", "seeds", "jobs", "show"])]
    causes: bool,
    /// Only this bug; may be repeated.
    #[arg(long, value_name = "NAME")]
    bug: Vec<String>,
    /// How inputs are made; may be repeated. patterns-corpus and patterns-empty: by the mutator of
    /// patterns, starting from the corpus or from nothing; bytes: by libFuzzer's own mutations,
    /// starting from nothing; reference-bytes: by atheris, guided by CPython alone. [default: all]
    #[arg(long, value_name = "S", value_parser = Side::named)]
    side: Vec<Side>,
    /// Processor time for each search, in seconds.
    #[arg(long, value_name = "S", default_value = "60", value_parser = seconds)]
    seconds: f64,
    /// Number of searches for each bug and side.
    #[arg(long, value_name = "N", default_value_t = 3)]
    seeds: u32,
    /// Number of searches at a time.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    jobs: u16,
    /// Only show the results in the output folder.
    #[arg(long)]
    show: bool,
}

fn seconds(text: &str) -> Result<f64> {
    let seconds = text.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds > 0.0);
    seconds.context("expected a number of seconds above 0, such as 60 or 0.5")
}

pub(crate) fn command(arguments: Arguments) -> Result<ExitCode> {
    if arguments.causes {
        return causes::count(&named(&arguments.bug)?);
    }
    let plan = Plan::new(arguments)?;
    let mut lock = None;
    if !plan.show {
        make_folder(&plan.output)?;
        lock = Some(Results::lock(&plan.output)?);
    }
    let mut results = Results::open(&plan.output)?;
    if lock.is_some() {
        results = plan.search(results)?;
    }
    print!("{}", results.table(&plan.bugs, plan.seconds));
    let false_alarms = results.false_alarms();
    for Row { side, seed, .. } in &false_alarms {
        println!("false alarm: {}, seed {seed}, found something without an injected bug", side.name());
    }
    Ok(ExitCode::from(if false_alarms.is_empty() { 0 } else { 2 }))
}

/// Returns the bugs with these names, or all if there are no names.
fn named(names: &[String]) -> Result<Vec<Bug>> {
    let mut bugs = bugs::read()?;
    if let Some(unknown) = names.iter().find(|name| bugs.iter().all(|bug| bug.name != **name)) {
        bail!("--bug {unknown}: no such bug in fuzz/injected_bugs.txt");
    }
    bugs.retain(|bug| names.is_empty() || names.contains(&bug.name));
    Ok(bugs)
}

impl Plan {
    fn new(arguments: Arguments) -> Result<Plan> {
        let Arguments { output, bug, side: mut sides, seconds, seeds, jobs, show, causes: _ } = arguments;
        let bugs = named(&bug)?;
        let output = output.context("--output is missing")?;
        if sides.is_empty() {
            sides = Side::ALL.to_vec();
        }
        Ok(Plan { bugs, sides, seconds, seeds, jobs: jobs.into(), output, show })
    }

    fn search(&self, results: Results) -> Result<Results> {
        let toolchain = Toolchain::find()?;
        cxx_compiler()?;
        cargo_fuzz(&toolchain)?;
        let python = Python::find()?;
        let build_dir = BuildDir::open(Some(&toolchain), python.library.is_some())?;
        let is_wanted = self.sides.contains(&Side::ReferenceBytes);
        let reference = if is_wanted { Some(Reference::open(&python)?) } else { None };
        Searches::new(self, &build_dir, reference.as_ref(), results).run()
    }
}
