//! Marks change no outcome of CPython, and distinguish patterns.

use std::path::Path;

use sre_case::{Case, Oracle, Outcome, corpus};
use sre_compiler::Flags;
use sre_fuzz::cpython_coverage::CpythonCoverage;
use sre_generate::Generator;
use sre_oracle::Embedded;

/// Returns the corpus, and as many generated cases.
fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let folders = ["seeds", "regressions", "known"].map(|folder| root.join(folder));
    let files = folders.iter().flat_map(|folder| corpus::files(folder).expect("the corpus is there"));
    let mut cases: Vec<Case> = files.map(|file| corpus::read(&file).expect("it can be read")).collect();
    let mut generator = Generator::new(6);
    cases.extend((0..cases.len()).map(|_| generator.case()).collect::<Vec<_>>());
    cases
}

/// CPython's recursion limit includes its caller, and the place where it is reached determines the text.
fn is_too_deep(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Rejected(rejected) if rejected.exception == "RecursionError")
}

/// `sre corpus test` compares the interpreter without marks to the recorded answers.
#[test]
fn marks_change_no_outcome_and_differ_between_patterns() {
    let cases = cases();
    assert!(cases.len() > 1000, "{} cases", cases.len());
    let mut interpreter = Embedded::new().unwrap();
    interpreter.set_debug(true);
    let without: Vec<Outcome> = cases.iter().map(|case| interpreter.outcome(case)).collect();

    let coverage = CpythonCoverage::new(&mut interpreter).unwrap();
    assert!(coverage.sites() > 600, "{} sites", coverage.sites());
    let mut reached = Vec::new();
    for (case, without) in cases.iter().zip(&without) {
        let with = interpreter.outcome(case);
        assert!(
            with == *without || is_too_deep(&with) && is_too_deep(without),
            "{case:?}: {with:?}, {without:?}"
        );
        reached.push(coverage.tell().unwrap());
    }
    let (least, most) = (reached.iter().min().unwrap(), reached.iter().max().unwrap());
    assert!(*least > 0 && *most > least + 100, "{least} to {most} of {} sites", coverage.sites());

    // Marks are cleared when they are read, and are the same for the same case.
    assert_eq!(coverage.tell().unwrap(), 0);
    let mut count = |pattern: &str| {
        interpreter.outcome(&Case::str(pattern, Flags::empty()));
        coverage.tell().unwrap()
    };
    assert_eq!(count("(a|b)+"), count("(a|b)+"));
    assert!(count("(a|b)+") > count("a"));

    // One of eight is compiled with marks; the hash decides.
    let mut coverage = coverage.for_one_of(8);
    let case = Case::str("(a|b)+", Flags::empty());
    let outcome = interpreter.outcome(&case);
    let marked = coverage.tell().unwrap();
    let counts = [3, 8, 8, 4, 5, 16].map(|hash| {
        coverage.select(&mut interpreter, hash).unwrap();
        assert_eq!(interpreter.outcome(&case), outcome);
        coverage.tell().unwrap()
    });
    assert_eq!(counts, [0, marked, marked, 0, 0, marked]);
}
