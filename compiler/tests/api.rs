//! The public interface: dialects, patterns, flags, settings.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};

use sre_compiler::{
    Compiler, Dialect, Error, ErrorKind, Flags, ParseFlagsError, Pattern, Program, Tree, WarningList,
    compile, compile_with_warnings,
};

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
    let state = RandomState::new();
    let hashes: HashSet<u64> = Dialect::all().map(|dialect| state.hash_one(dialect)).collect();
    assert!(hashes.len() > 1, "the hash depends on the version");
}

#[test]
fn the_sources_of_re_are_those_of_the_minor_version() {
    assert_eq!(Dialect::source_modules(10), ["re", "sre_compile", "sre_parse", "sre_constants"]);
    let package = ["re", "re._compiler", "re._parser", "re._constants", "re._casefix"];
    assert_eq!(Dialect::source_modules(11), package);
    assert_eq!(Dialect::source_modules(15), package);
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
    assert!(Pattern::from("").is_empty() && Pattern::from(b"").is_empty() && !Pattern::from("a").is_empty());
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

#[test]
fn flags_are_written_and_read_as_letters() {
    for bits in [0, 2, 0x1ff, 0x80, 0x200, 0x202, -1, i64::MIN, i64::MAX] {
        let flags = Flags::from_bits(bits);
        assert_eq!(flags.to_string().parse(), Ok(flags), "{flags}");
    }
    assert_eq!(Flags::from_bits(0x1ff).to_string(), "aiLmstux|0x80");
    assert_eq!("xsm".parse(), Ok(Flags::VERBOSE | Flags::DOTALL | Flags::MULTILINE));
    assert_eq!("I".parse::<Flags>(), Err(ParseFlagsError::UnknownLetter('I')));
    for number in ["|", "|0x", "|80", "|0x+1", "|0x10000000000000000", "i||0x1"] {
        assert_eq!(number.parse::<Flags>(), Err(ParseFlagsError::InvalidNumber), "{number}");
    }
    let debug = |bits| format!("{:?}", Flags::from_bits(bits));
    assert_eq!(debug(0), "Flags(0x0)");
    assert_eq!(debug(0x202), "Flags(IGNORECASE | 0x200)");
    assert_eq!(debug(0x200), "Flags(0x200)");
    assert_eq!(debug(0x101), "Flags(TEMPLATE | ASCII)");
    let text = |flags: &str| flags.parse::<Flags>().unwrap_err().to_string();
    assert_eq!(text("iI"), "`I` is not a flag (known: aiLmstux)");
    assert_eq!(text("i|1"), "not a hexadecimal number after `|`, such as 0x80");
}

#[test]
fn flags_are_combined_by_operators() {
    let (one, other) = (Flags::IGNORECASE | Flags::MULTILINE, Flags::MULTILINE | Flags::DOTALL);
    assert_eq!(one & other, Flags::MULTILINE);
    assert_eq!(one & Flags::VERBOSE, Flags::empty());
    assert_eq!((one | other).bits(), 2 | 8 | 16);
}

#[test]
fn a_program_has_the_facts_of_its_info_block() {
    let facts = |pattern: &str, flags| {
        let program = compile(pattern, flags, Dialect::LATEST).unwrap();
        let prefix: String = program.literal_prefix().iter().filter_map(|&c| char::from_u32(c)).collect();
        (prefix, program.is_literal(), program.min_width(), program.max_width())
    };
    let none = Flags::empty();
    assert_eq!(facts("", none), (String::new(), false, 0, Some(0)));
    assert_eq!(facts("abé", none), ("abé".into(), true, 3, Some(3)));
    assert_eq!(facts("(ab)", none), ("ab".into(), false, 2, Some(2)));
    assert_eq!(facts("ab*", none), ("a".into(), false, 1, None));
    assert_eq!(facts("ab|ac{2}", none), ("a".into(), false, 2, Some(3)));
    assert_eq!(facts("[ab]{2,5}", none), (String::new(), false, 2, Some(5)));
    assert_eq!(facts("ab", Flags::IGNORECASE), (String::new(), false, 2, Some(2)));
    assert_eq!(facts("-b", Flags::IGNORECASE), ("-".into(), false, 2, Some(2)));
    let empty = Program::new(Dialect::LATEST);
    assert_eq!((empty.min_width(), empty.max_width(), empty.literal_prefix().len()), (0, Some(0), 0));
    assert!(!empty.is_literal());
}

#[test]
fn group_names_are_in_the_order_of_their_numbers() {
    let program = compile("(?P<a>x)(y)(?P<b>(?P<c>z))()", Flags::empty(), Dialect::LATEST).unwrap();
    let names = program.group_names();
    assert_eq!(names.len(), 6);
    assert_eq!(names.collect::<Vec<_>>(), [None, Some("a"), None, Some("b"), Some("c"), None]);
    let code = program.code().to_vec();
    assert_eq!(program.into_code(), code);
}

#[test]
fn warnings_are_returned_with_the_result() {
    let (result, warnings) = compile_with_warnings("[[a&&b]", Flags::empty(), Dialect::LATEST);
    assert!(result.is_ok() && warnings.len() == 2 && !warnings.is_empty());
    let [nested, intersection] = [0, 1].map(|n| warnings.iter().nth(n).unwrap());
    assert_ne!(nested, intersection);
    assert_eq!(Some(nested), warnings.iter().next());
    let (result, warnings) = compile_with_warnings("[[a](", Flags::empty(), Dialect::LATEST);
    assert!(result.is_err() && warnings.len() == 1, "CPython warns before it raises");
    let (result, none) = compile_with_warnings("[a]", Flags::empty(), Dialect::LATEST);
    assert!(result.is_ok() && none.is_empty());
    let mut compiler = Compiler::new(Dialect::LATEST);
    compiler.compile("[[a]", Flags::empty()).unwrap();
    let taken = compiler.take_warnings();
    assert_eq!((taken.len(), compiler.warnings().len()), (1, 0));
    compiler.compile("[[[b]", Flags::empty()).unwrap();
    assert_eq!(taken.iter().next().unwrap().span(), 1..2);
    assert_eq!(compiler.warnings().len(), 1);
}

#[test]
fn what_is_returned_can_be_sent_to_other_threads() {
    fn assert_send_and_sync<T: Send + Sync>() {}
    assert_send_and_sync::<Compiler>();
    assert_send_and_sync::<Program>();
    assert_send_and_sync::<Error>();
    assert_send_and_sync::<WarningList>();
    assert_send_and_sync::<Tree<'_>>();
}
