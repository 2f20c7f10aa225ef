//! `cargo xtask find`: how soon is a bug found? Each planted bug is searched for, from each side, with several seeds.

mod plants;
mod reference;
mod results;
mod search;
mod trial;
mod workshop;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::options::Options;
use crate::setup::{Python, Toolchain, cargo_fuzz, cxx_compiler};
use crate::shell::make_folder;
use plants::Plant;
use reference::Reference;
use results::{Results, Row};
use search::Searches;
use trial::Side;
use workshop::Workshop;

/// What to search for, and how long.
struct Plan {
    plants: Vec<Plant>,
    sides: Vec<Side>,
    seconds: f64,
    seeds: u32,
    jobs: usize,
    output: PathBuf,
    /// Only shows what is known.
    show: bool,
}

/// Exit status: 0 done, 1 cannot run, 2 something is found where there is no bug.
pub(crate) fn command(arguments: Vec<String>) -> Result<ExitCode, String> {
    let plan = Plan::read(arguments)?;
    let mut lock = None;
    if !plan.show {
        make_folder(&plan.output)?;
        lock = Some(Results::lock(&plan.output)?);
    }
    let mut results = Results::open(&plan.output)?;
    if lock.is_some() {
        results = plan.search(results)?;
    }
    print!("{}", results.table(&plan.plants, plan.seconds));
    let false_alarms = results.false_alarms();
    for Row { side, seed, .. } in &false_alarms {
        println!("false alarm: {}, seed {seed}, finds something where there is no bug", side.name());
    }
    Ok(ExitCode::from(if false_alarms.is_empty() { 0 } else { 2 }))
}

impl Plan {
    fn read(arguments: Vec<String>) -> Result<Plan, String> {
        let mut options = Options::new(arguments);
        let mut plants = plants::read()?;
        let mut wanted: Vec<String> = Vec::new();
        while let Some(name) = options.value("--bug")? {
            wanted.push(name);
        }
        if let Some(unknown) = wanted.iter().find(|name| plants.iter().all(|plant| plant.name != **name)) {
            return Err(format!("no bug {unknown} in fuzz/plants.txt"));
        }
        plants.retain(|plant| wanted.is_empty() || wanted.contains(&plant.name));
        let mut sides = Vec::new();
        while let Some(name) = options.value::<String>("--side")? {
            sides.push(Side::named(&name)?);
        }
        if sides.is_empty() {
            sides = Side::ALL.to_vec();
        }
        let plan = Plan {
            plants,
            sides,
            seconds: options.value("--seconds")?.unwrap_or(60.0),
            seeds: options.value("--seeds")?.unwrap_or(3),
            jobs: options.value("--jobs")?.unwrap_or(1).max(1),
            output: options.value("--output")?.ok_or("find takes --output DIR, for its results")?,
            show: options.switch("--show"),
        };
        options.finish()?;
        Ok(plan)
    }

    fn search(&self, results: Results) -> Result<Results, String> {
        let toolchain = Toolchain::find()?;
        cxx_compiler()?;
        cargo_fuzz(&toolchain)?;
        let python = Python::find()?;
        let workshop = Workshop::open(&toolchain, python.library.is_some())?;
        let is_wanted = self.sides.contains(&Side::ReferenceBytes);
        let reference = if is_wanted { Some(Reference::open(&python)?) } else { None };
        Searches::new(self, &workshop, reference.as_ref(), results).run()
    }
}
