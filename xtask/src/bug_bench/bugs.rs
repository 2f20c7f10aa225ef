//! The injected bugs: `fuzz/injected_bugs.txt`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};
use sre_support::fnv::fnv1a;
use sre_support::visible::Shown;

use crate::shell::root;

/// A bug, and the change that injects it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Bug {
    pub(super) name: String,
    /// The kind of mistake.
    pub(super) kind: String,
    /// What the bug does.
    pub(super) what: String,
    /// The changed file, in `compiler/src`.
    file: String,
    /// The fuzz target that can find it.
    pub(super) target: String,
    /// The text to replace, which occurs once in the file.
    sound: String,
    /// Its replacement.
    broken: String,
}

/// Reads all bugs, in the order of the file.
pub(super) fn read() -> Result<Vec<Bug>> {
    let path = root().join("fuzz/injected_bugs.txt");
    let text = fs::read_to_string(&path).with_context(|| path.shown().to_string())?;
    parse(&text)
}

fn parse(text: &str) -> Result<Vec<Bug>> {
    let mut bugs: Vec<Bug> = Vec::new();
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        let wrong = |why: &str| Err(anyhow!("fuzz/injected_bugs.txt, line {number}: {why}"));
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some(field) = line.strip_prefix("  ") else {
            bugs.push(Bug { name: line.to_owned(), target: "differential".to_owned(), ..Bug::default() });
            continue;
        };
        let Some(bug) = bugs.last_mut() else { return wrong("a bug begins with its name") };
        let (key, value) = field.split_once(' ').unwrap_or((field, ""));
        match key {
            "kind" => bug.kind = value.trim().to_owned(),
            "what" => bug.what = value.trim().to_owned(),
            "file" => bug.file = value.trim().to_owned(),
            "target" => bug.target = value.trim().to_owned(),
            "-" => add_line(&mut bug.sound, value),
            "+" => add_line(&mut bug.broken, value),
            _ => return wrong("unknown field (known: kind, what, file, target, -, +)"),
        }
    }
    Ok(bugs)
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

impl Bug {
    /// Returns the path of its file in the workspace.
    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from("compiler/src").join(&self.file)
    }

    /// Returns a hash of what a program with the bug depends on; the same in every build of xtask.
    pub(super) fn hash(&self) -> u64 {
        fnv1a([&self.file, &self.sound, &self.broken].into_iter().flat_map(|text| text.bytes().chain([0])))
    }

    /// Returns the source with the bug in it.
    pub(super) fn injected_into(&self, source: &str) -> Result<String> {
        match source.matches(&self.sound).count() {
            1 if !self.sound.is_empty() => Ok(source.replacen(&self.sound, &self.broken, 1)),
            count => Err(anyhow!(
                "{}: the text to replace occurs {count} times in {}, not once",
                self.name,
                self.path().shown()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, read};
    use crate::shell::root;
    use std::collections::HashSet;
    use std::fs;

    #[test]
    fn every_bug_can_be_injected() {
        let bugs = read().expect("the file can be read");
        assert!(bugs.len() >= 40, "{}", bugs.len());
        let mut names = HashSet::new();
        for bug in &bugs {
            assert!(names.insert(&bug.name), "{} is listed twice", bug.name);
            assert!(!bug.kind.is_empty() && !bug.what.is_empty(), "{bug:?}");
            assert!(["differential", "compile"].contains(&bug.target.as_str()), "{bug:?}");
            let source = fs::read_to_string(root().join(bug.path())).expect("it names a file");
            let broken = bug.injected_into(&source).expect("it can be injected");
            assert_ne!(source, broken, "{}", bug.name);
        }
    }

    #[test]
    fn a_bug_is_read() {
        let text = "# x\n\na\n  kind   k\n  what   a b\n  file   f.rs\n  - x\n  -   y\n  + z\n";
        let bugs = parse(text).expect("it is understood");
        assert_eq!(bugs.len(), 1);
        assert_eq!(bugs[0].injected_into("1\nx\n  y2").unwrap(), "1\nz2");
        assert!(bugs[0].injected_into("x").is_err());
        assert!(parse("  kind k").is_err() && parse("a\n  odd k").is_err());
    }
}
