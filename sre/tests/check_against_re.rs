//! `Checker` against `re.compile` itself, on each interpreter that is found: whether a pattern is accepted, the error with
//! its text and position, and the warnings.
//!
//! The cases are the corpus, generated ones, and those of `SRE_SAMPLES` if it names a file of JSON Lines, as
//! `sre record` writes them. `SRE_CHECK_CASES=100000` generates 100,000 cases instead of 2,000.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::path::Path;
use std::{fmt, fs};

use serde::Deserialize;
use sre_case::{Case, PyText, corpus, parse_versions, wire};
use sre_check::{Answer, Checker};
use sre_compiler::Flags;
use sre_generate::Generator;
use sre_oracle::pythons::Python;
use sre_test_support::{Missing, run_script};

/// What `re.compile` did.
#[derive(Deserialize, PartialEq, Debug)]
struct Real {
    /// Type, text, then position, line and column.
    error: Option<(String, Text, [Option<usize>; 3])>,
    warnings: Vec<(String, Text)>,
}

/// The code points of a Python str, which may have lone surrogates.
#[derive(Deserialize, PartialEq)]
struct Text(Vec<u32>);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        PyText::from_code_points(&self.0).fmt(f)
    }
}

/// Flags that the generator seldom gives: `re.T`, `re.DEBUG`, bits without a meaning, and values beyond a C int.
const RARE_FLAGS: [i64; 10] =
    [1, 1 | 2, 128, 512, 0x4000_0000, 0x7fff_ff00, 0x8000_0000, 0x8000_0001, -0x8000_0000, -0x100_0000_0000];

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let mut cases: Vec<Case> =
        corpus::files(&root).unwrap().iter().map(|file| corpus::read(file).unwrap()).collect();
    assert!(cases.len() > 1000, "the corpus is there");
    let mut samples = Vec::new();
    if let Some(path) = sre_test_support::samples() {
        let lines = fs::read_to_string(path).unwrap();
        samples.extend(lines.lines().map(|line| wire::parse_request(line.as_bytes()).unwrap().case));
    }
    let count = sre_support::variable("SRE_CHECK_CASES")
        .map_or(2_000, |count| count.to_string_lossy().parse().unwrap());
    let mut generator = Generator::new(22).with_samples(samples.clone());
    let mut random = fastrand::Rng::with_seed(22);
    cases.extend(samples);
    cases.extend((0..count).map(|_| {
        let mut case = generator.case();
        if random.u32(..8) == 0 {
            case.flags |= Flags::from_bits(*random.choice(&RARE_FLAGS).unwrap());
        }
        case
    }));
    cases
}

/// What the interpreter says of each case.
fn ask(python: &Python, lines: &[u8]) -> Vec<Real> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_against_re.py");
    let answers = run_script(&python.path, &script, lines);
    answers.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Returns the same of the checker.
fn checked(answer: &Answer) -> Real {
    Real {
        error: answer.error.as_ref().map(|error| {
            let place = error.place.map(|(pos, lineno, colno)| [pos, lineno, colno].map(Some));
            (error.exception.to_owned(), Text(error.message.code_points()), place.unwrap_or_default())
        }),
        warnings: answer
            .warnings
            .iter()
            .map(|warning| (warning.category.to_owned(), Text(warning.text.chars().map(u32::from).collect())))
            .collect(),
    }
}

/// What depends on the caller's depth or on the memory that there is; the limit of digits is the default everywhere.
fn is_known(real: &Real) -> bool {
    real.error
        .as_ref()
        .is_some_and(|(exception, ..)| exception == "RecursionError" || exception == "MemoryError")
}

fn re_compile_does_what_the_checker_says() -> Result<(), Missing> {
    let usable = common::pythons()?;
    let cases = cases();
    let mut lines = Vec::new();
    for case in &cases {
        wire::write_request(&mut lines, case, false);
        lines.push(b'\n');
    }
    let mut different = Vec::new();
    for python in &usable {
        let (major, minor, patch) = python.info.version;
        let mut checker = Checker::new(parse_versions(&format!("{major}.{minor}.{patch}"), false).unwrap());
        let answers = ask(python, &lines);
        assert_eq!(answers.len(), cases.len());
        let (mut accepted, mut refused, mut warned, mut known) = (0, 0, 0, 0);
        for (case, real) in cases.iter().zip(answers) {
            accepted += usize::from(real.error.is_none());
            warned += usize::from(!real.warnings.is_empty());
            if is_known(&real) {
                known += 1;
                continue;
            }
            refused += usize::from(real.error.is_some());
            let answer = checked(&checker.check(case).answers[0]);
            if answer != real {
                different
                    .push(format!("{}: {case:?}\n  sre  {answer:?}\n  re   {real:?}", python.info.label()));
            }
        }
        eprintln!(
            "{}: {} cases: {accepted} accepted, {refused} refused, {warned} with warnings, {known} known",
            python.info.label(),
            cases.len()
        );
        assert!(accepted > 500 && refused > 500 && warned > 50, "all are seen");
        assert!(known * 100 < cases.len(), "known differences are rare");
    }
    different.truncate(20);
    assert!(different.is_empty(), "{}", different.join("\n"));
    Ok(())
}

sre_test_support::tests! {
    re_compile_does_what_the_checker_says,
}
