//! Comparing versions: the other numbers of opcodes from 3.11 on are no difference; other differences are shown.
//! Compared with every interpreter that is found.
#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::process::ExitCode;
use std::time::Duration;

use sre_case::Case;
use sre_compiler::{Dialect, Flags};
use sre_oracle::explain::explain;
use sre_oracle::pythons::Python;
use sre_oracle::{Aspect, Comparator, Options, Reference, Report, Verdict};
use sre_test_support::{Missing, Prerequisite};

fn comparator(python: &Python, dialect: &str, debug: bool) -> Comparator {
    let dialect = Some(dialect.parse().unwrap());
    let options = Options { jobs: 1, debug, time_limit: Duration::from_secs(30), dialect };
    Comparator::start(&Reference::Python(python.clone()), options).unwrap()
}

/// The newest interpreter of a minor version.
fn of_minor(minor: u32) -> Result<Python, Missing> {
    let found = common::pythons()?.into_iter().rfind(|python| python.info.version.1 == minor);
    Prerequisite::PythonVersion.require(found)
}

/// Patterns that all versions compile to the same instructions; U+1FAE0 is printable for some of them only.
const SAME: [&str; 8] = [
    "ab",
    "",
    "[a-cx-z\u{e9}]+?|.",
    r"(?P<n>x)(?(n)y|z)\1",
    r"(?<!a)\b\w(?=[^\W_])$",
    "(?:abc|abd|x*)*",
    "\u{1fae0}[\u{1fae0}-\u{1fae8}]",
    r"(?i:[\xe9k]|\u0130)",
];

fn other_numbers_of_opcodes_are_no_difference() -> Result<(), Missing> {
    for python in common::pythons()? {
        for dialect in ["3.8", "3.10", "3.11", "3.13", "3.15"] {
            let mut comparator = comparator(&python, dialect, false);
            for pattern in SAME {
                let verdict = comparator.verdict(&Case::str(pattern, Flags::empty()));
                let label = python.info.label();
                assert!(matches!(verdict, Verdict::Equal), "{label} as {dialect}: {pattern}: {verdict:?}");
            }
        }
    }
    Ok(())
}

/// What an interpreter and another dialect make of a pattern.
struct Difference {
    /// The minor version of the interpreter.
    minor: u32,
    dialect: &'static str,
    pattern: &'static str,
    aspect: Aspect,
    /// What the report shows of sre-compiler, and of the interpreter.
    shown: [&'static str; 2],
}

#[rustfmt::skip]
const DIFFERENCES: [Difference; 5] = [
    Difference { minor: 13, dialect: "3.8", pattern: "x(?!)", aspect: Aspect::Code, shown: ["ASSERT_NOT", "FAILURE"] },
    Difference { minor: 8, dialect: "3.13", pattern: "x(?!)", aspect: Aspect::Code, shown: ["FAILURE", "ASSERT_NOT"] },
    Difference { minor: 10, dialect: "3.12", pattern: "(?>a)", aspect: Aspect::Error, shown: ["accepted", "error"] },
    Difference { minor: 12, dialect: "3.9", pattern: "a++", aspect: Aspect::Error, shown: ["error", "accepted"] },
    Difference { minor: 8, dialect: "3.13", pattern: "[\u{10400}x]", aspect: Aspect::Code, shown: ["LITERAL 0x10428", "LITERAL 0x10400"] },
];

fn is_shown_as_each_side_has_it(difference: &Difference) -> Result<(), Missing> {
    let Difference { minor, dialect, pattern, aspect, shown } = difference;
    let python = of_minor(*minor)?;
    let case = Case::str(pattern, Flags::IGNORECASE);
    let mut pair = comparator(&python, dialect, false);
    let Verdict::Divergent(found) = pair.verdict(&case) else { panic!("{pattern}: no difference") };
    assert_eq!(found.aspect, *aspect, "{pattern}");
    let report = Report { divergence: &found, program: "sre", recorded: None }.to_string();
    let marked = report.lines().find(|line| line.contains("-->")).unwrap();
    let (rust, cpython) = marked.split_once(" | ").unwrap();
    assert!(rust.contains(shown[0]) && cpython.contains(shown[1]), "{report}");
    // Each opcode has the name that it has in its own version.
    assert!(!report.contains("lid\n") && !report.contains("CHARSET"), "{report}");
    assert!(report.contains(&format!(" --target {}", found.dialects.rust)), "{report}");
    Ok(())
}

fn an_explanation_knows_both_dialects() -> Result<(), Missing> {
    let found = common::pythons()?.into_iter().find(|python| python.info.version.1 >= 13);
    let python = &Prerequisite::PythonVersion.require(found)?;
    let explained = |pattern: &str| {
        let case = Case::str(pattern, Flags::empty());
        let mut comparator = comparator(python, "3.8", true);
        let verdict = comparator.verdict(&case);
        explain(&case, Some(comparator.info()), comparator.dialect(), verdict)
    };
    let same = explained("ab");
    assert!(matches!(same.verdict, Verdict::Equal) && same.rules.is_empty(), "{same}");
    let other = explained("a(?!)[b-d]");
    let suspects: Vec<_> = other.rules.iter().filter(|rule| rule.is_suspect).map(|rule| rule.name).collect();
    assert_eq!(suspects, ["empty_negative_assertion_fails"], "{other}");
    assert_eq!(other.place.as_ref().unwrap().span, Some(1..5));
    let own = python.dialect.clone().unwrap();
    assert!(other.agreeing.contains(&own) && !other.agreeing.contains(&"3.8".parse::<Dialect>().unwrap()));
    assert!(
        other.to_string().contains(&format!(
            "(dialect {own}), sre-compiler as {}",
            comparator(python, "3.8", false).dialect()
        )),
        "{other}"
    );
    Ok(())
}

fn main() -> ExitCode {
    let mut tests = sre_test_support::trials! {
        other_numbers_of_opcodes_are_no_difference,
        an_explanation_knows_both_dialects,
    };
    tests.extend(DIFFERENCES.iter().map(|difference| {
        let Difference { minor, dialect, pattern, .. } = difference;
        let name = format!("what_differs_is_shown::3.{minor}_as_{dialect}::{pattern}");
        sre_test_support::test(name, move || is_shown_as_each_side_has_it(difference))
    }));
    sre_test_support::run(tests)
}
