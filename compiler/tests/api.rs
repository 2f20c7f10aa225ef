//! The public interface: dialects, patterns, flags, settings.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::collections::{BTreeSet, HashSet};

use sre_compiler::{Compiler, Dialect, Error, ErrorKind, Flags, Pattern, Program, compile};

const LATEST: [Dialect; 8] = [
    Dialect::PY38,
    Dialect::PY39,
    Dialect::PY310,
    Dialect::PY311,
    Dialect::PY312,
    Dialect::PY313,
    Dialect::PY314,
    Dialect::PY315,
];

#[test]
fn dialect_constants_are_the_latest_patch_levels() {
    for (minor, dialect) in (8..).zip(LATEST) {
        assert_eq!(Some(dialect), Dialect::latest_patch(3, minor));
    }
    assert_eq!(Dialect::LATEST, Dialect::all().next_back().unwrap());
    assert_eq!(Dialect::LATEST, Dialect::default());
    let minors: BTreeSet<u32> = Dialect::all().map(|dialect| dialect.min_version().1).collect();
    assert_eq!(minors.len(), LATEST.len(), "each minor version has a constant");
}

#[test]
fn dialects_are_ordered_by_version_and_hashed_as_they_are_equal() {
    assert!(Dialect::all().is_sorted());
    assert!(Dialect::PY39 < Dialect::PY310 && Dialect::PY310 < Dialect::LATEST);
    let all: HashSet<Dialect> = Dialect::all().chain(Dialect::all()).collect();
    assert_eq!(all.len(), Dialect::all().len());
}

#[test]
fn a_dialect_says_what_it_was_compared_with() {
    for dialect in Dialect::all() {
        assert!(!dialect.is_preview());
        let Some((major, minor, patch)) = dialect.compared_to() else { continue };
        assert_eq!(Dialect::from_version(major, minor, patch), Some(dialect));
    }
    assert_eq!(Dialect::PY313.compared_to(), Some((3, 13, 18)));
    // Its last interpreter was 3.12.1, of another dialect.
    assert_eq!(Dialect::PY312.compared_to(), None);
    let (without, with): (Vec<_>, Vec<_>) =
        Dialect::all().partition(|dialect| dialect.compared_to().is_none());
    assert!(with.len() >= LATEST.len() && !without.is_empty());
}

#[test]
fn patterns_are_made_of_what_callers_have() {
    let (string, bytes, chars) = (String::from("é+"), b"\xe9+".to_vec(), vec!['é', '+']);
    let code = |pattern: Pattern<'_>| compile(pattern, Flags::empty(), Dialect::LATEST).unwrap().into_code();
    let expected = code(Pattern::from("é+"));
    assert_eq!(code(Pattern::from(&string)), expected);
    assert_eq!(code(Pattern::from(&chars)), expected);
    assert_eq!(code(Pattern::from(&chars[..])), expected);
    assert_eq!(code(Pattern::from(&['é', '+'])), expected);
    let expected = code(Pattern::from(&b"\xe9+"[..]));
    assert_eq!(code(Pattern::from(&bytes)), expected);
    assert_eq!(code(Pattern::from(b"\xe9+")), expected);
    assert!(Pattern::from(&bytes).is_bytes() && !Pattern::from(&chars).is_bytes());
}

#[test]
fn characters_and_code_units_are_converted_both_ways() {
    let text = "aé\u{10ffff}b";
    let chars: Vec<char> = text.chars().collect();
    for (pattern, units) in
        [(Pattern::from(text), vec![0, 1, 3, 7, 8]), (Pattern::from(&chars), vec![0, 1, 2, 3, 4])]
    {
        assert_eq!(Some(&pattern.len()), units.last());
        for (character, &unit) in units.iter().enumerate() {
            assert_eq!(pattern.char_to_unit(character), Some(unit));
            assert_eq!(pattern.unit_to_char(unit), Some(character));
        }
        assert_eq!(pattern.char_to_unit(units.len()), None);
        let others = (0..10).filter(|unit| !units.contains(unit));
        assert!(others.map(|unit| pattern.unit_to_char(unit)).all(|character| character.is_none()));
    }
    assert_eq!(Pattern::from("").char_to_unit(0), Some(0));
}

#[test]
fn a_builder_sets_what_the_setters_set() {
    let kind = |result: Result<Program, Error>| result.unwrap_err().kind();
    let builder = Compiler::builder(Dialect::PY310);
    let empty = Flags::empty();
    assert_eq!(kind(builder.nest_limit(2).build().compile("(((a)))", empty)), ErrorKind::TooDeep);
    assert_eq!(kind(builder.size_limit(10).build().compile("(((a)))", empty)), ErrorKind::MemoryLimit);
    assert_eq!(kind(builder.code_limit(10).build().compile("(((a)))", empty)), ErrorKind::CodeLimit);
    let mut compiler = builder.tree(true).origins(true).build();
    let program = compiler.compile("(((a)))", empty).unwrap();
    assert_eq!(program.dialect(), Dialect::PY310);
    assert!(compiler.tree().is_some() && !program.origins().is_empty());
    let mut compiler = builder.build();
    let program = compiler.compile("(((a)))", empty).unwrap();
    assert!(compiler.tree().is_none() && program.origins().is_empty());
}
