//! Tables of what is reached in which version: opcodes, rules, error messages and warnings.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sre_case::{Case, Oracle};
use sre_compiler::{Dialect, Disassembly};
use sre_oracle::{Dialects, RustCompiler, first_difference};

use super::{Coverage, State, Unreached};

/// A table: a row for each thing, a column for each interpreter.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix {
    /// Title of the table.
    pub title: &'static str,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Name of the opcode, rule or message.
    pub name: String,
    /// The cells, one per interpreter.
    pub cells: Vec<Cell>,
}

/// The state of a row in a version.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cell {
    /// The version does not have it.
    Absent,
    /// The number of the first case that reaches it.
    Reached(Option<usize>),
    /// No pattern can reach it, for this reason.
    Listed(String),
    /// No case reaches it.
    Missed,
}

/// Returns the table of opcodes, positions and categories that occur in code. The code is that of
/// sre-compiler, which `sre replay` compares with CPython's.
pub fn words(coverage: &Coverage, unreached: &Unreached, cases: &[Case]) -> Matrix {
    let emitted: Vec<_> = dialects(coverage).map(|dialect| emitted(dialect, cases)).collect();
    let mut names: Vec<&str> = Vec::new();
    for word in interpreters(coverage).flat_map(|subject| &subject.words) {
        if !names.contains(&word.as_str()) {
            names.push(word);
        }
    }
    let cell = |name: &str, n: usize| {
        let subject = &coverage.subjects[n];
        let dialect = subject.dialect.unwrap_or_default();
        match (emitted[n].get(name), unreached.of_word("opcodes", name, dialect)) {
            _ if !subject.words.iter().any(|word| word == name) => Cell::Absent,
            (Some(&first), _) => Cell::Reached(Some(first)),
            (None, Some(entry)) => Cell::Listed(entry.why.clone()),
            (None, None) => Cell::Missed,
        }
    };
    let row = |name: &str| Row {
        name: name.to_owned(),
        cells: (0..emitted.len()).map(|n| cell(name, n)).collect(),
    };
    Matrix { title: "Opcodes, positions and categories", rows: names.into_iter().map(row).collect() }
}

/// Returns, by name, the first case whose code contains it.
fn emitted(dialect: Dialect, cases: &[Case]) -> BTreeMap<String, usize> {
    let mut rust = RustCompiler::new(dialect);
    let mut first = BTreeMap::new();
    for (n, case) in cases.iter().enumerate() {
        let outcome = rust.outcome(case);
        let Some(accepted) = outcome.accepted() else { continue };
        for instruction in Disassembly::new(&accepted.code, dialect).instructions() {
            let mut parts = instruction.text.split_whitespace();
            let (op, argument) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            first.entry(op.to_owned()).or_insert(n);
            if ["AT", "CATEGORY"].contains(&op) {
                first.entry(format!("{op}_{argument}")).or_insert(n);
            }
        }
    }
    first
}

/// Returns the table of the dialects' rules. A rule is reached if a case has another outcome without it.
pub fn rules(coverage: &Coverage, unreached: &Unreached, cases: &[Case]) -> Matrix {
    let noticed: Vec<_> = dialects(coverage).map(|dialect| noticed(dialect, cases)).collect();
    let names: BTreeSet<&str> = noticed.iter().flat_map(|rules| rules.keys().copied()).collect();
    let cell = |name: &str, dialect: Dialect, rules: &BTreeMap<&str, Option<usize>>| match (
        rules.get(name),
        unreached.of_word("rules", name, dialect),
    ) {
        (None, _) => Cell::Absent,
        (Some(Some(first)), _) => Cell::Reached(Some(*first)),
        (Some(None), Some(entry)) => Cell::Listed(entry.why.clone()),
        (Some(None), None) => Cell::Missed,
    };
    let row = |name: &str| Row {
        name: name.to_owned(),
        cells: dialects(coverage).zip(&noticed).map(|(dialect, rules)| cell(name, dialect, rules)).collect(),
    };
    Matrix { title: "Rules of the dialects", rows: names.into_iter().map(row).collect() }
}

/// Returns, by rule, the first case whose outcome changes if the rule is inverted.
fn noticed(dialect: Dialect, cases: &[Case]) -> BTreeMap<&'static str, Option<usize>> {
    let with_debug = |dialect| {
        let mut rust = RustCompiler::new(dialect);
        rust.set_debug(true);
        rust
    };
    let mut flipped: Vec<_> =
        dialect.flipped().into_iter().map(|(name, dialect)| (name, with_debug(dialect), None)).collect();
    let mut rust = with_debug(dialect);
    for (n, case) in cases.iter().enumerate() {
        let outcome = rust.outcome(case);
        for (_, other, first) in flipped.iter_mut().filter(|(_, _, first)| first.is_none()) {
            // Both have the same dialect, so that different opcode numbers are a difference.
            let dialects = Dialects { rust: dialect, cpython: dialect };
            *first = first_difference(dialects, &other.outcome(case), &outcome).map(|_| n);
        }
    }
    flipped.into_iter().map(|(name, _, first)| (name, first)).collect()
}

/// Returns the table of error messages, or of warnings, in CPython's sources. A text that occurs more
/// than once is reached if any occurrence is.
pub fn texts(coverage: &Coverage, unreached: &Unreached, kind: &str, title: &'static str) -> Matrix {
    let mut rows: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    let columns = interpreters(coverage).count();
    for (n, subject) in interpreters(coverage).enumerate() {
        for text in subject.texts.iter().filter(|text| text.kind == kind) {
            let cell = match coverage.states[n][text.site] {
                State::Reached => Cell::Reached(subject.sites[text.site].first),
                State::Listed(entry) => Cell::Listed(unreached.entry(entry).why.clone()),
                State::Missed => Cell::Missed,
            };
            let row = rows.entry(format!("{}: {}", text.category, text.text));
            let known = &mut row.or_insert_with(|| vec![Cell::Absent; columns])[n];
            *known = match (known.clone(), cell) {
                (Cell::Reached(first), Cell::Reached(other)) => Cell::Reached(first.min(other)),
                (Cell::Reached(first), _) | (_, Cell::Reached(first)) => Cell::Reached(first),
                (Cell::Missed, _) => Cell::Missed,
                (_, cell) => cell,
            };
        }
    }
    Matrix { title, rows: rows.into_iter().map(|(name, cells)| Row { name, cells }).collect() }
}

/// Returns the interpreters, which come before sre-compiler.
fn interpreters(coverage: &Coverage) -> impl Iterator<Item = &super::Subject> {
    coverage.subjects.iter().filter(|subject| subject.dialect.is_some())
}

fn dialects(coverage: &Coverage) -> impl Iterator<Item = Dialect> {
    coverage.subjects.iter().filter_map(|subject| subject.dialect)
}

impl Matrix {
    /// Returns the number of cells that are missed.
    pub fn missed(&self) -> usize {
        self.rows.iter().flat_map(|row| &row.cells).filter(|cell| **cell == Cell::Missed).count()
    }
}
