//! What is compared and found, with the interpreters of this machine.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use sre_case::{Case, Text};
use sre_compiler::Flags;
use sre_generate::Generator;
use sre_matching::{
    Form, Found, Limits, Matcher, Operation, Options, Participant, Plan, Program, Stats, TRIES, commands, run,
};
use sre_oracle::pythons::{self, Python};
use sre_test_support::{Missing, Prerequisite};

fn newest() -> Result<Python, Missing> {
    Prerequisite::Python.require(pythons::find().into_iter().rfind(|python| python.dialect.is_ok()))
}

/// An interpreter of a version up to `most` that the compiler has a dialect for.
fn up_to(most: (u32, u32, u32)) -> Result<Python, Missing> {
    let is_old = |python: &Python| python.dialect.is_ok() && python.info.version <= most;
    Prerequisite::PythonVersion.require(pythons::find().into_iter().rfind(is_old))
}

/// The plan to compare the code of this compiler with that of an interpreter.
fn code(python: &Python) -> Plan {
    Plan::code(python, python.info.nearest_dialect())
}

fn options(fixed: &[&str]) -> Options {
    Options {
        jobs: 1,
        limits: Limits::default(),
        subjects: 8,
        seed: 1,
        fixed: fixed.iter().map(|text| Text::Str(text.chars().map(u32::from).collect())).collect(),
        duration: None,
        only_first: false,
    }
}

fn compare(plan: &Plan, options: &Options, patterns: &[&str]) -> Stats {
    let cases = patterns.iter().map(|pattern| Case::str(pattern, Flags::empty()));
    let mut stats = run(plan, options, cases.collect::<Vec<_>>().into_iter(), &|_| ()).unwrap();
    let mut matcher = Matcher::start(plan, options.limits).unwrap();
    stats.find_causes(&mut matcher, 3, TRIES, false);
    stats
}

fn the_set_of_first_characters_that_ignores_scoped_flags_is_found_and_minimized() -> Result<(), Missing> {
    let plan = Plan::variants(&newest()?, &Form::VARIANTS);
    let stats = compare(&plan, &options(&["xx éb", "é"]), &[r"(?a:\W)(?:b|c)+d?", "plain"]);
    assert!(!stats.is_clean(), "{stats:?}");
    let cause = stats.causes.iter().find(|cause| cause.difference.operation == Operation::Search).unwrap();
    assert_eq!(format!("{:?}", cause.difference.case), r"re.compile('(?a:\\W)')", "{cause:?}");
    assert!(!cause.also.is_empty(), "{cause:?}");
    let outcomes = (&cause.difference.reference, &cause.difference.tested);
    assert_eq!(outcomes.0, &Found::Match(None));
    assert_eq!(outcomes.1.to_string(), "0-1");
    Ok(())
}

#[cfg(unix)]
fn commands_print_what_differs() -> Result<(), Missing> {
    let plan = Plan::variants(&newest()?, &Form::VARIANTS);
    let stats = compare(&plan, &options(&["é"]), &[r"(?a:\W)", r"(?i)(s)\1", r"(?P<n>(?a:\S))"]);
    let mut matcher = Matcher::start(&plan, Limits::default()).unwrap();
    let mut shown = 0;
    for cause in &stats.causes {
        for command in commands(&mut matcher, &cause.difference) {
            let output = Command::new("sh").args(["-c", &command]).output().unwrap();
            let printed = String::from_utf8(output.stdout).unwrap();
            let lines: Vec<&str> = printed.lines().collect();
            assert_eq!(lines.len(), 2, "{command}: {printed} {}", String::from_utf8_lossy(&output.stderr));
            assert_ne!(lines[0], lines[1], "{command}");
            shown += 1;
        }
    }
    assert!(shown >= 2, "{stats:?}");
    Ok(())
}

#[cfg(unix)]
fn two_builds_are_compared_and_each_has_a_command() -> Result<(), Missing> {
    let (tested, reference) = (up_to((3, 13, 0))?, newest()?);
    if reference.info.version <= (3, 13, 1) {
        return Prerequisite::PythonVersion.require(None);
    }
    let plan = Plan::builds(&reference, &tested);
    let stats = compare(&plan, &options(&["\u{10400}"]), &["(?i)[\u{10400}x]+y?", "a|b", "(?i)x"]);
    let cause = stats.causes.first().unwrap();
    assert_eq!(format!("{:?}", cause.difference.case), r"re.compile('(?i)[\U00010400a]')", "{cause:?}");
    let mut matcher = Matcher::start(&plan, Limits::default()).unwrap();
    let printed: Vec<Vec<u8>> = commands(&mut matcher, &cause.difference)
        .iter()
        .map(|command| Command::new("sh").args(["-c", command]).output().unwrap().stdout)
        .collect();
    assert_eq!(printed.len(), 2);
    assert_ne!(printed[0], printed[1]);
    Ok(())
}

