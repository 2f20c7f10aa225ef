//! A file of known findings, which are not reported again.
//!
//! A finding is recognized by its file, its rule and its pattern, wherever it is in the file. One
//! more of the same is new.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sre_support::atomic_file;
use sre_support::visible::Shown;

use crate::finding::Located;

/// Known findings.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The folder of the file; the files in it are relative to it.
    root: PathBuf,
    /// How many findings of each fingerprint are left.
    left: BTreeMap<u64, usize>,
}

#[derive(Serialize, Deserialize)]
struct Content {
    /// The version of the format.
    sre_baseline: u32,
    findings: Vec<Known>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Known {
    file: String,
    code: String,
    pattern: String,
    fingerprint: String,
    count: usize,
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub fn read(file: &Path) -> Result<Baseline, String> {
        let named = |why: &dyn std::fmt::Display| format!("{}: {why}", file.shown());
        let text = fs::read_to_string(file).map_err(|why| {
            let hint =
                if why.kind() == io::ErrorKind::NotFound { "; --write-baseline creates it" } else { "" };
            named(&format!("{why}{hint}"))
        })?;
        let content: Content =
            serde_json::from_str(&text).map_err(|why| named(&format!("not a baseline: {why}")))?;
        if content.sre_baseline != 1 {
            return Err(named(&format!("unknown version {}; write it again", content.sre_baseline)));
        }
        let mut left = BTreeMap::new();
        for known in content.findings {
            let number = u64::from_str_radix(&known.fingerprint, 16);
            let fingerprint = number.map_err(|why| named(&format!("{:?}: {why}", known.fingerprint)))?;
            *left.entry(fingerprint).or_default() += known.count;
        }
        Ok(Baseline { root: root(file), left })
    }

    /// Returns whether a finding is known. Each known finding is matched once.
    pub fn take(&mut self, located: &Located) -> bool {
        let fingerprint = located.fingerprint(&relative(&located.file, &self.root));
        match self.left.get_mut(&fingerprint) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// Returns how many known findings were not found.
    pub fn unused(&self) -> usize {
        self.left.values().sum()
    }

    /// Writes a file with these findings.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(file: &Path, findings: &[Located]) -> io::Result<()> {
        let root = root(file);
        let mut counts: BTreeMap<(String, &str, &str, u64), usize> = BTreeMap::new();
        for located in findings {
            let relative = relative(&located.file, &root);
            let fingerprint = located.fingerprint(&relative);
            let what = if located.pattern.is_empty() { &located.finding.message } else { &located.pattern };
            *counts.entry((relative, located.finding.rule.code(), what, fingerprint)).or_default() += 1;
        }
        let findings = counts.into_iter().map(|((file, code, pattern, fingerprint), count)| Known {
            file,
            code: code.to_owned(),
            pattern: pattern.to_owned(),
            fingerprint: format!("{fingerprint:016x}"),
            count,
        });
        let content = Content { sre_baseline: 1, findings: findings.collect() };
        let mut text = serde_json::to_string_pretty(&content)?;
        text.push('\n');
        atomic_file::write(file, text.as_bytes())
    }
}

fn root(file: &Path) -> PathBuf {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    absolute.parent().unwrap_or(Path::new("/")).to_owned()
}

/// Returns a path relative to a folder, with `/` between its parts.
pub(crate) fn relative(file: &str, root: &Path) -> String {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(file));
    let Ok(path) = absolute.strip_prefix(root) else { return absolute.to_string_lossy().into_owned() };
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Finding;
    use crate::rules::Rule;
    use sre_case::Case;
    use sre_compiler::Flags;

    fn located(folder: &Path, pattern: &str, line: usize) -> Located {
        let finding = Finding { rule: Rule::Refused, message: "m".into(), help: None, pos: None };
        let case = Case::str(pattern, Flags::empty());
        Located::new(finding, &case, folder.join("a.py").to_str().unwrap(), line, 1)
    }

    #[test]
    fn known_findings_are_recognized_wherever_they_move() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("baseline.json");
        let of = |pattern: &str, line| located(folder.path(), pattern, line);
        Baseline::write(&file, &[of("a++", 1), of("a++", 2), of("b++", 3)]).unwrap();
        let mut baseline = Baseline::read(&file).unwrap();
        assert!(baseline.take(&of("a++", 10)) && baseline.take(&of("a++", 11)));
        assert!(!baseline.take(&of("a++", 12)), "there were two");
        assert!(!baseline.take(&of("c++", 3)));
        assert_eq!(baseline.unused(), 1);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("\"file\": \"a.py\"") && text.contains("\"count\": 2"), "{text}");
    }

    #[test]
    fn a_file_that_is_not_a_baseline_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("baseline.json");
        assert!(Baseline::read(&file).unwrap_err().contains("--write-baseline"));
        for text in ["", "[]", "{\"sre_baseline\": 2, \"findings\": []}"] {
            fs::write(&file, text).unwrap();
            assert!(Baseline::read(&file).is_err(), "{text}");
        }
    }
}
