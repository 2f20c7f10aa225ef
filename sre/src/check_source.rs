//! `sre check --source`: checks the patterns of Python files.

use std::collections::BTreeMap;
use std::io;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;
use sre_check::github::Place;
use sre_check::source::{Entry, Findings, Found, Reason, Unreadable};
use sre_check::{Checker, Report, github, json as report_json, source, text};
use sre_support::count;
use sre_support::visible::Shown;

use crate::check::{Counts, Format, summary};
use crate::input::Seen;

/// Counts of what was not checked.
#[derive(Default)]
struct Left {
    files: usize,
    unreadable: usize,
    skipped: BTreeMap<Reason, usize>,
}

/// Checks all files in order, each once.
pub(crate) fn run(
    paths: &[PathBuf],
    format: Format,
    list_skipped: bool,
    checker: &mut Checker,
    counts: &mut Counts,
) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut left = Left::default();
    let mut seen = Seen::default();
    for entry in paths.iter().flat_map(|path| source::files(path)) {
        let (path, findings) = match entry {
            Entry::File(path) if !seen.is_new(&path) => continue,
            Entry::File(path) => {
                let findings = source::read(&path).and_then(|file| source::find(&file));
                (path, findings)
            }
            Entry::Unreadable(path, why) => (path, Err(why)),
        };
        left.files += usize::from(!matches!(findings, Err(Unreadable::NoFiles)));
        match findings {
            Ok(findings) => {
                for skipped in &findings.skipped {
                    *left.skipped.entry(skipped.reason).or_default() += 1;
                }
                if list_skipped {
                    write_skipped(&mut out, format, &path, &findings)?;
                }
                for found in &findings.patterns {
                    let report = checker.check_call(&found.case, &found.call);
                    counts.add(&report);
                    write_report(&mut out, format, &path, found, &report)?;
                }
            }
            Err(why) => {
                left.unreadable += usize::from(why != Unreadable::NoFiles);
                counts.unchecked += 1;
                write_unchecked(&mut out, format, &path, &why)?;
            }
        }
    }
    write_summary(&mut out, format, counts, &left)?;
    Ok(out.flush()?)
}

fn write_report(
    out: &mut impl Write,
    format: Format,
    path: &Path,
    found: &Found,
    report: &Report,
) -> Result<()> {
    let file = path.to_string_lossy();
    match format {
        Format::Json => {
            let Found { line, column, function, .. } = found;
            let place = json!({ "file": file, "line": line, "column": column, "function": function });
            writeln!(out, "{}", report_json::to_string(report, &place)?)?;
        }
        Format::Github => github::write_report(out, report, |pos| {
            let (line, column) = pos.map_or((found.line, found.column), |pos| found.place(pos));
            Some(Place { file: &file, line: Some(line), column: Some(column) })
        })?,
        Format::Text if report.is_noteworthy() => {
            let (line, column) = first_place(found, report);
            writeln!(out, "{}:{line}:{column}: re.{}", path.shown(), found.function)?;
            text::write_pattern(out, report)?;
            text::write_answers(out, report)?;
            writeln!(out)?;
        }
        Format::Text => {}
    }
    Ok(())
}

/// Returns the position an editor should jump to: the first error, else the first warning, else the
/// pattern.
fn first_place(found: &Found, report: &Report) -> (usize, usize) {
    let error = report.answers.iter().find_map(|answer| answer.error.as_ref()?.pos());
    let warning = || report.answers.iter().find_map(|answer| answer.warnings.first()?.pos);
    error.or_else(warning).map_or((found.line, found.column), |pos| found.place(pos))
}

fn write_skipped(out: &mut impl Write, format: Format, path: &Path, findings: &Findings) -> io::Result<()> {
    for skipped in &findings.skipped {
        let (file, line) = (path.to_string_lossy(), skipped.line);
        match format {
            Format::Json => {
                writeln!(out, "{}", json!({ "file": file, "line": line, "skipped": skipped.reason.name() }))?;
            }
            Format::Text => writeln!(out, "{}:{line}: skipped: {}", path.shown(), skipped.reason)?,
            Format::Github => {}
        }
    }
    Ok(())
}

/// Reports a file that was not checked; as text, on standard error.
fn write_unchecked(out: &mut impl Write, format: Format, path: &Path, why: &Unreadable) -> io::Result<()> {
    let (file, line) = (path.to_string_lossy(), why.line());
    match format {
        Format::Json => {
            let object = match line {
                Some(line) => json!({ "file": file, "line": line, "note": why.to_string() }),
                None => json!({ "file": file, "note": why.to_string() }),
            };
            writeln!(out, "{object}")
        }
        Format::Github => github::write_unchecked(out, &file, line, &why.to_string()),
        Format::Text => {
            let line = line.map(|line| format!("{line}: ")).unwrap_or(" ".to_owned());
            eprintln!("sre: {}:{line}{}; not checked", path.shown(), why.to_string().shown());
            Ok(())
        }
    }
}

fn write_summary(out: &mut impl Write, format: Format, counts: &Counts, left: &Left) -> io::Result<()> {
    let calls: usize = left.skipped.values().sum();
    match format {
        Format::Json => {
            let skipped: BTreeMap<&str, usize> =
                left.skipped.iter().map(|(reason, count)| (reason.name(), *count)).collect();
            let object = json!({ "summary": {
                "files": left.files, "unreadable": left.unreadable, "patterns": counts.patterns,
                "refused": counts.refused, "warned": counts.warned, "changed": counts.changed, "skipped": skipped,
            }});
            writeln!(out, "{object}")
        }
        Format::Text => {
            writeln!(out, "{}, {} not checked", count(left.files, "file"), left.unreadable)?;
            writeln!(out, "{}", summary(counts))?;
            if calls > 0 {
                let reasons = left.skipped.iter().map(|(reason, count)| format!("{count} {reason}"));
                let reasons: Vec<String> = reasons.collect();
                writeln!(out, "{} skipped: {}", count(calls, "call"), reasons.join(", "))?;
            }
            Ok(())
        }
        Format::Github => Ok(()),
    }
}
