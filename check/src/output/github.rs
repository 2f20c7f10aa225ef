//! Findings as annotations for GitHub Actions.

use std::io::Write;
use std::{fmt, io};

use sre_support::visible::write_code_point;

use crate::finding::{Finding, Located};
use crate::rules::{Description, Rule};

/// The position of an annotation: file, line and column, both counted from 1.
#[derive(Clone, Copy, Debug)]
struct Place<'p> {
    /// The file, relative to the root of the repository.
    file: &'p str,
    /// The line, if it is known.
    line: Option<usize>,
    /// The column.
    column: Option<usize>,
}

/// Writes the annotation of a finding.
///
/// # Errors
/// Those of the writer.
pub fn write_finding(out: &mut impl Write, located: &Located) -> io::Result<()> {
    let rule = located.finding.rule.description();
    let place = Place { file: &located.file, line: located.line, column: located.column };
    write(out, level(rule.rule), Some(place), &title(rule), &message(&located.finding))
}

/// Writes the annotations of findings that are not in a file.
///
/// # Errors
/// Those of the writer.
pub fn write_findings(out: &mut impl Write, findings: &[Finding]) -> io::Result<()> {
    findings.iter().try_for_each(|finding| {
        let rule = finding.rule.description();
        write(out, level(rule.rule), None, &title(rule), &message(finding))
    })
}

fn level(rule: Rule) -> &'static str {
    match rule {
        Rule::Changed => "notice",
        rule => rule.description().level.name(),
    }
}

fn title(rule: &Description) -> String {
    format!("{} {}", rule.code, rule.name)
}

fn message(finding: &Finding) -> String {
    // Warnings name their position themselves.
    let at = finding.pos.filter(|_| finding.rule == Rule::Refused);
    let at = at.map(|pos| format!(" at position {pos}")).unwrap_or_default();
    let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    format!("{}{at}{help}", finding.message)
}

fn write(
    out: &mut impl Write,
    level: &str,
    place: Option<Place<'_>>,
    title: &str,
    text: &str,
) -> io::Result<()> {
    write!(out, "::{level} ")?;
    if let Some(Place { file, line, column }) = place {
        write!(out, "file={},", escaped(file, true))?;
        if let Some(line) = line {
            write!(out, "line={line},")?;
        }
        if let Some(column) = column {
            write!(out, "col={column},")?;
        }
    }
    writeln!(out, "title={}::{}", escaped(title, true), escaped(text, false))
}

/// Escapes text as the runner expects. In a property, `:` and `,` are separators as well.
fn escaped(text: &str, property: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' if property => out.push_str("%3A"),
            ',' if property => out.push_str("%2C"),
            // Other line breaks end the annotation for some readers, and control characters affect
            // terminals.
            c => {
                let _: fmt::Result = write_code_point(&mut out, u32::from(c));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_line_breaks_are_escaped() {
        let place = Place { file: "a,b:c%.py", line: Some(3), column: Some(7) };
        let mut out = Vec::new();
        write(&mut out, "error", Some(place), "a: b", "100%:\nx,\u{85}").unwrap();
        let expected = "::error file=a%2Cb%3Ac%25.py,line=3,col=7,title=a%3A b::100%25:%0Ax,\\x85\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
