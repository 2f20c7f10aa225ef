//! What the page gets for the corpus is what the compiler answers, and what CPythons answered.

mod common;

use std::path::Path;

use sre_case::{Case, Oracle, Outcome, corpus, wire};
use sre_compiler::{Compiler, Dialect};
use sre_explorer::{Explorer, dialects, outcome};
use sre_oracle::RustCompiler;
use sre_oracle::answers::{Answer, Answers, OutcomeOrHash, answers_file};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus"))
}

/// The cases, by the names of their files.
fn cases() -> Vec<(String, Case)> {
    let files = corpus::files(root()).expect("the corpus");
    let cases = files.into_iter().map(|file| {
        let case = corpus::read(&file).expect("a case");
        (file.strip_prefix(root()).unwrap_or(&file).to_string_lossy().into_owned(), case)
    });
    cases.collect()
}

fn answer(case: &Case, dialect: Dialect) -> Outcome {
    let text = outcome(&mut Compiler::new(dialect), &common::request(case), dialect);
    wire::parse_outcome(text.as_bytes()).expect("an outcome")
}

/// What is read back of an outcome: only `re.error` is written with a position.
fn as_written(outcome: &Outcome) -> Outcome {
    let mut line = Vec::new();
    wire::write_outcome(&mut line, outcome);
    wire::parse_outcome(&line).expect("an outcome")
}

#[test]
fn the_answers_of_all_dialects_are_those_of_the_compiler() {
    let mut compared = 0;
    for (name, case) in cases() {
        for dialect in dialects() {
            let expected = as_written(&RustCompiler::new(dialect).outcome(&case));
            assert_eq!(answer(&case, dialect), expected, "{name} {dialect}");
            compared += 1;
        }
    }
    assert!(compared > 40_000, "{compared}");
}

#[test]
fn the_answers_are_those_recorded_from_interpreters() {
    let mut compared = 0;
    for (name, case) in cases() {
        let file = root().join(&name);
        let folder = file.parent().expect("a folder");
        if folder.ends_with("known") {
            continue;
        }
        let answers = Answers::read(&answers_file(root(), folder)).expect("answers");
        let recorded = &answers.cases[file.file_name().and_then(|name| name.to_str()).expect("a name")];
        for (python, recorded) in answers.pythons.iter().zip(&recorded.answers) {
            let Some(recorded) = recorded else { continue };
            let answer = answer(&case, python.dialect().expect("a dialect"));
            if let OutcomeOrHash::Outcome(recorded) = &recorded.outcome {
                assert_eq!(&answer, &**recorded, "{name} {}", python.label());
            } else {
                let answer = Answer::new(answer).expect("an answer");
                assert_eq!(answer.outcome, recorded.outcome, "{name} {}", python.label());
            }
            compared += 1;
        }
    }
    assert!(compared > 19_000, "{compared}");
}

#[test]
fn the_groups_show_what_each_dialect_answers() {
    let mut explorer = Explorer::default();
    let mut compared = 0;
    for (name, case) in cases() {
        if let Some(difference) = common::difference(&mut explorer, &case) {
            panic!("{name}: {difference}");
        }
        compared += 1;
    }
    assert!(compared > 1700, "{compared}");
}
