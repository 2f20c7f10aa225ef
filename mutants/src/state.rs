//! The known outcomes of mutants, stored between runs, so that a run can be interrupted.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use sre_support::fnv::fnv1a;
use sre_support::lock::Lock;
use sre_support::visible::Shown;
use sre_support::{atomic_file, lock};

use crate::mutant::Mutant;
use crate::trial::Outcome;

/// The outcomes by the mutants' places, for one version of the compiler's source.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct State {
    source: u64,
    outcomes: BTreeMap<String, Outcome>,
    #[serde(skip)]
    file: PathBuf,
}

impl State {
    /// Reads the outcomes in a file if they are of this source; otherwise returns none.
    pub(crate) fn read(file: PathBuf, source: u64) -> Result<State> {
        let nothing = State { source, outcomes: BTreeMap::new(), file: file.clone() };
        let text = match fs::read(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(nothing),
            text => text.with_context(|| file.shown().to_string())?,
        };
        let known: State = serde_json::from_slice(&text).with_context(|| file.shown().to_string())?;
        Ok(if known.source == source { State { file, ..known } } else { nothing })
    }

    /// Locks the file against other runs, which would overwrite the outcomes of this one.
    pub(crate) fn lock(file: &Path) -> Result<Lock> {
        lock(file, "give each run its own --state, and --merge them")
    }

    /// Adds what another shard found.
    pub(crate) fn merge(&mut self, file: &Path) -> Result<()> {
        let other = State::read(file.to_owned(), self.source)?;
        ensure!(!other.outcomes.is_empty(), "{}: of another source, or empty", file.shown());
        self.outcomes.extend(other.outcomes);
        Ok(())
    }

    pub(crate) fn get(&self, mutant: &Mutant) -> Option<Outcome> {
        self.outcomes.get(&mutant.place).copied()
    }

    pub(crate) fn set(&mut self, mutant: &Mutant, outcome: Outcome) {
        self.outcomes.insert(mutant.place.clone(), outcome);
    }

    pub(crate) fn write(&self) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        atomic_file::write(&self.file, &text).with_context(|| self.file.shown().to_string())
    }
}

/// Locks the folder of copies and builds against other runs, which would change them.
pub(crate) fn lock_folder(work: &Path) -> Result<Lock> {
    lock(work, "wait for its end, or give each run its own CARGO_TARGET_DIR")
}

fn lock(path: &Path, advice: &str) -> Result<Lock> {
    let file = lock::beside(path).with_context(|| path.shown().to_string())?;
    let lock = Lock::try_take(&file).with_context(|| format!("cannot lock {}", file.shown()))?;
    lock.with_context(|| format!("{} is in use by another run; {advice}", path.shown()))
}

/// Returns a hash of the files with mutants, the same in every build of this program.
pub(crate) fn source_of(root: &Path, mutants: &[Mutant]) -> Result<u64> {
    let mut files: Vec<&Path> = mutants.iter().map(|mutant| mutant.file.as_path()).collect();
    files.dedup();
    let mut parts = Vec::new();
    for file in files {
        let text = fs::read(root.join(file)).with_context(|| file.shown().to_string())?;
        add_part(&mut parts, file.as_os_str().as_encoded_bytes());
        add_part(&mut parts, &text);
    }
    Ok(fnv1a(parts))
}

/// Returns a hash of the files with mutants and of the list of mutants.
pub(crate) fn fingerprint(root: &Path, mutants: &[Mutant]) -> Result<u64> {
    let mut parts = source_of(root, mutants)?.to_le_bytes().to_vec();
    mutants.iter().for_each(|mutant| add_part(&mut parts, mutant.place.as_bytes()));
    Ok(fnv1a(parts))
}

/// Adds a part after its length, so that parts cannot be confused when they are hashed.
fn add_part(parts: &mut Vec<u8>, part: &[u8]) {
    parts.extend((part.len() as u64).to_le_bytes());
    parts.extend(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_in_use_by_another_run_is_an_error() {
        let folder = std::env::temp_dir().join(format!("sre-mutants-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let file = folder.join("outcomes.json");
        let lock = State::lock(&file).unwrap();
        let why = format!("{:#}", State::lock(&file).unwrap_err());
        assert!(why.contains("outcomes.json is in use by another run"), "{why}");
        drop(lock);
        drop(State::lock(&file).unwrap());
        // This fails unless the folder is empty.
        fs::remove_dir(&folder).unwrap();
    }
}
