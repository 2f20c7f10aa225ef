//! RustPython's matcher and CPython's, on the same code.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::path::PathBuf;
use std::time::Duration;

use sre_case::{Case, Text};
use sre_compiler::{Dialect, Flags};
use sre_generate::Subject;
use sre_matching::{
    Cause, Found, Limits, Matcher, Options, Participant, Plan, Program, Runner, Stats, TRIES, commands, run,
};
use sre_oracle::pythons::{self, Python};
use sre_test_support::{Missing, Prerequisite};

fn engine() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_sre-engine-rustpython"))
}

/// The newest interpreter that numbers opcodes as the engine does.
fn python() -> Result<Python, Missing> {
    let magic = Runner::start(&Program::Engine(engine()), Limits::default()).unwrap().info().magic;
    let fits = |python: &Python| python.dialect.is_ok_and_magic(magic);
    Prerequisite::Python313.require(pythons::find().into_iter().rfind(fits))
}

trait Fits {
    fn is_ok_and_magic(&self, magic: u32) -> bool;
}

impl<E> Fits for Result<Dialect, E> {
    fn is_ok_and_magic(&self, magic: u32) -> bool {
        self.as_ref().is_ok_and(|dialect| dialect.magic() == magic)
    }
}

fn compared(plan: &Plan, patterns: &[&str], fixed: &[&str]) -> Stats {
    compared_in(TRIES, plan, patterns, fixed)
}

fn compared_in(tries: usize, plan: &Plan, patterns: &[&str], fixed: &[&str]) -> Stats {
    let options = Options {
        jobs: 1,
        limits: Limits::default(),
        subjects: 6,
        seed: 1,
        fixed: fixed.iter().map(|text| Text::Str(text.chars().map(u32::from).collect())).collect(),
        duration: None,
        only_first: false,
    };
    let cases: Vec<Case> = patterns.iter().map(|pattern| Case::str(pattern, Flags::empty())).collect();
    let mut stats = run(plan, &options, cases.into_iter(), &|_| ()).unwrap();
    let mut matcher = Matcher::start(plan, options.limits).unwrap();
    stats.find_causes(&mut matcher, 2, tries, false);
    stats
}

/// Compares the engine with an interpreter.
fn against_engine(python: &Python) -> Plan {
    Plan::engine(python, python.info.nearest_dialect(), engine(), "RustPython".to_owned())
}

fn both_match_the_same_in_most_patterns() -> Result<(), Missing> {
    let plan = against_engine(&python()?);
    let patterns = [
        "a+b",
        "(a|b)*?c",
        r"(?P<n>x)\1?",
        "(?i)[k-m]é",
        r"\bab\B",
        "(?<=a)b(?!c)",
        "(?>a*)a",
        "(?:ab)++c",
        "[^\u{10400}]x",
        "a{2,3}(?:|b)$",
    ];
    let stats = compared(&plan, &patterns, &["aab xx", "K\u{212a}é", "\u{d7ff}\u{10400}x"]);
    assert!(stats.is_clean(), "{stats:?}");
    assert_eq!((stats.patterns, stats.replaced), (10, 0));
    assert!(stats.subjects > 80, "{stats:?}");
    Ok(())
}

fn a_difference_is_minimized_and_has_a_command_for_each_side() -> Result<(), Missing> {
    let plan = against_engine(&python()?);
    let stats = compared(&plan, &["c?(?:|a){2}b"], &["caab"]);
    let cause = stats.causes.first().unwrap();
    assert!(cause.difference.size() <= 12, "{cause:?}");
    let mut matcher = Matcher::start(&plan, Limits::default()).unwrap();
    let shown = commands(&mut matcher, &cause.difference);
    assert!(shown.len() == 2 && shown[1].contains("sre-engine-rustpython"), "{shown:?}");
    #[cfg(unix)]
    for command in &shown {
        let output = std::process::Command::new("sh").args(["-c", command]).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{command}: {output:?}");
    }
    Ok(())
}

fn a_match_without_end_is_reported_and_the_process_replaced() -> Result<(), Missing> {
    let program = Program::Engine(engine());
    let participant = |label: &str| Participant { program: program.clone(), label: label.to_owned() };
    let plan = Plan::engines(participant("one"), participant("other"), Dialect::PY315);
    let start = std::time::Instant::now();
    // The engine never ends on `a`, on either side, so that nothing differs.
    let stats = compared_in(1, &plan, &["(?:a|)+?b", "c"], &["a"]);
    // On a fast machine, each side may run out of memory first, and is then named.
    let is_end = |cause: &Cause| {
        ["it ended with ", "it crashed with "].iter().any(|how| cause.signature.contains(how))
    };
    assert!(stats.causes.iter().all(is_end) && stats.patterns == 2, "{stats:?}");
    assert!(start.elapsed() < Duration::from_secs(120));
    let plan = against_engine(&python()?);
    let stats = compared_in(1, &plan, &["(?:a|)+?b"], &["a"]);
    let cause = stats.causes.first().unwrap();
    // It is stopped for its time or for its memory, whichever comes first.
    assert_eq!(cause.difference.reference, Found::Match(None), "{cause:?}");
    assert!(!cause.difference.tested.ended(), "{cause:?}");
    Ok(())
}

fn a_slow_operation_leaves_the_outcomes_of_those_before_it() -> Result<(), Missing> {
    let plan = against_engine(&python()?);
    let mut matcher = Matcher::start(&plan, Limits::default()).unwrap();
    // Both need exponential time for `fullmatch`, and none for `match`.
    let text = Text::Str([&[97; 40][..], &[33]].concat());
    let subject = Subject { pos: 0, endpos: 41, text };
    let job = matcher.job(Case::str("(?:a?a|b)*?", Flags::empty()), vec![subject]);
    let compared = matcher.compare(&[job]).remove(0);
    assert!(compared.differences.is_empty() && compared.subjects == 1, "{compared:?}");
    Ok(())
}

sre_test_support::tests! {
    both_match_the_same_in_most_patterns,
    a_difference_is_minimized_and_has_a_command_for_each_side,
    a_match_without_end_is_reported_and_the_process_replaced,
    a_slow_operation_leaves_the_outcomes_of_those_before_it,
}
