//! The findings of a run by cause, in a file beside the stats.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, process};

use sre_case::Case;
use sre_oracle::{Candidates, cover};
use sre_support::visible::Shown;

use crate::finding::Finding;
use crate::stats;

/// A finding with its smallest case.
#[derive(Debug)]
struct Found {
    inputs: u64,
    causes: Candidates<String>,
    /// The folder of the most likely cause.
    folder: PathBuf,
    case: Case,
}

/// The findings of a process, by name.
#[derive(Debug, Default)]
pub(crate) struct Causes(BTreeMap<String, Found>);

impl Causes {
    /// Counts an input that shows the finding with this name. Returns whether the finding is known.
    pub(crate) fn count(&mut self, name: &str) -> bool {
        let Some(found) = self.0.get_mut(name) else { return false };
        found.inputs += 1;
        // Exact numbers matter little once there are many, and writing takes time.
        if found.inputs <= 16 || found.inputs.is_multiple_of(16) {
            self.write();
        }
        true
    }

    /// Adds a minimized finding, which was found by this name. Returns whether its case is the
    /// smallest of its folder.
    pub(crate) fn add(&mut self, name: String, finding: &Finding, folder: &Path) -> bool {
        let case = &finding.input.case;
        let smaller = |found: &Found| found.folder == folder && size(&found.case) <= size(case);
        let is_smallest = !self.0.values().any(smaller);
        let (causes, folder, case) = (finding.causes(), folder.to_owned(), case.clone());
        self.0.insert(name, Found { inputs: 1, causes, folder, case });
        self.write();
        is_smallest
    }

    /// Writes the file: for each cause the number of inputs, the number of signatures, the folder
    /// with the smallest case, and the cause, separated by tabs.
    fn write(&self) {
        let Some(folder) = stats::folder() else { return };
        let items: Vec<_> = self.0.values().map(|found| (found.inputs, found.causes.clone())).collect();
        let mut groups: BTreeMap<&String, (u64, u64, &Found)> = BTreeMap::new();
        for (found, cause) in self.0.values().zip(cover(&items)) {
            let Some(cause) = cause else { continue };
            let (inputs, signatures, smallest) = groups.entry(cause).or_insert((0, 0, found));
            *inputs += found.inputs;
            *signatures += 1;
            if size(&found.case) < size(&smallest.case) {
                *smallest = found;
            }
        }
        let mut lines = String::new();
        for (cause, (inputs, signatures, smallest)) in groups {
            let folder = smallest.folder.to_string_lossy();
            lines += &format!("{inputs}\t{signatures}\t{folder}\t{}\n", cause.shown());
        }
        let path = folder.join(format!("{}.causes", process::id()));
        if let Err(error) = fs::write(&path, lines) {
            eprintln!("sre-fuzz: {}: {error}", path.shown());
        }
    }
}

fn size(case: &Case) -> (usize, Vec<u8>) {
    (case.len(), case.encode())
}
