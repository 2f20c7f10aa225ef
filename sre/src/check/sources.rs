//! `sre check PATH`: checks the patterns of Python files, on several threads, and reports them in
//! the order of the files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rayon::prelude::*;
use serde_json::json;
use sre_case::Version;
use sre_check::file::{CheckedFile, CheckedPattern, check_text, text_of, unchecked};
use sre_check::source::{Entry, Unreadable, read, read_from};
use sre_check::{Checker, Located};

use super::fixes::{self, FixResult};
use super::reporter::Reporter;
use super::settings::{Fixes, Settings};
use crate::check::pool;
use crate::input::Seen;
use crate::progress::LateBar;

/// Files are checked in batches, whose results are in memory together: up to so many files, or so
/// many bytes.
const BATCH_FILES: usize = 500;
const BATCH_BYTES: u64 = 4 << 20;

/// Checks all files in order, each once.
pub(super) fn run(
    paths: &[PathBuf],
    settings: &Settings,
    versions: &[Version],
    jobs: usize,
    reporter: &mut Reporter,
) -> Result<()> {
    reporter.summarize();
    if let Some(file) = &settings.write_baseline {
        reporter.write_baseline(file);
    }
    let pool = pool(jobs)?;
    let mut baseline = settings.baseline.clone();
    let entries = entries(paths, settings);
    let progress = LateBar::new("files", entries.len());
    let mut rest = entries.as_slice();
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(batch(rest));
        rest = after;
        for Checked { path, outcome, note } in check_all(&pool, batch, settings, versions) {
            progress.advance(1);
            progress.suspend(|| {
                note.map_or(Ok(()), |note| reporter.note(&note))?;
                report(&path, outcome, settings, &mut baseline, reporter)
            })?;
        }
    }
    progress.finish();
    if let Some(unused) = baseline.map(|baseline| baseline.unused()).filter(|unused| *unused > 0) {
        crate::messages::note(format_args!(
            "{unused} of the baseline not found any more; --write-baseline brings it up to date"
        ));
    }
    Ok(())
}

/// Returns the files, each once.
pub(super) fn entries(paths: &[PathBuf], settings: &Settings) -> Vec<Entry> {
    let mut seen = Seen::default();
    let all = paths.iter().flat_map(|path| settings.selection.files(path));
    all.filter(|entry| !matches!(entry, Entry::File(path) if !seen.is_new(path))).collect()
}

/// Checks files on several threads, and returns the results in order.
pub(super) fn check_all(
    pool: &rayon::ThreadPool,
    entries: &[Entry],
    settings: &Settings,
    versions: &[Version],
) -> Vec<Checked> {
    pool.install(|| {
        let checker = || Checker::new(versions.to_vec());
        entries.par_iter().map_init(checker, |checker, entry| check(entry, settings, checker)).collect()
    })
}

/// Returns how many of the files make a batch.
pub(super) fn batch(entries: &[Entry]) -> usize {
    let mut bytes = 0;
    let small = |entry: &&Entry| {
        if let Entry::File(path) = entry {
            bytes += fs::metadata(path).map_or(0, |metadata| metadata.len());
        }
        bytes < BATCH_BYTES
    };
    let count = entries.iter().take(BATCH_FILES).take_while(small).count();
    (count + 1).min(entries.len())
}

/// What a thread found out about a file.
pub(super) struct Checked {
    pub path: PathBuf,
    pub outcome: Result<(CheckedFile, usize), Unreadable>,
    /// What to print besides: a diff, or why a file was not changed.
    note: Option<String>,
}

fn check(entry: &Entry, settings: &Settings, checker: &mut Checker) -> Checked {
    let (path, bytes) = match entry {
        Entry::File(path) if path.as_os_str() == "-" => {
            (settings.stdin_name.clone(), read_from(io::stdin().lock()))
        }
        Entry::File(path) => (path.clone(), read(path)),
        Entry::Unreadable(path, why) => (path.clone(), Err(why.clone())),
    };
    let mut note = None;
    let check = || {
        let bytes = bytes?;
        let text = text_of(&bytes)?;
        let checked = check_text(checker, &settings.config, &path, &text)?;
        if settings.fixes == Fixes::Offer {
            return Ok((checked, 0));
        }
        match fixes::run(&path, &bytes, &text, &checked, settings) {
            FixResult::Nothing => Ok((checked, 0)),
            FixResult::Note(text) => {
                note = Some(text);
                Ok((checked, 0))
            }
            FixResult::Changed(text, count) => {
                Ok((check_text(checker, &settings.config, &path, &text)?, count))
            }
        }
    };
    let outcome = check();
    Checked { path, outcome, note }
}

/// Returns where a pattern is reported: at its first finding, which may be in a constant that is far
/// from the call.
fn place(pattern: &CheckedPattern) -> (usize, usize) {
    let found = &pattern.found;
    match pattern.findings.first() {
        Some(first) => (first.line.unwrap_or(found.line), first.column.unwrap_or(found.column)),
        None => (found.line, found.column),
    }
}

pub(super) fn report(
    path: &Path,
    outcome: Result<(CheckedFile, usize), Unreadable>,
    settings: &Settings,
    baseline: &mut Option<sre_check::Baseline>,
    reporter: &mut Reporter,
) -> Result<()> {
    reporter.counts.files += usize::from(!matches!(outcome, Err(Unreadable::NoFiles)));
    let mut is_new = |located: &Located, known: &mut usize| {
        let is_known = baseline.as_mut().is_some_and(|baseline| baseline.take(located));
        *known += usize::from(is_known);
        !is_known
    };
    let why = match outcome {
        Ok((checked, fixed)) => {
            reporter.counts.suppressed += checked.suppressed;
            reporter.counts.fixed += fixed;
            reporter.skipped(path, &checked.skipped, settings.list_skipped)?;
            let mut patterns = checked.patterns;
            patterns.sort_by_key(place);
            for mut pattern in patterns {
                let known = &mut reporter.counts.known;
                pattern.findings.retain(|located| is_new(located, known));
                reporter.found(path, pattern)?;
            }
            return Ok(());
        }
        Err(why) => why,
    };
    reporter.counts.unreadable += usize::from(why != Unreadable::NoFiles);
    let located = match unchecked(&settings.config, path, &why) {
        Some(located) if is_new(&located, &mut reporter.counts.known) => located,
        Some(_) => return Ok(()),
        None => {
            reporter.counts.suppressed += 1;
            return Ok(());
        }
    };
    let mut object = json!({ "file": located.file, "note": located.finding.message, "code": "SRE005" });
    if let Some(line) = located.line {
        object["line"] = line.into();
    }
    reporter.unchecked(located, object)
}
