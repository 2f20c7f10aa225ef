//! Each rule of the dialect table is held by a case of the corpus: with the rule turned over, the case fails.

use std::collections::BTreeMap;
use std::path::Path;

use sre_compiler::Dialect;
use sre_oracle::answers::{Answer, Answers, answers_file};
use sre_oracle::{Oracle, Ours, corpus};

/// Rules that no pattern can show, and why.
const BEYOND_PATTERNS: [(&str, &str); 1] =
    [("marks_checked_exactly", "the compiler makes no mark that its groups do not have; tests/validate.rs")];

#[test]
fn a_rule_turned_over_makes_a_case_fail() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    // By interpreter, the rules that no case has noticed so far.
    let mut unnoticed: BTreeMap<String, Vec<(&'static str, Ours)>> = BTreeMap::new();
    let mut folders: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for file in corpus::files(&root).expect("the corpus is there") {
        folders.entry(file.parent().expect("a file is in a folder").to_owned()).or_default().push(file);
    }
    for folder in folders.keys() {
        let answers = Answers::read(&answers_file(&root, folder)).expect("answers can be read");
        for recorded in answers.cases.values() {
            for (python, answer) in answers.pythons.iter().zip(&recorded.answers) {
                let (Some(answer), Ok(dialect)) = (answer, python.dialect()) else { continue };
                let flips = unnoticed.entry(python.label()).or_insert_with(|| flipped(dialect));
                flips.retain_mut(|(_, ours)| {
                    Answer::new(ours.outcome(&recorded.case)).as_ref() == Some(answer)
                });
            }
        }
    }
    assert!(unnoticed.len() >= 11, "of every interpreter that was asked: {:?}", unnoticed.keys());
    let beyond = |rule: &str| BEYOND_PATTERNS.iter().any(|(name, _)| *name == rule);
    let left: Vec<_> = unnoticed
        .iter()
        .flat_map(|(python, rules)| rules.iter().map(move |(rule, _)| format!("{python}: {rule}")))
        .filter(|left| !beyond(left.split(": ").nth(1).unwrap_or_default()))
        .collect();
    assert!(left.is_empty(), "no case fails without these rules:\n{}", left.join("\n"));
}

/// Our compiler with each rule of a dialect turned over.
fn flipped(dialect: Dialect) -> Vec<(&'static str, Ours)> {
    let with_debug = |(rule, flipped)| {
        let mut ours = Ours::new(flipped);
        ours.set_debug(true);
        (rule, ours)
    };
    dialect.flipped().into_iter().map(with_debug).collect()
}
