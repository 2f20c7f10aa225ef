//! Jobs that compare numbered cases with interpreters.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Result, bail};
use sre_case::Case;
use sre_oracle::shards::{Comparison, Job, Source, State, compare_part, identity, measure};
use sre_oracle::{Reference, Stats, sweep};

use super::{Plan, ShardOptions, stopped_by_interrupt};
use crate::interpreters::name;
use crate::messages::stdout;
use crate::options::{Format, RunOptions};
use crate::progress::resumed;
use crate::summary;

/// A job that compares numbered cases.
pub(crate) struct CaseJob<'j> {
    pub job: Job,
    /// Whether the job may have more cases than the one of the state file.
    pub is_growing: bool,
    pub source: Box<Source<'j>>,
    /// Whether the cases are those of a sweep, of which an interpreter need not be asked for each.
    pub infers: bool,
    pub references: Vec<Reference>,
    pub run: &'j RunOptions,
    pub shards: &'j ShardOptions,
}

/// Time during which each interpreter is measured for a plan.
const MEASURED: Duration = Duration::from_secs(1);

impl CaseJob<'_> {
    /// Compares the requested part. Returns the state, the statistics of the requested
    /// interpreters, and what they lack of the part.
    pub(crate) fn compare(mut self) -> Result<(State<Stats>, Vec<Stats>, Vec<String>)> {
        refuse_two_builds(&self.references)?;
        let (shards, options) = (self.shards, self.run.options());
        let range = shards.range(self.job.units);
        let (_lock, mut state) = shards.open::<Stats>(self.job, self.is_growing)?;
        let stopped = stopped_by_interrupt()?;
        let (mut all_stats, mut names) = (Vec::new(), Vec::new());
        for reference in &self.references {
            let info = reference.info()?;
            let dialect = match (reference, options.dialect) {
                (Reference::Pair(pair), _) => pair.tested.info.nearest_dialect(),
                (_, Some(dialect)) => dialect,
                (_, None) => info.dialect()?,
            };
            let at = state.part(&info.label(), &identity(reference)?, Stats::new(info.label(), dialect))?;
            let before = state.parts[at].done.count_within(&range);
            let bar = resumed(&name(reference), (range.end - range.start) as usize, before);
            let progress = |done: usize| bar.inc(done as u64);
            let comparison = Comparison { reference, options, stopped: &stopped, progress: &progress };
            let saved = |state: &State<Stats>| shards.save(state);
            match reference.executable().filter(|_| self.infers) {
                Some(python) => {
                    sweep::compare_part(&comparison, &python, range.clone(), &mut state, at, saved)?;
                }
                None => {
                    compare_part(&comparison, range.clone(), &mut *self.source, &mut state, at, saved)?;
                }
            }
            bar.finish_and_clear();
            let mut stats = state.parts[at].results.clone();
            stats.interpreter = Some(reference.argument().to_owned());
            all_stats.push(stats);
            names.push(info.label());
        }
        let of_range = State { job: state.job.clone(), parts: state.parts.clone() };
        let mut requested = of_range;
        requested.parts.retain(|part| names.contains(&part.name));
        let missing = requested.missing(&range);
        Ok((state, all_stats, missing))
    }

    /// Measures the speed, and divides the job.
    pub(crate) fn plan(mut self, length: Duration) -> Result<Plan> {
        refuse_two_builds(&self.references)?;
        let mut plan = Plan::new(self.job, length);
        for reference in &self.references {
            let units = plan.job.units;
            let options = self.run.options();
            let each = match reference.executable().filter(|_| self.infers) {
                Some(python) => {
                    let (stopped, progress) = (AtomicBool::new(false), |_| ());
                    let comparison =
                        Comparison { reference, options, stopped: &stopped, progress: &progress };
                    sweep::measure(&comparison, &python, units, MEASURED)?
                }
                None => measure(reference, options, units, &mut *self.source, MEASURED)?,
            };
            plan.add(reference.info()?.label(), identity(reference)?, each);
        }
        Ok(plan)
    }
}

/// Refuses two builds of one version, since a state identifies interpreters by their versions.
fn refuse_two_builds(references: &[Reference]) -> Result<()> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for reference in references {
        let (label, argument) = (reference.info()?.label(), reference.argument());
        if let Some(other) = seen.insert(label.clone(), argument) {
            bail!("--pythons: {other} and {argument} are both Python {label}; run them one by one");
        }
    }
    Ok(())
}

/// Prints the results of a comparison. `file_of` returns the file that a case was read from.
pub(crate) fn print(
    format: Format,
    all_stats: &[Stats],
    verbose: bool,
    file_of: &dyn Fn(&Case) -> Option<PathBuf>,
) -> Result<()> {
    let mut out = stdout();
    match format {
        Format::Text => summary::print(&mut out, all_stats, verbose, file_of)?,
        Format::Json => summary::print_json(&mut out, None, all_stats)?,
    }
    Ok(out.flush()?)
}
