//! `sre compare --match`: verdicts, exit statuses, and commands that work as printed.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use std::process::{Command, Output};

use sre_test_support::Missing;

fn sre(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sre")).arg("compare").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn equal_matches_give_status_0_and_different_ones_2() -> Result<(), Missing> {
    let python = common::newest()?;
    let python = python.path.to_str().unwrap();
    let same = sre(&["--match", "--pythons", python, "(a|b)+c", "--subject", "xabc", "--format", "json"]);
    assert_eq!(same.status.code(), Some(0), "{same:?}");
    let json: serde_json::Value = serde_json::from_slice(&same.stdout).unwrap();
    let [first] = &json["comparisons"].as_array().unwrap()[..] else { panic!("{json}") };
    assert_eq!(
        (&first["patterns"], &first["subjects"], &first["differences"]),
        (&1.into(), &7.into(), &0.into())
    );

    let arguments =
        ["--match", "--variants", "info,positions", "--pythons", python, r"(?a:\W)b?", "--subject", "é"];
    let different = sre(&arguments);
    assert_eq!(different.status.code(), Some(2), "{different:?}");
    let printed = text(&different.stdout);
    assert!(printed.lines().next().unwrap().contains("in what matches"), "{printed}");
    assert!(printed.contains(r"re.compile('(?a:\\W)').search('\xe9')"), "{printed}");
    let json: serde_json::Value =
        serde_json::from_slice(&sre(&[&arguments[..], &["--format", "json"]].concat()).stdout).unwrap();
    let command = json["comparisons"][0]["causes"][0]["commands"][0].as_str().unwrap();
    assert!(printed.contains(command), "{printed}");
    #[cfg(unix)]
    {
        let shown = Command::new("sh").args(["-c", command]).output().unwrap();
        assert_eq!(text(&shown.stdout), "None\n(((0, 1),), None, None)\n", "{command}: {shown:?}");
    }
    Ok(())
}

fn generated_patterns_match_as_the_interpreters_own_code() -> Result<(), Missing> {
    let python = common::newest()?;
    let python = python.path.to_str().unwrap();
    let arguments = ["--match", "--pythons", python, "--generate", "200", "--seed", "5"];
    let output = sre(&arguments);
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(printed.contains("the same matches\n200 patterns: "), "{printed}");
    Ok(())
}

fn expected_differences_are_counted_by_reason_and_others_are_reported() -> Result<(), Missing> {
    let python = common::newest()?;
    let python = python.path.to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("expected.toml");
    let arguments =
        ["--match", "--variants", "info", "--pythons", python, "--expect", file.to_str().unwrap()];
    let with = |text: &str, patterns: &[&str]| {
        std::fs::write(&file, text).unwrap();
        sre(&[&arguments[..], &["--subject", "é", "--subject", "é1"], patterns].concat())
    };
    let known =
        "[[expect]]\nsignature = 'search: no match and match (CATEGORY IN)'\nreason = 'scoped flags'\n";
    let only_expected = with(known, &[r"(?a:\W)b?"]);
    let printed = text(&only_expected.stdout);
    assert_eq!(only_expected.status.code(), Some(0), "{only_expected:?}");
    assert!(printed.contains("no other difference\n"), "{printed}");
    assert!(printed.contains(": scoped flags\n") && !printed.contains("re.compile"), "{printed}");
    let another = with(known, &["--variants", "references", r"(?a:\W)b?", r"(?i)(s)\1", "--subject", "sſ"]);
    let printed = text(&another.stdout);
    assert_eq!(another.status.code(), Some(2), "{another:?}");
    assert!(printed.contains(": scoped flags\n") && printed.contains("GROUPREF"), "{printed}");
    let unseen = with("[[expect]]\nsignature = 'split: *'\nreason = 'never'\n", &["a"]);
    assert_eq!(unseen.status.code(), Some(0), "{unseen:?}");
    assert!(text(&unseen.stderr).contains("expected, but not seen: never"), "{unseen:?}");
    Ok(())
}

fn options_that_do_not_fit_are_refused_with_the_reason() -> Result<(), Missing> {
    let python = common::newest()?;
    let python = python.path.to_str().unwrap();
    for (arguments, why) in [
        (&["--variants", "all", "a"][..], "--match"),
        (&["--match", "--variants", "nothing", "a"], "expected info, prefix, first"),
        (&["--match", "--strict-known", "a"], "--strict-known: --match has no known divergences"),
        (&["--match", "--engine", "other", "a"], "--engine other: unknown engine"),
        (&["--match", "--engine", "./no such", "a"], "did not start"),
        (&["--match"], "no pattern was given"),
    ] {
        let output = sre(&[arguments, &["--pythons", python]].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        assert!(text(&output.stderr).contains(why), "{arguments:?}: {output:?}");
    }
    Ok(())
}

sre_test_support::tests! {
    equal_matches_give_status_0_and_different_ones_2,
    generated_patterns_match_as_the_interpreters_own_code,
    expected_differences_are_counted_by_reason_and_others_are_reported,
    options_that_do_not_fit_are_refused_with_the_reason,
}
