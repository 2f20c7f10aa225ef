use sre_case::wire::InterpreterInfo;
use sre_compiler::Flags;

use super::*;
use crate::divergence::compare;

/// Explains a divergence without an interpreter: sre-compiler for two versions.
fn explained(case: &Case, version: (u32, u32, u32), rust: &str) -> Explanation {
    let (major, minor, patch) = version;
    let cpython = Dialect::from_version(major, minor, patch).unwrap();
    let info = InterpreterInfo {
        version,
        level: "final".to_owned(),
        magic: cpython.magic(),
        unidata: cpython.unicode().name().to_owned(),
        implementation: "cpython".to_owned(),
        digits: Some(4300),
    };
    let dialect = rust.parse().unwrap();
    let mut trials = Trials { case, rust: RustCompiler::new(dialect) };
    let (rust, cpython) = (trials.outcome(dialect, true), trials.outcome(cpython, true));
    explain(case, Some(&info), dialect, compare(case, &info, dialect, &rust, &cpython))
}

fn suspects(explanation: &Explanation) -> Vec<&'static str> {
    explanation.rules.iter().filter(|rule| rule.is_suspect).map(|rule| rule.name).collect()
}

fn names(explanation: &Explanation) -> Vec<&'static str> {
    explanation.functions.iter().map(|function| function.name()).collect()
}

#[test]
fn the_set_that_differs_is_underlined_and_its_rule_suspect() {
    let case = Case::str("ab[𐐀x]c", Flags::IGNORECASE);
    let explanation = explained(&case, (3, 13, 0), "3.13.1");
    assert_eq!(suspects(&explanation), ["astral_literals_folded"]);
    assert_eq!(names(&explanation), ["_optimize_charset", "_compile_charset"]);
    assert_eq!(explanation.place.as_ref().unwrap().span, Some(2..6));
    let text = explanation.to_string();
    assert!(text.contains("ab[𐐀x]c\n               ^^^^\n"), "{text}");
    assert!(text.contains("_optimize_charset in re/_compiler.py"), "{text}");
    let versions: Vec<String> = explanation.agreeing.iter().map(ToString::to_string).collect();
    assert!(versions.contains(&"3.12.1".to_owned()) && !versions.contains(&"3.13.1".to_owned()));
}

#[test]
fn an_error_is_where_its_position_says() {
    let case = Case::str("ab*+", Flags::empty());
    let explanation = explained(&case, (3, 10, 13), "3.11");
    assert!(matches!(&explanation.verdict, Verdict::Divergent(found) if found.aspect == Aspect::Error));
    assert_eq!(explanation.place.as_ref().unwrap().span, Some(3..4));
    assert_eq!(names(&explanation), ["_parse"]);
    assert_eq!(explanation.functions[0].file(explanation.reference), "sre_parse.py");
    assert!(explanation.rules.iter().any(|rule| rule.name == "possessive_and_atomic"));
}

#[test]
fn a_warning_is_where_its_text_says() {
    let case = Case::str("a(?i)b", Flags::empty());
    let explanation = explained(&case, (3, 9, 0), "3.9.13");
    assert!(matches!(&explanation.verdict, Verdict::Divergent(found) if found.aspect == Aspect::Warning));
    assert_eq!(suspects(&explanation), ["global_flags.positioned"]);
    assert_eq!(explanation.place.and_then(|place| place.span), Some(1..2));
    let case = Case::str(r"[\s\S]", Flags::empty());
    assert_eq!(suspects(&explained(&case, (3, 13, 5), "3.14.0")), ["complementary_categories_folded"]);
}

#[test]
fn without_a_divergence_the_rules_that_matter_are_named() {
    let explanation = explained(&Case::str("a*+", Flags::empty()), (3, 13, 0), "3.13.0");
    assert!(explanation.functions.is_empty() && explanation.agreeing.is_empty());
    assert!(explanation.rules.iter().any(|rule| rule.name == "possessive_and_atomic" && !rule.is_suspect));
    assert!(explanation.to_string().contains("no difference"));
    // The numbers of opcodes do not depend on the pattern.
    let explanation = explained(&Case::str("a", Flags::empty()), (3, 13, 0), "3.13.0");
    assert_eq!(explanation.rules, []);
    let explanation = explained(&Case::str("a", Flags::empty()), (3, 10, 13), "3.11");
    assert!(matches!(explanation.verdict, Verdict::Equal), "{explanation}");
    assert_eq!(explanation.rules, []);
}
