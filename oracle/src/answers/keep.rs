//! Recording the answers for a case that is new.

use std::path::Path;

use sre_case::Case;
use sre_support::visible::Shown;

use super::record::{CannotRecord, ask_all, differences, start};
use super::{Answers, Change, answers_file};
use crate::pythons::Python;

/// What is recorded of a new case.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The file of answers as it should be.
    pub change: Change,
    /// The interpreters that were asked, oldest first.
    pub asked: Vec<Asked>,
    /// Those that answered to the other cases of the folder, and were not at hand.
    pub missing: Vec<String>,
}

/// An interpreter that was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// Its version.
    pub label: String,
    /// What `--pythons` takes for it.
    pub argument: String,
}

/// Asks the interpreters for a case that is to be added to the corpus at `root` as `file`. Writes
/// nothing.
///
/// Asked are those whose answers the folder holds, so that no other case lacks an answer; all, if
/// it holds none.
///
/// # Errors
/// As [`record`](super::record()) gives them; or if none of the interpreters is there.
pub fn record_new(pythons: &[Python], root: &Path, file: &Path, case: &Case) -> Result<Kept, CannotRecord> {
    let answers = answers_file(root, file.parent().unwrap_or(root));
    let old =
        Answers::read(&answers).map_err(|error| CannotRecord(format!("{}: {error}", answers.shown())))?;
    let recorded: Vec<String> = old.pythons.iter().map(|python| python.label()).collect();
    let wanted = |python: &&Python| recorded.is_empty() || recorded.contains(&python.info.label());
    let pythons: Vec<Python> = pythons.iter().filter(wanted).cloned().collect();
    if pythons.is_empty() {
        return Err(CannotRecord(format!(
            "no interpreter is at hand that answers are recorded of: {recorded:?}"
        )));
    }
    let name = file.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| CannotRecord(format!("{}: not a name", file.shown())))?;
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
    // Of several builds of a version, which answer alike, one is named.
    let mut asked: Vec<Asked> = asked.collect();
    asked.dedup_by(|later, first| later.label == first.label);
    let missing =
        recorded.into_iter().filter(|label| !asked.iter().any(|asked| asked.label == *label)).collect();
    let change = Change { file: answers, text: new.write(), what: differences(&old, &new) };
    Ok(Kept { change, asked, missing })
}
