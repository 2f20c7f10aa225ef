//! `sre corpus coverage` in shards: each measures some of the cases.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Result, anyhow, bail, ensure};
use serde::{Deserialize, Serialize};
use sre_case::Case;
use sre_coverage::Subject;
use sre_oracle::Reference;
use sre_oracle::pythons::Python;
use sre_oracle::shards::{Numbers, Results, State, identity};

use super::{Plan, ShardOptions, job, status_with_missing, stopped_by_interrupt};
use crate::coverage::{print_subjects, read_corpus};
use crate::options::Format;
use crate::status::Status;

/// The measurement of an interpreter with some cases.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// The corpus, which is read again to print the results.
    root: String,
    subject: Option<Subject>,
}

impl Results for Measured {
    fn add(&mut self, other: Measured) {
        match (&mut self.subject, other.subject) {
            (Some(subject), Some(other)) => subject.merge(other),
            (none @ None, subject) => *none = subject,
            (Some(_), None) => {}
        }
    }
}

/// Number of cases that are measured for a plan.
const MEASURED: usize = 100;

fn input(root: &Path, cases: &[Case]) -> Result<Vec<Vec<u8>>> {
    let mut input = vec![std::fs::read(root.join("unreached.txt"))?];
    input.extend(cases.iter().map(Case::encode));
    Ok(input)
}

pub(crate) fn run(root: &Path, pythons: &[Python], shards: &ShardOptions, format: Format) -> Result<Status> {
    let (_, cases) = read_corpus(root)?;
    let job = job("corpus coverage", cases.len() as u64, "case", &input(root, &cases)?);
    let measure = |python: &Python, cases: &[Case]| {
        sre_coverage::interpreter(python, cases).map_err(|why| anyhow!(why))
    };
    if let Some(length) = shards.plan() {
        let mut plan = Plan::new(job, length);
        let step = cases.len().div_ceil(MEASURED).max(1);
        let some: Vec<Case> = cases.iter().step_by(step).cloned().collect();
        for python in pythons {
            let (began, whole) = (Instant::now(), identity(&Reference::Python(python.clone()))?);
            measure(python, &some)?;
            plan.add(python.info.label(), whole, began.elapsed() / u32::try_from(some.len())?);
        }
        return plan.print(shards.plan_format(format));
    }
    let range = shards.range(job.units);
    let (_lock, mut state) = shards.open::<Measured>(job, false)?;
    let stopped = stopped_by_interrupt()?;
    let root_text = root.to_string_lossy().into_owned();
    for python in pythons {
        let empty = Measured { root: root_text.clone(), subject: None };
        let identity = identity(&Reference::Python(python.clone()))?;
        let at = state.part(&python.info.label(), &identity, empty.clone())?;
        for gap in state.parts[at].done.missing(range.clone()) {
            if stopped.load(Ordering::Relaxed) {
                break;
            }
            let mut subject = measure(python, &cases[gap.start as usize..gap.end as usize])?;
            subject.renumber(gap.start as usize);
            let mut done = Numbers::default();
            let _ = done.add(gap);
            state.parts[at].add(&done, Measured { subject: Some(subject), ..empty.clone() })?;
            shards.save(&state)?;
        }
    }
    let missing = state.missing(&range);
    print(state, &missing, format)
}

/// Prints the results of a job, or of a part of it.
pub(crate) fn print(state: State<Measured>, missing: &[String], format: Format) -> Result<Status> {
    let Some(first) = state.parts.first() else { bail!("the state has no results") };
    let root = Path::new(&first.results.root).to_owned();
    let (_, cases) = read_corpus(&root)?;
    let now = job("corpus coverage", cases.len() as u64, "case", &input(&root, &cases)?);
    ensure!(now.input == state.job.input, "the corpus has changed since it was measured");
    let subjects = state.parts.into_iter().filter_map(|part| part.results.subject).collect();
    Ok(status_with_missing(missing, print_subjects(&root, subjects, format)?))
}
