//! The code of this project's compiler, run by the matcher.

use sre_compiler::{Dialect, Flags, Pattern, compile};
use sre_explorer_engine::{MOST, matches};

fn found(pattern: &str, text: &str) -> String {
    let program = compile(pattern, Flags::empty(), Dialect::LATEST).expect("a program");
    let units: Vec<u32> = text.chars().map(u32::from).collect();
    matches(program.code(), program.group_count() as usize, &units, false)
}

#[test]
fn all_matches_and_groups_are_found() {
    assert_eq!(found("(a)|(b+)", "abba"), "[[0,1,0,1,-1,-1],[1,3,-1,-1,1,3],[3,4,3,4,-1,-1]]");
    assert_eq!(found("x", "abc"), "[]");
    assert_eq!(found("", "ab"), "[[0,0],[1,1],[2,2]]");
    assert_eq!(found("é.", "né😀!"), "[[1,3]]");
}

#[test]
fn matches_are_limited() {
    assert_eq!(found("a", &"a".repeat(MOST + 5)).matches('[').count(), MOST + 1);
}

#[test]
fn bytes_and_lone_surrogates_are_searched() {
    let program = compile(Pattern::from(&b"\xff+"[..]), Flags::empty(), Dialect::LATEST).expect("a program");
    assert_eq!(matches(program.code(), 0, &[1, 0xff, 0xff], true), "[[1,3]]");
    let program = compile(r"\ud800", Flags::empty(), Dialect::LATEST).expect("a program");
    assert_eq!(matches(program.code(), 0, &[0x61, 0xd800], false), "[[1,2]]");
}
