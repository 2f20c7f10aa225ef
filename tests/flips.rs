//! Each rule of the dialect table is held by a case of the corpus: with the rule turned over, the case fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sre_case::{Oracle, corpus};
use sre_compiler::Dialect;
use sre_coverage::Unreached;
use sre_oracle::RustCompiler;
use sre_oracle::answers::{Answer, Answers, answers_file, replay};

#[test]
fn a_rule_turned_over_makes_a_case_fail() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let list = fs::read_to_string(root.join("unreached.txt")).expect("the list is there");
    let unreached = Unreached::parse(&list).expect("the list can be read");
    // By interpreter, the rules that no case has noticed so far.
    let mut unnoticed: BTreeMap<String, Vec<(&'static str, RustCompiler)>> = BTreeMap::new();
    let mut folders: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let files = corpus::files(&root).expect("the corpus is there");
    // A case that differs already notices no rule: none may, but for the known divergences.
    let replayed = replay(&root, &files, usize::MAX).expect("the corpus can be read");
    let differing = replayed.mismatches.len() + replayed.unrecorded.len();
    assert_eq!(differing, 0, "cases that are not as recorded; see the test `corpus`");
    for file in files {
        folders.entry(file.parent().expect("a file is in a folder").to_owned()).or_default().push(file);
    }
    for folder in folders.keys() {
        let answers = Answers::read(&answers_file(&root, folder)).expect("answers can be read");
        for recorded in answers.cases.values() {
            for (python, answer) in answers.pythons.iter().zip(&recorded.answers) {
                let (Some(answer), Ok(dialect)) = (answer, python.dialect()) else { continue };
                // A known divergence.
                if Answer::new(with_debug(dialect).outcome(&recorded.case)).as_ref() != Some(answer) {
                    continue;
                }
                let flips = unnoticed.entry(python.label()).or_insert_with(|| flipped(dialect));
                flips.retain_mut(|(_, ours)| {
                    Answer::new(ours.outcome(&recorded.case)).as_ref() == Some(answer)
                });
            }
        }
    }
    assert!(unnoticed.len() >= 11, "of every interpreter that was asked: {:?}", unnoticed.keys());
    let left: Vec<_> = unnoticed
        .iter()
        .flat_map(|(python, rules)| rules.iter().map(move |(rule, _)| (python, *rule)))
        .filter(|(python, rule)| {
            let dialect = python.split(' ').next().and_then(|version| version.parse().ok());
            unreached.of_word("rules", rule, dialect.expect("a known version")).is_none()
        })
        .map(|(python, rule)| format!("{python}: {rule}"))
        .collect();
    assert!(left.is_empty(), "no case fails without these rules:\n{}", left.join("\n"));
}

/// Our compiler with each rule of a dialect turned over.
fn flipped(dialect: Dialect) -> Vec<(&'static str, RustCompiler)> {
    dialect.flipped().into_iter().map(|(rule, flipped)| (rule, with_debug(flipped))).collect()
}

fn with_debug(dialect: Dialect) -> RustCompiler {
    let mut ours = RustCompiler::new(dialect);
    ours.set_debug(true);
    ours
}
