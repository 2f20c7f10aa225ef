//! Each rule of the dialect table is covered by the corpus: if it is flipped, a case fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sre_case::{Oracle, corpus};
use sre_compiler::Dialect;
use sre_coverage::Unreached;
use sre_oracle::RustCompiler;
use sre_oracle::answers::{Answer, Answers, answers_file, replay};

#[test]
fn every_dialect_rule_is_covered_by_the_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let list = fs::read_to_string(root.join("unreached.txt")).expect("the list is there");
    let unreached = Unreached::parse(&list).expect("the list can be read");
    // For each dialect, the rules for which no case has failed so far.
    let mut uncovered: BTreeMap<Dialect, Vec<(&'static str, RustCompiler)>> = BTreeMap::new();
    let mut folders: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let files = corpus::files(&root).expect("the corpus is there");
    // A case that differs anyway covers no rule, so that only known divergences may differ.
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
                let flips = uncovered.entry(dialect).or_insert_with(|| flipped(dialect));
                flips.retain_mut(|(_, compiler)| {
                    Answer::new(compiler.outcome(&recorded.case)).as_ref() == Some(answer)
                });
            }
        }
    }
    assert!(uncovered.len() >= 11, "answers of few dialects: {:?}", uncovered.keys());
    let left: Vec<_> = uncovered
        .iter()
        .flat_map(|(dialect, rules)| rules.iter().map(move |(rule, _)| (dialect, *rule)))
        .filter(|(dialect, rule)| unreached.of_word("rules", rule, **dialect).is_none())
        .map(|(dialect, rule)| format!("{dialect}: {rule}"))
        .collect();
    assert!(left.is_empty(), "no case fails without these rules:\n{}", left.join("\n"));
}

/// Returns a compiler for each rule of a dialect, with that rule flipped.
fn flipped(dialect: Dialect) -> Vec<(&'static str, RustCompiler)> {
    dialect.flipped().into_iter().map(|(rule, flipped)| (rule, with_debug(flipped))).collect()
}

fn with_debug(dialect: Dialect) -> RustCompiler {
    let mut compiler = RustCompiler::new(dialect);
    compiler.set_debug(true);
    compiler
}
