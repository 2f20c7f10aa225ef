//! The programs in `examples/`, run with a pattern each.

#![allow(clippy::unwrap_used)] // also outside of #[test]

#[allow(dead_code)] // `main` is not run
#[path = "../examples/caret.rs"]
mod caret;
#[allow(dead_code)] // `main` is not run
#[path = "../examples/lint.rs"]
mod lint;
#[allow(dead_code)] // `main` is not run
#[path = "../examples/sre_compile.rs"]
mod sre_compile;
#[allow(dead_code)] // `main` is not run
#[path = "../examples/versions.rs"]
mod versions;

#[test]
fn versions_says_where_the_result_changes() {
    let expected = "\
3.8.0    refused: unknown extension ?> at position 1
3.11.0   accepted
";
    assert_eq!(versions::report("(?>a+)b"), expected);
}

#[test]
fn caret_draws_warnings_and_the_error() {
    let expected = "\
FutureWarning: Possible nested set at position 1
  |
1 | [[a](?P<first name>b)
  |  ^
error: bad character in group name 'first name' at position 8
  |
1 | [[a](?P<first name>b)
  |         ^^^^^^^^^^
";
    assert_eq!(caret::report("[[a](?P<first name>b)"), expected);
}

#[test]
fn lint_finds_what_its_rules_are_about() {
    let expected = "\
10..13: `yes`: an earlier alternative is the same
19..22: `\\w*`: a repeat inside of a repeat
25..28: `\\s*`: a repeat inside of a repeat
";
    assert_eq!(lint::report(r"(?:yes|no|yes)x(?:(\w*)y(\s*))*").unwrap(), expected);
    assert_eq!(lint::report(r"(?:yes|no)(?:\w++\s{2})*").unwrap(), "");
}

#[test]
fn sre_compile_prints_a_program() {
    let program = sre_compile::report("(?P<a>\"é)", "3.13").unwrap();
    let expected = r#"pattern = _sre.compile("(?P<a>\"\U000000e9)", 32, [14, "#;
    assert!(program.contains(expected), "{program}");
    assert!(program.contains(r#", 1, {"a": 1}, (None, "a", ))"#), "{program}");
}
