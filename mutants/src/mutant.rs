//! The list of mutants from cargo-mutants.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use sre_support::visible::Shown;

/// A small change of the compiler's source that a test should detect.
#[derive(Clone, Debug)]
pub(crate) struct Mutant {
    /// The file, from the root of the workspace.
    pub file: PathBuf,
    pub genre: Genre,
    pub span: Span,
    /// The function around it.
    pub function: Option<Span>,
    pub replacement: String,
    /// cargo-mutants' name, which begins with file, line and column.
    pub place: String,
    /// The name without line and column, and with the text of the line if the change is within one.
    /// It remains the same when something else in the file changes.
    pub name: String,
}

/// What is changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
pub(crate) enum Genre {
    /// A function's body is replaced by a value.
    FnValue,
    BinaryOperator,
    /// A unary operator is removed.
    UnaryOperator,
    /// A match arm is removed; another one matches everything.
    MatchArm,
    MatchArmGuard,
    /// A field before `..` is removed.
    StructField,
}

/// A part of a file; the end is exclusive.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct Span {
    pub start: Place,
    pub end: Place,
}

/// A line and a column, from 1; a column is a character.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
pub(crate) struct Place {
    pub line: usize,
    pub column: usize,
}

#[derive(Deserialize)]
struct Listed {
    file: PathBuf,
    genre: Genre,
    name: String,
    replacement: String,
    span: Span,
    function: Option<Function>,
}

#[derive(Deserialize)]
struct Function {
    span: Span,
}

/// Lists all mutants of the compiler, except those that `.cargo/mutants.toml` excludes.
pub(crate) fn list(root: &Path) -> Result<Vec<Mutant>> {
    let mut command = Command::new("cargo");
    command.args(["mutants", "--list", "--json", "--package", "sre-compiler"]).current_dir(root);
    let output = command.stdin(Stdio::null()).output().context("cargo mutants")?;
    if !output.status.success() {
        bail!("cargo mutants --list: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let listed: Vec<Listed> = serde_json::from_slice(&output.stdout).context("cargo mutants --list")?;
    let mut sources: HashMap<PathBuf, String> = HashMap::new();
    let mut mutants = Vec::with_capacity(listed.len());
    for Listed { file, genre, name, replacement, span, function } in listed {
        let source = match sources.get(&file) {
            Some(source) => source,
            None => {
                let text = fs::read_to_string(root.join(&file)).with_context(|| file.shown().to_string())?;
                sources.entry(file.clone()).or_insert(text)
            }
        };
        let place = name;
        let name = stable_name(&file, &place, genre, span, source);
        let function = function.map(|function| function.span);
        mutants.push(Mutant { file, genre, span, function, replacement, place, name });
    }
    Ok(mutants)
}

fn stable_name(file: &Path, place: &str, genre: Genre, span: Span, source: &str) -> String {
    let what = place.split_once(": ").map_or(place, |(_, what)| what);
    let name = format!("{}: {what}", file.shown());
    // The name already contains the function, or the pattern of the arm.
    if matches!(genre, Genre::FnValue | Genre::MatchArm) || span.start.line != span.end.line {
        return name;
    }
    let line = source.lines().nth(span.start.line - 1).unwrap_or_default();
    let part = |from: usize, to: usize| line.chars().skip(from).take(to - from).collect::<String>();
    let (start, end) = (span.start.column - 1, span.end.column - 1);
    let (before, after) = (part(0, start), part(end, usize::MAX));
    format!("{name} in `{}«{}»{}`", before.trim_start(), part(start, end), after.trim_end())
}

impl Mutant {
    /// Returns the source with the change.
    pub(crate) fn apply(&self, source: &str) -> Option<String> {
        let (start, end) = (self.span.start.offset(source)?, self.span.end.offset(source)?);
        let (before, after) = (source.get(..start)?, source.get(end..)?);
        Some(format!("{before}{} /* mutant */{after}", self.replacement))
    }
}

impl Place {
    /// Returns the byte offset in a text.
    fn offset(self, text: &str) -> Option<usize> {
        let line = text.split_inclusive('\n').nth(self.line - 1)?;
        let before: usize = text.split_inclusive('\n').take(self.line - 1).map(str::len).sum();
        let within: usize = line.chars().take(self.column - 1).map(char::len_utf8).sum();
        Some(before + within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mutant_is_a_change_of_the_source() {
        let source = "fn f() {\n    let é = \"é\"; a + b\n}\n";
        let at = |line, column| Place { line, column };
        let mutant = Mutant {
            file: "a.rs".into(),
            genre: Genre::BinaryOperator,
            span: Span { start: at(2, 20), end: at(2, 21) },
            function: None,
            replacement: "-".into(),
            place: String::new(),
            name: String::new(),
        };
        assert_eq!(mutant.apply(source).unwrap(), "fn f() {\n    let é = \"é\"; a - /* mutant */ b\n}\n");
        let name =
            stable_name(&mutant.file, "a.rs:2:20: replace + with - in f", mutant.genre, mutant.span, source);
        assert_eq!(name, "a.rs: replace + with - in f in `let é = \"é\"; a «+» b`");
    }
}
