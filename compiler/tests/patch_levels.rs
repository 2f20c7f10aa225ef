//! Rules that change at a patch level of which no interpreter is among the ones that the corpus is recorded from.
//!
//! The answers were recorded from 3.8.13, 3.8.14, 3.8.16, 3.9.13, 3.9.14, 3.9.16, 3.10.4, 3.10.7, 3.10.9, 3.11.0rc2 and
//! 3.11.1: the interpreters inside the manylinux wheels of cx_Freeze 6.11.1, 6.12.0 and 6.14.1. The text of 3.11.0 was
//! read in the binary of the npm package python-wasm 0.26.3.

use sre_compiler::{Compiler, Dialect, Flags, compile};

const ADVICE: &str = "; use sys.set_int_max_str_digits() to increase the limit";

fn answer(pattern: &str, version: &str) -> String {
    let dialect: Dialect = version.parse().expect("a known version");
    match compile(pattern, Flags::empty(), dialect) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn numbers_of_over_4300_digits_are_refused_since_a_patch_level() {
    let zeros = "0".repeat(4300);
    let repeats = [format!("a{{{zeros}1}}"), format!("a{{1,{zeros}2}}")];
    let conditionals = [format!("()(?({zeros}1)a)"), format!("()(?(+{zeros}1)a)")];
    for version in ["3.8.13", "3.9.13", "3.10.4"] {
        for pattern in repeats.iter().chain(&conditionals) {
            assert_eq!(answer(pattern, version), "accepted", "{version} {}", &pattern[..9]);
        }
    }
    for version in ["3.8.14", "3.9.14", "3.10.7"] {
        for pattern in &conditionals {
            let id = &pattern[5..pattern.len() - 3];
            let refused = format!("bad character in group name '{id}' at position 5");
            assert_eq!(answer(pattern, version), refused, "{version}");
        }
    }
    let texts = [
        ("", &["3.8.14", "3.9.14", "3.10.7"][..]),
        (ADVICE, &["3.8.16", "3.9.16", "3.10.9", "3.11.0", "3.11.1"]),
    ];
    for (advice, versions) in texts {
        let text =
            format!("Exceeds the limit (4300) for integer string conversion: value has 4301 digits{advice}");
        for version in versions {
            for pattern in &repeats {
                assert_eq!(answer(pattern, version), text, "{version} {}", &pattern[..9]);
            }
        }
    }
}

#[test]
fn a_jump_in_a_conditional_is_taken_for_one_up_to_a_patch_level() {
    // (JUMP's number as a character in the place of a jump, since when it is not taken for one)
    let rows = [
        (
            "()(?(1)\x10?)",
            ["3.8.14", "3.9.14", "3.10.7"].as_slice(),
            ["3.10.9", "3.11.0", "3.11.1"].as_slice(),
        ),
        ("()(?(1)\x0f?)", &["3.11.0"], &["3.8.14", "3.9.14", "3.10.7", "3.10.9", "3.11.1"]),
    ];
    for (pattern, refusing, accepting) in rows {
        for (versions, valid) in [(refusing, false), (accepting, true)] {
            for version in versions {
                let dialect: Dialect = version.parse().expect("a known version");
                let program = compile(pattern, Flags::empty(), dialect).expect("the parser takes it");
                assert_eq!(program.validate().is_ok(), valid, "{version} {pattern:?}");
            }
        }
    }
}

#[test]
fn the_limit_of_digits_can_be_set_as_in_sys() {
    let number = |digits: usize| format!("{}1", "0".repeat(digits - 1));
    let patterns = |digits| {
        [
            format!("a{{{}}}", number(digits)),
            format!("a{{1,{}}}", number(digits)),
            format!("()(?({})a)", number(digits)),
        ]
    };
    let accepts = |version: &str, limit: Option<usize>, pattern: &str| {
        let mut builder = Compiler::builder(version.parse().expect("a known version"));
        if let Some(limit) = limit {
            builder = builder.digit_limit(limit);
        }
        builder.build().compile(pattern, Flags::empty()).is_ok()
    };
    for version in ["3.8.18", "3.11.7", "3.15"] {
        for (limit, longest) in [(None, 4300), (Some(640), 640), (Some(5000), 5000)] {
            for pattern in patterns(longest) {
                assert!(accepts(version, limit, &pattern), "{version} {longest}");
            }
            for pattern in patterns(longest + 1) {
                assert!(!accepts(version, limit, &pattern), "{version} {longest}");
            }
        }
    }
    // Where CPython has no limit, there is none to set.
    assert!(patterns(6000).iter().all(|pattern| accepts("3.8.13", Some(640), pattern)));
}

#[test]
fn the_versions_compared_with_include_the_newest_of_each_dialect() {
    let compared: Vec<(u32, u32, u32)> = Dialect::compared_versions().collect();
    assert!(compared.is_sorted() && compared.contains(&(3, 13, 0)) && compared.len() >= 11, "{compared:?}");
    for newest in Dialect::all().filter_map(Dialect::compared_to) {
        assert!(compared.contains(&newest), "{newest:?}");
    }
}
