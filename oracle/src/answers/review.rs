//! Accepting a change of recorded answers in part.

use std::collections::BTreeSet;

use super::file::write_lines;
use super::record::Change;
use super::{Answer, Answers, Recorded};

/// A change of what is recorded of one case.
#[derive(Clone, Debug)]
pub struct CaseChange {
    /// The name of the case's file.
    pub file: String,
    /// The case as a Python expression.
    pub case: String,
    /// What was recorded, a line for each answer; empty for a new case.
    pub before: String,
    /// What would be recorded; empty for a case that was removed.
    pub after: String,
}

impl Change {
    /// Returns what changes, case by case.
    pub fn cases(&self) -> Vec<CaseChange> {
        let files: BTreeSet<&String> = self.old.cases.keys().chain(self.new.cases.keys()).collect();
        let lines = |answers: &Answers, recorded: Option<&Recorded>| {
            let text = recorded.map(|recorded| write_lines(recorded, &answers.pythons));
            text.unwrap_or_default()
        };
        let change = |file: &String| {
            let (old, new) = (self.old.cases.get(file), self.new.cases.get(file));
            let (before, after) = (lines(&self.old, old), lines(&self.new, new));
            let case = new.or(old)?.case.excerpt();
            (before != after).then(|| CaseChange { file: file.clone(), case, before, after })
        };
        files.into_iter().filter_map(change).collect()
    }

    /// Returns the contents of the file with the changes of some cases only. Interpreters that are
    /// new have no answers to the other cases.
    pub fn with_only(&self, accepted: &BTreeSet<String>) -> Vec<u8> {
        let labels: Vec<String> = self.old.pythons.iter().map(|python| python.label()).collect();
        let answer_of = |recorded: &Recorded, label: &str| -> Option<Answer> {
            let n = labels.iter().position(|old| old == label)?;
            recorded.answers.get(n)?.clone()
        };
        let mut merged = Answers { pythons: self.new.pythons.clone(), cases: self.new.cases.clone() };
        merged.cases.retain(|file, _| accepted.contains(file));
        for (file, old) in self.old.cases.iter().filter(|(file, _)| !accepted.contains(*file)) {
            let answers = merged.pythons.iter().map(|python| answer_of(old, &python.label())).collect();
            merged.cases.insert(file.clone(), Recorded { case: old.case.clone(), answers });
        }
        if merged.cases.is_empty() { Vec::new() } else { merged.write() }
    }
}

#[cfg(test)]
mod tests {
    use sre_case::wire::InterpreterInfo;

    use super::*;

    fn answers(lines: &[(&str, &str, &[&str])]) -> Answers {
        let python = |patch: u32| {
            format!(
                "{{\"python\": {{\"version\": [3, 13, {patch}], \"level\": \"final\", \"magic\": 1, \"unidata\": \"1\", \
             \"implementation\": \"cpython\", \"digits\": null}}}}\n"
            )
        };
        let pythons = lines.iter().map(|(.., given)| given.len()).max().unwrap_or_default() as u32;
        let mut text: String = (0..pythons).map(python).collect();
        for (file, pattern, given) in lines {
            for (patch, answer) in given.iter().enumerate() {
                let case = match patch {
                    0 => {
                        format!("\"case\": {{\"kind\": \"str\", \"pattern\": \"{pattern}\", \"flags\": 0}}, ")
                    }
                    _ => String::new(),
                };
                text.push_str(&format!(
                    "{{\"file\": \"{file}\", {case}\"from\": \"3.13.{patch}\", \"answer\": \
                     {{\"error\": {{\"type\": \"{answer}\", \"msg\": \"x\"}}, \"warnings\": []}}}}\n"
                ));
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.jsonl");
        std::fs::write(&path, text).unwrap();
        Answers::read(&path).unwrap()
    }

    fn labels(pythons: &[InterpreterInfo]) -> Vec<String> {
        pythons.iter().map(|python| python.label()).collect()
    }

    #[test]
    fn what_is_not_accepted_stays_as_it_was() {
        let old = answers(&[("a", "a", &["A"]), ("b", "b", &["B"]), ("gone", "c", &["C"])]);
        let new = answers(&[("a", "a", &["A2", "A2"]), ("b", "b", &["B2", "B3"]), ("new", "d", &["D", "D"])]);
        let change = Change { file: "x".into(), text: new.write(), what: Vec::new(), old, new };
        let cases = change.cases();
        let files: Vec<&str> = cases.iter().map(|case| case.file.as_str()).collect();
        assert_eq!(files, ["a", "b", "gone", "new"]);
        assert!(cases[2].after.is_empty() && cases[3].before.is_empty());

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.jsonl");
        std::fs::write(&path, change.with_only(&["b".to_owned()].into())).unwrap();
        let merged = Answers::read(&path).unwrap();
        assert_eq!(labels(&merged.pythons), ["3.13.0", "3.13.1"]);
        assert_eq!(merged.cases.keys().collect::<Vec<_>>(), ["a", "b", "gone"]);
        assert_eq!(merged.cases["a"].answers, [change.old.cases["a"].answers[0].clone(), None]);
        assert_eq!(merged.cases["b"], change.new.cases["b"]);

        std::fs::write(&path, change.with_only(&files.iter().map(|file| (*file).to_owned()).collect()))
            .unwrap();
        assert_eq!(Answers::read(&path).unwrap(), change.new);
    }
}
