//! `sre check --shard`: checks a part of the files. The state holds what was reported of each file,
//! so that merged states print what one run would have printed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use sre_case::{Version, label};
use sre_check::source::Entry;
use sre_oracle::shards::{Job, Numbers, Results, State};

use super::reporter::{Counts, Reporter, Texts};
use super::settings::{Fixes, Settings};
use super::sources::{self, Checked, batch, check_all};
use super::{Arguments, Format, pool};
use crate::options;
use crate::progress::resumed;
use crate::sharding::{self, Plan, status_with_missing, stopped_by_interrupt};
use crate::status::Status;

/// The results of checking some files.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Checks {
    /// How the results are printed.
    how: How,
    counts: Counts,
    /// What was reported, by number of the file.
    texts: BTreeMap<u64, Texts>,
}

#[derive(Clone, Serialize, Deserialize)]
struct How {
    format: Format,
    strict: bool,
    versions: String,
    setting: Option<String>,
}

impl Results for Checks {
    fn add(&mut self, other: Checks) {
        self.counts.add(other.counts);
        self.texts.extend(other.texts);
    }
}

/// Time between two writes of the state.
const INTERVAL: Duration = Duration::from_secs(5);

/// Number of files that are checked for a plan, spread over the job.
const MEASURED: usize = 2000;

pub(super) fn run(
    arguments: &Arguments,
    paths: &[PathBuf],
    settings: &Settings,
    versions: &[Version],
    setting: Option<String>,
) -> Result<Status> {
    if settings.fixes != Fixes::Offer || settings.write_baseline.is_some() {
        bail!("--shard, --state and --plan: --fix, --diff and --write-baseline need a run of the whole job");
    }
    if matches!(arguments.format, Format::Sarif | Format::Gitlab | Format::Junit) {
        bail!(
            "--shard, --state and --plan: this format needs a run of the whole job; use text, concise, json or github"
        );
    }
    let entries = sources::entries(paths, settings);
    if entries.iter().any(|entry| matches!(entry, Entry::File(path) if path.as_os_str() == "-")) {
        bail!("--shard, --state and --plan: standard input cannot be divided");
    }
    let versions_label = label(versions, false);
    let how = How { format: arguments.format, strict: arguments.strict, versions: versions_label, setting };
    let job = job(arguments, &entries, settings, &how)?;
    if let Some(length) = arguments.shards.plan() {
        let format = if how.format == Format::Json { options::Format::Json } else { options::Format::Text };
        let format = arguments.shards.plan_format(format);
        return plan(arguments, &entries, settings, versions, Plan::new(job, length))?.print(format);
    }
    let range = arguments.shards.range(job.units);
    let (_lock, mut state) = arguments.shards.open::<Checks>(job, false)?;
    let empty = Checks { how: how.clone(), counts: Counts::default(), texts: BTreeMap::new() };
    let at = state.part("", "", empty.clone())?;
    let stopped = stopped_by_interrupt()?;
    let pool = pool(arguments.jobs.count())?;
    let mut baseline = settings.baseline.clone();
    let mut reporter = Reporter::new(how.format, how.versions.clone(), None);
    reporter.collect();
    let before = state.parts[at].done.count_within(&range);
    let bar = resumed("files", (range.end - range.start) as usize, before);
    let mut saved = Instant::now();
    for gap in state.parts[at].done.missing(range.clone()) {
        let mut number = gap.start;
        while number < gap.end && !stopped.load(Ordering::Relaxed) {
            let rest = &entries[number as usize..gap.end as usize];
            let files = &rest[..batch(rest)];
            let (mut checks, mut done) = (empty.clone(), Numbers::default());
            let _ = done.add(number..number + files.len() as u64);
            for Checked { path, outcome, .. } in check_all(&pool, files, settings, versions) {
                sources::report(&path, outcome, settings, &mut baseline, &mut reporter)?;
                let texts = reporter.take();
                if !texts.are_empty() {
                    checks.texts.insert(number, texts);
                }
                number += 1;
                bar.inc(1);
            }
            checks.counts = std::mem::take(&mut reporter.counts);
            state.parts[at].add(&done, checks)?;
            if saved.elapsed() >= INTERVAL {
                arguments.shards.save(&state)?;
                saved = Instant::now();
            }
        }
    }
    bar.finish_and_clear();
    arguments.shards.save(&state)?;
    let missing = state.missing(&range);
    print_merged(state, &missing)
}

/// Returns the job: the files in order with their sizes, and the settings.
fn job(arguments: &Arguments, entries: &[Entry], settings: &Settings, how: &How) -> Result<Job> {
    let mut input = vec![serde_json::to_vec(how)?];
    input.push(format!("{:?} {:?}", settings.config.ignore, settings.config.frameworks).into_bytes());
    input.push(format!("{} {}", arguments.all_patches, settings.list_skipped).into_bytes());
    for file in settings.config.file.iter().chain(&settings.baseline_file) {
        input.push(fs::read(file)?);
    }
    for entry in entries {
        let (path, size) = match entry {
            Entry::File(path) => (path, fs::metadata(path).map_or(0, |metadata| metadata.len())),
            Entry::Unreadable(path, _) => (path, 0),
        };
        let mut entry = path.as_os_str().as_encoded_bytes().to_vec();
        entry.extend(size.to_le_bytes());
        input.push(entry);
    }
    Ok(sharding::job("check", entries.len() as u64, "file", &input))
}

fn plan(
    arguments: &Arguments,
    entries: &[Entry],
    settings: &Settings,
    versions: &[Version],
    mut plan: Plan,
) -> Result<Plan> {
    let step = entries.len().div_ceil(MEASURED).max(1);
    let some: Vec<Entry> = entries.iter().step_by(step).cloned().collect();
    let pool = pool(arguments.jobs.count())?;
    let began = Instant::now();
    let checked = check_all(&pool, &some, settings, versions).len();
    plan.add(String::new(), String::new(), began.elapsed() / u32::try_from(checked.max(1))?);
    Ok(plan)
}

/// Prints the results of a job, or of a part of it.
pub(crate) fn print_merged(mut state: State<Checks>, missing: &[String]) -> Result<Status> {
    let Some(part) = state.parts.pop() else { bail!("the state has no results") };
    let Checks { how, counts, texts } = part.results;
    let mut reporter = Reporter::new(how.format, how.versions, how.setting);
    reporter.summarize();
    for texts in texts.values() {
        reporter.replay(texts)?;
    }
    reporter.counts = counts;
    reporter.finish()?;
    Ok(status_with_missing(missing, reporter.status(how.strict)))
}
