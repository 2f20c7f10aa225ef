//! Reports as annotations for GitHub Actions.

use std::io::Write;
use std::{fmt, io};

use sre_support::visible::write_code_point;

use crate::answer::Report;

/// The position of an annotation: file, line and column, both counted from 1.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// The file, relative to the root of the repository.
    pub file: &'p str,
    /// The line, if it is known.
    pub line: Option<usize>,
    /// The column.
    pub column: Option<usize>,
}

/// Writes an annotation for each error, warning and difference. `place` returns the place in a file
/// of a position in the pattern, or of the pattern itself.
///
/// # Errors
/// Those of the writer.
pub fn write_report<'p>(
    out: &mut impl Write,
    report: &Report,
    place: impl Fn(Option<usize>) -> Option<Place<'p>>,
) -> io::Result<()> {
    for answer in &report.answers {
        let label = report.label(answer);
        if let Some(error) = &answer.error {
            let at = error.pos().map(|pos| format!(" at position {pos}")).unwrap_or_default();
            let text = format!("Python {label}: {}: {}{at}", error.exception, error.message);
            write(out, "error", place(error.pos()), "pattern is rejected", &text)?;
        }
        for warning in &answer.warnings {
            let text = format!("Python {label}: {}: {}", warning.category, warning.text);
            write(out, "warning", place(warning.pos), "pattern gives a warning", &text)?;
        }
        if let Some(difference) = &answer.difference {
            let text =
                format!("Python {label} compiles this pattern to different code than {}", difference.since);
            write(out, "notice", place(None), "pattern changes its meaning", &text)?;
        }
    }
    Ok(())
}

/// Writes an error for a file that was not checked.
///
/// # Errors
/// Those of the writer.
pub fn write_unchecked(out: &mut impl Write, file: &str, line: Option<usize>, why: &str) -> io::Result<()> {
    write(out, "error", Some(Place { file, line, column: None }), "not checked", why)
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
    fn what_would_end_a_property_or_a_line_is_escaped() {
        let place = Place { file: "a,b:c%.py", line: Some(3), column: Some(7) };
        let mut out = Vec::new();
        write(&mut out, "error", Some(place), "a: b", "100%:\nx,\u{85}").unwrap();
        let expected = "::error file=a%2Cb%3Ac%25.py,line=3,col=7,title=a%3A b::100%25:%0Ax,\\x85\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
