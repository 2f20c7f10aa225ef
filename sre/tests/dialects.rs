//! Versions beside each other: opcodes have other numbers from 3.11 on, which is no difference; what is one is shown.
//! Compared with every interpreter that is found; without one the tests do nothing.
#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::time::Duration;

use sre_case::Case;
use sre_compiler::{Dialect, Flags};
use sre_oracle::explain::explain;
use sre_oracle::pythons::Python;
use sre_oracle::{Options, Pair, Reference, Report, Stage, Verdict, pythons};

fn pair(python: &Python, dialect: &str, debug: bool) -> Pair {
    let dialect = Some(dialect.parse().unwrap());
    let options = Options { jobs: 1, debug, time_limit: Duration::from_secs(30), dialect };
    Pair::start(&Reference::Python(python.clone()), options).unwrap()
}

fn supported() -> Vec<Python> {
    pythons::find().into_iter().filter(|python| python.dialect.is_ok()).collect()
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

#[test]
fn other_numbers_of_opcodes_are_no_difference() {
    for python in supported() {
        for dialect in ["3.8", "3.10", "3.11", "3.13", "3.15"] {
            let mut pair = pair(&python, dialect, false);
            for pattern in SAME {
                let verdict = pair.verdict(&Case::str(pattern, Flags::empty()));
                let label = python.hello.label();
                assert!(matches!(verdict, Verdict::Same), "{label} as {dialect}: {pattern}: {verdict:?}");
            }
        }
    }
}

#[test]
fn what_differs_between_versions_is_shown_as_each_side_has_it() {
    let differs = |minor: u32, dialect: &str, pattern: &str, stage: Stage, shown: [&str; 2]| {
        let pythons = supported();
        let Some(python) = pythons.iter().find(|python| python.hello.version.1 == minor) else { return };
        let case = Case::str(pattern, Flags::IGNORECASE);
        let mut pair = pair(python, dialect, false);
        let Verdict::Different(found) = pair.verdict(&case) else { panic!("{pattern}: no difference") };
        assert_eq!(found.stage, stage, "{pattern}");
        let report = Report { divergence: &found, program: "sre", recorded: None }.to_string();
        let marked = report.lines().find(|line| line.contains("-->")).unwrap();
        let (ours, theirs) = marked.split_once(" | ").unwrap();
        assert!(ours.contains(shown[0]) && theirs.contains(shown[1]), "{report}");
        // Each opcode has the name that it has in its own version.
        assert!(!report.contains("lid\n") && !report.contains("CHARSET"), "{report}");
        assert!(report.contains(&format!(" --dialect {}", found.dialects.ours)), "{report}");
    };
    differs(13, "3.8", "x(?!)", Stage::Code, ["ASSERT_NOT", "FAILURE"]);
    differs(8, "3.13", "x(?!)", Stage::Code, ["FAILURE", "ASSERT_NOT"]);
    differs(10, "3.12", "(?>a)", Stage::Error, ["accepted", "error"]);
    differs(12, "3.9", "a++", Stage::Error, ["error", "accepted"]);
    differs(8, "3.13", "[\u{10400}x]", Stage::Code, ["LITERAL 0x10428", "LITERAL 0x10400"]);
}

#[test]
fn an_explanation_knows_both_dialects() {
    let pythons = supported();
    let Some(python) = pythons.iter().find(|python| python.hello.version.1 >= 13) else { return };
    let explained = |pattern: &str| {
        let case = Case::str(pattern, Flags::empty());
        let mut pair = pair(python, "3.8", true);
        let verdict = pair.verdict(&case);
        explain(&case, Some(pair.hello()), pair.dialect(), verdict)
    };
    let same = explained("ab");
    assert!(matches!(same.verdict, Verdict::Same) && same.rules.is_empty(), "{same}");
    let other = explained("a(?!)[b-d]");
    let suspects: Vec<_> = other.rules.iter().filter(|rule| rule.is_suspect).map(|rule| rule.name).collect();
    assert_eq!(suspects, ["empty_negative_assertion_fails"], "{other}");
    assert_eq!(other.place.as_ref().unwrap().span, Some(1..5));
    let own = python.dialect.clone().unwrap();
    assert!(other.agreeing.contains(&own) && !other.agreeing.contains(&"3.8".parse::<Dialect>().unwrap()));
    assert!(
        other
            .to_string()
            .contains(&format!("(dialect {own}), ours as {}", pair(python, "3.8", false).dialect())),
        "{other}"
    );
}