fn what_cannot_be_is_found_without_a_second_opinion() -> Result<(), Missing> {
    let python = up_to((3, 10, 99))?;
    let plan = Plan::variants(&python, &[Form::Wide]);
    let stats = compare(&plan, &options(&["aab"]), &["(?:)(a*)*?ab"]);
    let cause = stats.causes.first().unwrap();
    assert_eq!(cause.difference.kind, "Impossible: a group ends before it starts", "{cause:?}");
    Ok(())
}

fn the_code_of_this_compiler_matches_as_the_interpreters_own() -> Result<(), Missing> {
    let plan = code(&newest()?);
    let mut generator = Generator::new(3);
    let cases: Vec<Case> = std::iter::repeat_with(|| generator.case()).take(300).collect();
    let stats = run(&plan, &options(&[]), cases.into_iter(), &|_| ()).unwrap();
    assert!(stats.is_clean(), "{stats:?}");
    assert!(stats.subjects > 500 && stats.patterns == 300, "{stats:?}");
    Ok(())
}

fn a_refused_pattern_may_have_a_lone_surrogate() -> Result<(), Missing> {
    let plan = Plan::variants(&newest()?, &[Form::NoInfo]);
    let pattern = "(?P".chars().map(u32::from).chain([0xDC00]);
    let cases = [Case { text: Text::Str(pattern.collect()), flags: Flags::empty() }];
    let stats = run(&plan, &options(&[]), cases.into_iter(), &|_| ()).unwrap();
    assert!(stats.is_clean() && stats.refused == 1, "{stats:?}");
    Ok(())
}

fn patterns_that_take_too_long_are_counted_and_no_difference() -> Result<(), Missing> {
    let plan = code(&newest()?);
    let long = "a".repeat(50);
    let start = std::time::Instant::now();
    let stats =
        compare(&plan, &Options { subjects: 0, ..options(&[&long]) }, &["(?:a*)*b", "(){443428128}", "c"]);
    assert!(stats.is_clean() && stats.patterns == 3, "{stats:?}");
    assert!(start.elapsed() < Duration::from_secs(60));
    Ok(())
}

/// An engine, as a script of a Python.
fn engine(folder: &Path, python: &Python, on_request: &str) -> Participant {
    let path = folder.join("engine");
    let hello = r#"{"version": [1, 0, 0], "level": "final", "magic": 0, "unidata": "x", "implementation": "fake", "digits": null}"#;
    let script = format!(
        "#!{} -I\nimport sys, time\nprint('{hello}', flush=True)\nfor line in sys.stdin:\n  {on_request}\n",
        python.path.display()
    );
    sre_test_support::write_program(&path, &script);
    Participant { program: Program::Engine(path), label: "fake".to_owned() }
}

fn with_engine(on_request: &str) -> Result<Stats, Missing> {
    let python = newest()?;
    let folder =
        std::env::temp_dir().join(format!("sre-matching-{}-{}", std::process::id(), on_request.len()));
    fs::create_dir_all(&folder).unwrap();
    let engine = engine(&folder, &python, on_request);
    let Program::Engine(path) = &engine.program else { panic!("{engine:?}") };
    let plan = Plan::engine(&python, python.info.nearest_dialect(), path.clone(), "fake".to_owned());
    let limits = Limits { reply: Duration::from_secs(2), ..Limits::default() };
    let options = Options { limits, subjects: 0, ..options(&["a"]) };
    let cases = [Case::str("a", Flags::empty())].into_iter();
    let stats = run(&plan, &options, cases, &|_| ()).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    Ok(stats)
}

#[cfg(unix)]
fn an_engine_that_hangs_dies_or_answers_nonsense_is_replaced_and_named() -> Result<(), Missing> {
    for (on_request, why) in [
        ("time.sleep(60)", "no answer within"),
        ("sys.exit(3)", "exit status: 3"),
        ("print('[nonsense', flush=True)", "invalid reply"),
        ("print('2\\n[]', end='', flush=True)", "wrong number of cases"),
    ] {
        let stats = with_engine(on_request)?;
        assert!(stats.replaced > 0, "{on_request}: {stats:?}");
        let ((_, kind), _) = stats.kinds.first_key_value().unwrap();
        assert!(kind.contains(why), "{on_request}: {kind}");
    }
    Ok(())
}

#[cfg(unix)]
sre_test_support::tests! {
    the_set_of_first_characters_that_ignores_scoped_flags_is_found_and_minimized,
    commands_print_what_differs,
    two_builds_are_compared_and_each_has_a_command,
    what_cannot_be_is_found_without_a_second_opinion,
    the_code_of_this_compiler_matches_as_the_interpreters_own,
    a_refused_pattern_may_have_a_lone_surrogate,
    patterns_that_take_too_long_are_counted_and_no_difference,
    an_engine_that_hangs_dies_or_answers_nonsense_is_replaced_and_named,
}

#[cfg(not(unix))]
sre_test_support::tests! {
    the_set_of_first_characters_that_ignores_scoped_flags_is_found_and_minimized,
    what_cannot_be_is_found_without_a_second_opinion,
    the_code_of_this_compiler_matches_as_the_interpreters_own,
}
