//! The planted bugs: `fuzz/plants.txt`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow};
use sre_support::hash::fnv1a;
use sre_support::visible::Shown;

use crate::shell::root;

/// A bug, and how to plant it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Plant {
    pub(super) name: String,
    /// What sort of mistake it is.
    pub(super) kind: String,
    /// What is wrong then.
    pub(super) what: String,
    /// In `compiler/src`.
    file: String,
    /// The fuzz target that can see it.
    pub(super) target: String,
    /// What stands in the file, just once.
    sound: String,
    /// What takes its place.
    broken: String,
}

/// All of them, in the order of the file.
pub(super) fn read() -> Result<Vec<Plant>> {
    let path = root().join("fuzz/plants.txt");
    let text = fs::read_to_string(&path).with_context(|| path.shown().to_string())?;
    parse(&text)
}

fn parse(text: &str) -> Result<Vec<Plant>> {
    let mut plants: Vec<Plant> = Vec::new();
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line)) {
        let wrong = |why: &str| Err(anyhow!("fuzz/plants.txt, line {number}: {why}"));
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some(field) = line.strip_prefix("  ") else {
            plants.push(Plant {
                name: line.to_owned(),
                target: "differential".to_owned(),
                ..Plant::default()
            });
            continue;
        };
        let Some(plant) = plants.last_mut() else { return wrong("a bug begins with its name") };
        let (key, value) = field.split_once(' ').unwrap_or((field, ""));
        match key {
            "kind" => plant.kind = value.trim().to_owned(),
            "what" => plant.what = value.trim().to_owned(),
            "file" => plant.file = value.trim().to_owned(),
            "target" => plant.target = value.trim().to_owned(),
            "-" => add_line(&mut plant.sound, value),
            "+" => add_line(&mut plant.broken, value),
            _ => return wrong("not understood"),
        }
    }
    Ok(plants)
}

fn add_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}

impl Plant {
    /// The path of its file in the workspace.
    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from("compiler/src").join(&self.file)
    }

    /// Returns a hash of what a program with the bug depends on; the same in every build of xtask.
    pub(super) fn hash(&self) -> u64 {
        fnv1a([&self.file, &self.sound, &self.broken].into_iter().flat_map(|text| text.bytes().chain([0])))
    }

    /// The source with the bug in it.
    pub(super) fn planted_in(&self, source: &str) -> Result<String> {
        match source.matches(&self.sound).count() {
            1 if !self.sound.is_empty() => Ok(source.replacen(&self.sound, &self.broken, 1)),
            count => Err(anyhow!(
                "{}: what it is to replace stands {count} times in {}, not once",
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
    fn every_bug_finds_its_place() {
        let plants = read().expect("the file can be read");
        assert!(plants.len() >= 40, "{}", plants.len());
        let mut names = HashSet::new();
        for plant in &plants {
            assert!(names.insert(&plant.name), "{} is there twice", plant.name);
            assert!(!plant.kind.is_empty() && !plant.what.is_empty(), "{plant:?}");
            assert!(["differential", "compile"].contains(&plant.target.as_str()), "{plant:?}");
            let source = fs::read_to_string(root().join(plant.path())).expect("it names a file");
            let broken = plant.planted_in(&source).expect("it finds its place");
            assert_ne!(source, broken, "{}", plant.name);
        }
    }

    #[test]
    fn a_bug_is_read() {
        let text = "# x\n\na\n  kind   k\n  what   a b\n  file   f.rs\n  - x\n  -   y\n  + z\n";
        let plants = parse(text).expect("it is understood");
        assert_eq!(plants.len(), 1);
        assert_eq!(plants[0].planted_in("1\nx\n  y2").unwrap(), "1\nz2");
        assert!(plants[0].planted_in("x").is_err());
        assert!(parse("  kind k").is_err() && parse("a\n  odd k").is_err());
    }
}
