//! Reports as text.

use std::io;
use std::io::Write;

use similar::{ChangeTag, TextDiff};
use sre_case::{Snippet, visible};
use sre_support::count;
use sre_support::visible::Shown;

use crate::answer::{Answer, Difference, Report};
use crate::help;

/// Limit of lines shown of a difference.
const LINES: usize = 24;

/// Limit of lines shown of a pattern.
const PATTERN_LINES: usize = 12;

/// Writes the pattern.
///
/// # Errors
/// Those of the writer.
pub fn write_pattern(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let lines = visible(&report.case.text);
    for line in lines.iter().take(PATTERN_LINES) {
        writeln!(out, "  {line}")?;
    }
    match lines.len().saturating_sub(PATTERN_LINES) {
        0 => Ok(()),
        more => writeln!(out, "  … {} more", count(more, "line")),
    }
}

/// Writes the answers: a line for each range of versions, with its errors and warnings below.
///
/// # Errors
/// Those of the writer.
pub fn write_answers(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let labels: Vec<String> = report.answers.iter().map(|answer| report.label(answer)).collect();
    let width = labels.iter().map(String::len).max().unwrap_or_default();
    for (answer, label) in report.answers.iter().zip(&labels) {
        writeln!(out, "{label:width$}  {}", verdict(answer))?;
        if let Some(error) = &answer.error {
            let text = format!("{}: {}", error.exception, error.message.shown());
            write_at(out, report, error.pos(), &text)?;
            write_help(out, help::for_error(report, answer, error))?;
        }
        for warning in &answer.warnings {
            let text = format!("{}: {}", warning.category, warning.text.shown());
            write_at(out, report, warning.pos, &text)?;
            write_help(out, help::for_warning(&report.case, warning))?;
        }
        if let Some(difference) = &answer.difference {
            write_difference(out, difference)?;
        }
    }
    Ok(())
}

fn verdict(answer: &Answer) -> String {
    let mut text = if answer.error.is_some() { "refused" } else { "accepted" }.to_owned();
    if let Some(difference) = &answer.difference {
        text.push_str(&format!(", but matches differently than in {}", difference.since));
    }
    match answer.warnings.len() {
        0 => {}
        1 => text.push_str(", with a warning"),
        n => text.push_str(&format!(", with {}", count(n, "warning"))),
    }
    text
}

/// Writes the line of the pattern, and below it a caret and the text.
fn write_at(out: &mut impl Write, report: &Report, pos: Option<usize>, text: &str) -> io::Result<()> {
    let Some(pos) = pos else { return writeln!(out, "    {text}") };
    let (line, below) = Snippet::new(&report.case, pos).rows();
    writeln!(out, "    {line}\n    {below}^ {text}")
}

fn write_help(out: &mut impl Write, help: Option<String>) -> io::Result<()> {
    match help {
        Some(help) => writeln!(out, "    = {help}"),
        None => Ok(()),
    }
}

/// Writes what the code no longer matches and what it matches instead.
fn write_difference(out: &mut impl Write, difference: &Difference) -> io::Result<()> {
    let diff = TextDiff::from_lines(&difference.before, &difference.after);
    let mut shown = 0;
    for group in diff.grouped_ops(1) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            if shown == LINES {
                return writeln!(out, "    …");
            }
            shown += 1;
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            writeln!(out, "    {sign} {}", change.value().trim_end())?;
        }
    }
    Ok(())
}
