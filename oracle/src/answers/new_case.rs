//! Recording the answers for a new case.

use std::path::Path;

use sre_case::Case;
use sre_support::visible::Shown;

use super::record::{CannotRecord, ask_all, differences, start};
use super::{Answers, Change, answers_file};
use crate::pythons::Python;

/// The recorded answers for a new case.
#[derive(Clone, Debug)]
pub struct NewAnswers {
    /// The change of the folder's file of recorded answers.
    pub change: Change,
    /// The interpreters that were asked, oldest first.
    pub asked: Vec<Asked>,
    /// The versions that the folder has answers of but that were not available.
    pub missing: Vec<String>,
}

/// An interpreter that was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// Its version.
    pub label: String,
    /// The argument of `--pythons` for it.
    pub argument: String,
}

/// Asks interpreters for the outcomes of a case that is to be added to the corpus at `root` as
/// `file`. Writes nothing.
///
/// Only the versions that the folder already has answers of are asked, so that every case of it has
/// an answer of the same versions. If the folder has none, all are asked.
///
/// # Errors
/// Those of [`record`](super::record()), or if none of these interpreters is available.
pub fn record_new(
    pythons: &[Python],
    root: &Path,
    file: &Path,
    case: &Case,
) -> Result<NewAnswers, CannotRecord> {
    let answers = answers_file(root, file.parent().unwrap_or(root));
    let old =
        Answers::read(&answers).map_err(|error| CannotRecord(format!("{}: {error}", answers.shown())))?;
    let recorded: Vec<String> = old.pythons.iter().map(|python| python.label()).collect();
    let wanted = |python: &&Python| recorded.is_empty() || recorded.contains(&python.info.label());
    let pythons: Vec<Python> = pythons.iter().filter(wanted).cloned().collect();
    if pythons.is_empty() {
        return Err(CannotRecord(format!(
            "{}: none of its interpreters is available ({})",
            answers.shown(),
            recorded.join(", ")
        )));
    }
    let name = file.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| CannotRecord(format!("{}: the name is not UTF-8", file.shown())))?;
    let mut new = ask_all(&mut start(&pythons)?, &[(name.to_owned(), case.clone())], &old)?;
    if !old.pythons.is_empty() {
        new.pythons.clone_from(&old.pythons);
    }
    new.cases.extend(
        old.cases
            .iter()
            .filter(|(other, _)| *other != name)
            .map(|(file, recorded)| (file.clone(), recorded.clone())),
    );
    let asked =
        pythons.iter().map(|python| Asked { label: python.info.label(), argument: python.argument.clone() });
    // Several builds of a version give the same answer, so that naming one is enough.
    let mut asked: Vec<Asked> = asked.collect();
    asked.dedup_by(|later, first| later.label == first.label);
    let missing =
        recorded.into_iter().filter(|label| !asked.iter().any(|asked| asked.label == *label)).collect();
    let what = differences(&old, &new);
    let change = Change { file: answers, text: new.write(), what, old, new };
    Ok(NewAnswers { change, asked, missing })
}
