//! Recording the answers for a whole corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use sre_case::{Case, Oracle, Outcome, corpus};
use sre_support::files_below;
use sre_support::visible::Shown;

use super::{Answer, Answers, Recorded, answers_file};
use crate::pythons::Python;
use crate::worker::Worker;

/// A change of a file of recorded answers.
#[derive(Clone, Debug)]
pub struct Change {
    /// The file.
    pub file: PathBuf,
    /// Its new contents; empty if the file is to be removed.
    pub text: Vec<u8>,
    /// What is added, removed or changed, a line each.
    pub what: Vec<String>,
    pub(super) old: Answers,
    pub(super) new: Answers,
}

/// Why answers cannot be recorded.
#[derive(Clone, Debug)]
pub struct CannotRecord(pub(super) String);

impl fmt::Display for CannotRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for CannotRecord {}

/// Asks the interpreters for the outcome of every case of a corpus. Writes nothing and returns the
/// files that would change.
///
/// For cases that did not change, answers of other interpreters are retained, so that no machine
/// has to have all versions.
///
/// # Errors
/// If an interpreter does not start or gives no outcome, or a file cannot be read.
pub fn record(pythons: &[Python], root: &Path) -> Result<Vec<Change>, CannotRecord> {
    let failed = |path: &Path, error: std::io::Error| CannotRecord(format!("{}: {error}", path.shown()));
    let files = corpus::files(root).map_err(|error| failed(root, error))?;
    let mut folders: BTreeMap<PathBuf, Vec<(String, Case)>> = BTreeMap::new();
    for file in &files {
        let case = corpus::read(file).map_err(|error| failed(file, error))?;
        let name = file.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| CannotRecord(format!("{}: the name is not UTF-8", file.shown())))?;
        let folder = file.parent().unwrap_or(root);
        folders.entry(folder.to_owned()).or_default().push((name.to_owned(), case));
    }
    let mut workers = start(pythons)?;
    let mut changes = Vec::new();
    let mut current = BTreeSet::new();
    for (folder, cases) in &folders {
        let file = answers_file(root, folder);
        let old = Answers::read(&file).map_err(|error| failed(&file, error))?;
        let new = ask_all(&mut workers, cases, &old)?;
        if new != old {
            let what = differences(&old, &new);
            changes.push(Change { file: file.clone(), text: new.write(), what, old, new });
        }
        current.insert(file);
    }
    changes.extend(left_over(&root.join("answers"), &current));
    Ok(changes)
}

/// Starts interpreters with debug output, which recorded answers include.
pub(super) fn start(pythons: &[Python]) -> Result<Vec<Worker>, CannotRecord> {
    let start = |python: &Python| {
        let mut worker = Worker::start(&python.path).map_err(CannotRecord)?;
        worker.set_debug(true);
        Ok(worker)
    };
    pythons.iter().map(start).collect()
}

/// Returns the answers of the workers for some cases, and the old answers of other interpreters.
pub(super) fn ask_all(
    workers: &mut [Worker],
    files: &[(String, Case)],
    old: &Answers,
) -> Result<Answers, CannotRecord> {
    let mut pythons = old.pythons.clone();
    for worker in workers.iter() {
        pythons.retain(|python| python.label() != worker.info().label());
        pythons.push(worker.info().clone());
    }
    pythons.sort_by(|a, b| (a.version, &a.level).cmp(&(b.version, &b.level)));
    let mut answers = Answers { pythons, cases: BTreeMap::new() };
    for (file, case) in files {
        let before = old.cases.get(file).filter(|recorded| recorded.case == *case);
        let old_answer = |label: &str| {
            let n = old.pythons.iter().position(|python| python.label() == label)?;
            before?.answers.get(n)?.clone()
        };
        let old_answers = answers.pythons.iter().map(|python| old_answer(&python.label())).collect();
        answers.cases.insert(file.clone(), Recorded { case: case.clone(), answers: old_answers });
    }
    let cases: Vec<Case> = files.iter().map(|(_, case)| case.clone()).collect();
    let mut asked = BTreeMap::new();
    for worker in workers {
        let label = worker.info().label();
        let Some(n) = answers.pythons.iter().position(|python| python.label() == label) else { continue };
        let path = worker.python().to_owned();
        let other = asked.insert(label.clone(), path.clone());
        for ((file, case), outcome) in files.iter().zip(worker.outcomes(&cases)) {
            if let Outcome::NoAnswer { why } = &outcome {
                return Err(CannotRecord(format!(
                    "Python {label} has no answer for {file}, {}: {why}",
                    case.excerpt()
                )));
            }
            let Some(recorded) = answers.cases.get_mut(file) else { continue };
            let answer = Answer::new(outcome);
            // Two builds of a version share one line, so that they must agree.
            if let Some(other) = other.as_ref().filter(|_| recorded.answers[n] != answer) {
                let (other, path) = (other.shown(), path.shown());
                return Err(CannotRecord(format!(
                    "Python {label} at {other} and at {path} give different answers for {file}, {}; \
                     name one of them with --pythons PATH",
                    case.excerpt()
                )));
            }
            recorded.answers[n] = answer;
        }
    }
    Ok(answers)
}

pub(super) fn differences(old: &Answers, new: &Answers) -> Vec<String> {
    let mut what = Vec::new();
    let old_labels: Vec<String> = old.pythons.iter().map(|python| python.label()).collect();
    for python in &new.pythons {
        if !old.pythons.contains(python) {
            let known = old_labels.contains(&python.label());
            what.push(format!("Python {}: {}", python.label(), if known { "another build" } else { "new" }));
        }
    }
    for (file, recorded) in &new.cases {
        let Some(before) = old.cases.get(file) else {
            what.push(format!("{file}: new"));
            continue;
        };
        if before.case != recorded.case {
            what.push(format!("{file}: another case, {}", recorded.case.excerpt()));
            continue;
        }
        let changed = new.pythons.iter().zip(&recorded.answers).filter(|(python, answer)| {
            let n = old_labels.iter().position(|label| *label == python.label());
            n.is_some_and(|n| before.answers.get(n) != Some(*answer))
        });
        let changed: Vec<String> = changed.map(|(python, _)| python.label()).collect();
        if !changed.is_empty() {
            what.push(format!("{file}: another answer from {}", changed.join(", ")));
        }
    }
    what.extend(
        old.cases.keys().filter(|file| !new.cases.contains_key(*file)).map(|file| format!("{file}: removed")),
    );
    what
}

/// Returns the changes that remove the files of answers whose folder of cases does not exist.
fn left_over(folder: &Path, current: &BTreeSet<PathBuf>) -> Vec<Change> {
    // A corpus without recorded answers has no such folder.
    let files = files_below(folder).unwrap_or_default();
    let is_left = |file: &PathBuf| {
        file.extension().is_some_and(|extension| extension == "jsonl") && !current.contains(file)
    };
    let what = || vec!["its folder does not exist".to_owned()];
    let change = |file: PathBuf| {
        let old = Answers::read(&file).unwrap_or_default();
        Change { file, text: Vec::new(), what: what(), old, new: Answers::default() }
    };
    files.into_iter().filter(is_left).map(change).collect()
}
