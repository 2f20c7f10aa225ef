//! Tables of what is reached in which version: opcodes, rules, the texts of errors and of warnings.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sre_case::{Case, Oracle};
use sre_compiler::{Dialect, Disassembly};
use sre_oracle::{Dialects, RustCompiler, first_difference};

use super::{Coverage, State, Unreached};

/// A table: a row for each thing, a column for each interpreter.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix {
    /// What it is a table of.
    pub title: &'static str,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What is looked for.
    pub name: String,
    /// By interpreter.
    pub cells: Vec<Cell>,
}

/// What became of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cell {
    /// The version does not have it.
    Absent,
    /// The number of the first case that reaches it.
    Reached(Option<usize>),
    /// No pattern can, and why.
    Listed(String),
    /// No case does.
    Missed,
}

/// The opcodes, positions and categories that the code has. The code is ours, which the replay
/// holds to theirs.
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

/// By name, the first case whose code has it.
fn emitted(dialect: Dialect, cases: &[Case]) -> BTreeMap<String, usize> {
    let mut ours = RustCompiler::new(dialect);
    let mut first = BTreeMap::new();
    for (n, case) in cases.iter().enumerate() {
        let outcome = ours.outcome(case);
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

/// The rules of the dialects: reached are those without which a case would come out otherwise.
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

/// By rule, the first case whose outcome changes when it is turned over.
fn noticed(dialect: Dialect, cases: &[Case]) -> BTreeMap<&'static str, Option<usize>> {
    let with_debug = |dialect| {
        let mut ours = RustCompiler::new(dialect);
        ours.set_debug(true);
        ours
    };
    let mut flipped: Vec<_> =
        dialect.flipped().into_iter().map(|(name, dialect)| (name, with_debug(dialect), None)).collect();
    let mut ours = with_debug(dialect);
    for (n, case) in cases.iter().enumerate() {
        let outcome = ours.outcome(case);
        for (_, other, first) in flipped.iter_mut().filter(|(_, _, first)| first.is_none()) {
            // Other numbers of opcodes are a difference here.
            let dialects = Dialects { rust: dialect, cpython: dialect };
            *first = first_difference(dialects, &other.outcome(case), &outcome).map(|_| n);
        }
    }
    flipped.into_iter().map(|(name, _, first)| (name, first)).collect()
}

/// The texts of errors, or of warnings, in the reference's source; of those that stand there more
/// than once, any.
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

/// The interpreters, which stand before ours.
fn interpreters(coverage: &Coverage) -> impl Iterator<Item = &super::Subject> {
    coverage.subjects.iter().filter(|subject| subject.dialect.is_some())
}

fn dialects(coverage: &Coverage) -> impl Iterator<Item = Dialect> {
    coverage.subjects.iter().filter_map(|subject| subject.dialect)
}

impl Matrix {
    /// How many of a kind are missed.
    pub fn missed(&self) -> usize {
        self.rows.iter().flat_map(|row| &row.cells).filter(|cell| **cell == Cell::Missed).count()
    }
}
