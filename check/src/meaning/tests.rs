//! What differs is found, and nothing else. `tests/meaning.rs` of this crate compares sets with interpreters.

use sre_case::Case;
use sre_compiler::{Compiler, Flags};

use super::difference;

#[test]
fn code_that_matches_the_same_is_not_a_difference() {
    let compiled = |pattern: &str, version: &str| {
        Compiler::new(version.parse().unwrap())
            .compile(Case::str(pattern, Flags::empty()).pattern(), Flags::empty())
    };
    let differs = |pattern: &str, before: &str, after: &str| {
        difference(&compiled(pattern, before).unwrap(), &compiled(pattern, after).unwrap()).is_some()
    };
    assert!(differs("(?i)[\u{10400}x]", "3.13.0", "3.13.1"));
    assert!(differs("(?ai)[\u{10400}-\u{10427}]", "3.13.0", "3.13.1"));
    assert!(differs("(?i)\u{1c89}", "3.13", "3.14"));
    assert!(differs("(?i)\u{1c88}", "3.8", "3.9"));
    assert!(!differs("(?i)[\u{1f600}1]", "3.13.0", "3.13.1"));
    assert!(!differs("(?!)|(?!)", "3.12", "3.13"));
    // The capital of U+019B came with Unicode 16; it belongs to `\S` anyway.
    assert!(differs(r"(?i)[\s\u019b]", "3.13", "3.14") && differs(r"(?i)[\d\u019b]", "3.13", "3.14"));
    for set in [r"\S", r"\D", r"\w", r"\S\u0100-\u0300", r"\w\u0100-\u0300"] {
        assert!(!differs(&format!(r"(?i)[{set}\u019b]"), "3.13", "3.14"), "{set}");
    }
    assert!(!differs(r"(?i)[^\S\u019b]", "3.13", "3.14"));
    assert!(!differs(r"(?i)\u019b{0}(?:\u019ba){0}?", "3.13", "3.14"));
    assert!(differs(r"(?i)(?=\u019b)(x)?(?(1)a|b)", "3.13", "3.14"));
    assert!(differs(r"(?i)[\W\u019b]", "3.13", "3.14"));
    // Since 3.14, `\B` matches in an empty text.
    for (pattern, does) in [
        (r"\B", true),
        (r"a?(?!\B)", true),
        (r"(\B)?", true),
        (r"a\B", false),
        (r"\b", false),
        (r"\B^a|", false),
        (r"(?:\B)??", false),
    ] {
        assert_eq!(differs(pattern, "3.13", "3.14"), does, "{pattern}");
        assert!(!differs(pattern, "3.12", "3.13") && !differs(pattern, "3.14", "3.15"), "{pattern}");
    }
    // A category alone is an instruction since 3.16.
    for pattern in [r"\d+[^\s]", r"(?i)\w|\W", r"(?<=\d)[\w]"] {
        assert!(!differs(pattern, "3.15", "3.16"), "{pattern}");
    }
    assert!(difference(&compiled(r"\d", "3.15").unwrap(), &compiled(r"\D", "3.16").unwrap()).is_some());
    // Two programs of one version differ in each part of them.
    let program = compiled("(?P<a>x)(?=[^y])z{2}(?(a)u|v)", "3.13").unwrap();
    for other in [
        "(?P<b>x)(?=[^y])z{2}(?(b)u|v)",
        "(?P<a>x)(?=y)z{2}(?(a)u|v)",
        "(?P<a>x)(?![^y])z{2}(?(a)u|v)",
        "(?P<a>x)(?<=[^y])z{2}(?(a)u|v)",
        "(?P<a>x)(?=[^y])z{2,}(?(a)u|v)",
        "(?P<a>x)(?=[^y])z{2}?(?(a)u|v)",
        "(?P<a>x)(?=[^y])z{2}(?(a)u)",
        "(?P<a>x)(?=[^y])z{2}(?(a)v|u)",
        "(?P<a>x)(?=[^y])(?>z{2})(?(a)u|v)",
        "(?m)(?P<a>x)(?=[^y])z{2}(?(a)u|v)",
        "(?P<a>x|)(?=[^y])z{2}(?(a)u|v)",
        "(?P<a>x)(?=[^y])z{2}(?(a)u|v)$",
        r"(?P<a>x)(?=[^y])z{2}(?(a)u|v)\1",
        r"(?P<a>\d)(?=[^y])z{2}(?(a)u|v)",
    ] {
        assert!(difference(&program, &compiled(other, "3.13").unwrap()).is_some(), "{other}");
    }
    assert!(difference(&program, &program.clone()).is_none());
}

#[test]
fn hostile_patterns_need_little_stack_and_time() {
    let deep = format!("{}[\u{10400}x]{}", "(?i:a|".repeat(50_000), ")".repeat(50_000));
    let sets = r"(?i:[\x00-\uffff\U00010400x])".repeat(300);
    for pattern in [deep, sets] {
        let [before, after] = ["3.13.0", "3.13.1"].map(|version| {
            Compiler::new(version.parse().unwrap())
                .compile(Case::str(&pattern, Flags::empty()).pattern(), Flags::empty())
                .unwrap()
        });
        let (before, after) = difference(&before, &after).unwrap();
        assert!(before.len() < 10_000 && after.len() < 10_000);
    }
}
