//! Checks the tables against known counts, and against facts collected from interpreters.

extern crate std;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{env, format, println, vec};

use super::AlgorithmicNames::{AnyCase, Strict};
use super::Named::{Character, Sequence};
use super::{AlgorithmicNames, LowerRun, Named, Version, algorithmic, is_space, names};

const END: u32 = 0x11_0000;

fn counts(count: impl Fn(Version) -> usize) -> [usize; 7] {
    Version::ALL.map(count)
}

fn characters(holds: impl Fn(u32) -> bool) -> usize {
    (0..END).filter(|&c| holds(c)).count()
}

fn find(version: Version, name: &str, rules: AlgorithmicNames) -> Option<Named> {
    let name: Vec<u32> = name.chars().map(u32::from).collect();
    version.lookup_name(&name, rules)
}

#[test]
fn character_counts_match_cpython() {
    assert_eq!(counts(|v| characters(|c| v.to_lower(c) != c)), [1390, 1393, 1433, 1433, 1433, 1460, 1488]);
    assert_eq!(counts(|v| characters(|c| v.is_cased(c))), [2841, 2847, 2927, 2927, 2927, 2981, 3037]);
    assert_eq!(
        counts(|v| characters(|c| v.is_id_start(c))),
        [125_862, 131_460, 131_975, 136_323, 136_945, 141_247, 145_894]
    );
    assert_eq!(
        counts(|v| characters(|c| v.is_id_continue(c))),
        [128_770, 134_415, 135_053, 139_463, 140_089, 144_522, 149_221]
    );
    assert_eq!(
        counts(|v| characters(|c| v.is_printable(c))),
        [137_750, 143_680, 144_516, 148_998, 149_625, 154_810, 159_613]
    );
    assert_eq!(
        counts(|v| characters(|c| v.is_alpha(c))),
        [125_643, 131_241, 131_756, 136_104, 136_726, 141_028, 145_672]
    );
    assert_eq!(counts(|v| characters(|c| v.decimal(c).is_some())), [630, 650, 660, 680, 680, 760, 770]);
    assert_eq!(characters(is_space), 29);
}

#[test]
fn lower_case_preserves_casedness() {
    for v in Version::ALL {
        for c in 0..END {
            let lower = v.to_lower(c);
            assert_eq!(v.to_lower(lower), lower, "{c:#x} in {}", v.name());
            assert_eq!(v.is_cased(lower), v.is_cased(c), "{c:#x} in {}", v.name());
        }
    }
}

#[test]
fn numbers_above_the_last_code_point_have_no_properties() {
    for c in [END, u32::MAX - 1, u32::MAX] {
        for v in Version::ALL {
            assert_eq!(v.to_lower(c), c);
            assert!(!v.is_cased(c) && !v.is_alpha(c) && !v.is_printable(c));
            assert!(!v.is_id_start(c) && !v.is_id_continue(c) && v.decimal(c).is_none());
            assert!(v.lower_runs(END, c).next().is_none() && !v.any_cased(END, c));
        }
        assert!(!is_space(c));
    }
}

#[test]
fn lower_case_is_idempotent_and_does_not_cross_the_bmp() {
    for v in Version::ALL {
        for c in 0..END {
            let lower = v.to_lower(c);
            assert_eq!(v.to_lower(lower), lower);
            assert_eq!(c > 0xFFFF, lower > 0xFFFF);
        }
    }
}

/// Returns every pair of characters that `lower_runs` stands for.
fn spelled_out(version: Version, lo: u32, hi: u32) -> Vec<(u32, u32)> {
    let pairs = |run: LowerRun| {
        assert!(run.step == 1 || run.step == 2);
        assert!((run.last - run.first).is_multiple_of(run.step), "{run:?} ends at its last character");
        (run.first..=run.last).step_by(run.step as usize).map(move |c| (c, c.wrapping_add_signed(run.delta)))
    };
    version.lower_runs(lo, hi).flat_map(pairs).collect()
}

#[test]
fn range_queries_match_queries_of_characters() {
    for v in Version::ALL {
        let lower: Vec<_> = (0..END).map(|c| (c, v.to_lower(c))).filter(|(c, l)| c != l).collect();
        assert_eq!(spelled_out(v, 0, u32::MAX), lower);
        let cased: Vec<u32> = (0..END).filter(|&c| v.is_cased(c)).collect();
        // Boundaries near and inside the characters that change.
        let borders = lower.iter().step_by(13).flat_map(|&(c, _)| [c.saturating_sub(1), c, c + 1]);
        let borders: Vec<u32> = borders.chain([0, END - 1, 0xD7FF, 0xA7C3]).collect();
        for &lo in &borders {
            for hi in borders.iter().copied().filter(|hi| hi.abs_diff(lo) < 0x500) {
                let inside = |c: u32| lo <= c && c <= hi;
                let expected: Vec<_> = lower.iter().copied().filter(|&(c, _)| inside(c)).collect();
                assert_eq!(spelled_out(v, lo, hi), expected, "{lo:X}..={hi:X}");
                assert_eq!(v.any_cased(lo, hi), cased.iter().any(|&c| inside(c)), "{lo:X}..={hi:X}");
            }
        }
    }
}

#[test]
fn names_are_found_in_any_case_from_their_version_on() {
    use Version::*;
    for (name, expected, since) in [
        ("latin small letter a", Character(0x61), V12_1),
        ("Latin Capital Letter GHA", Character(0x1A2), V12_1),
        ("NBSP", Character(0xA0), V12_1),
        ("lf", Character(0xA), V12_1),
        ("VS17", Character(0xE_0100), V12_1),
        ("TIBETAN LETTER -A", Character(0xF60), V12_1),
        ("TIBETAN MARK BKA- SHOG YIG MGO", Character(0xF0A), V12_1),
        ("HANGUL JUNGSEONG O-E", Character(0x1180), V12_1),
        ("cjk compatibility ideograph-f900", Character(0xF900), V12_1),
        ("keycap digit one", Sequence(3), V12_1),
        ("DEVANAGARI SEQUENCE FOR LETTER QA", Sequence(2), V14_0),
        ("FVS4", Character(0x180F), V14_0),
        ("EM", Character(0x19), V15_0),
        ("EGYPTIAN HIEROGLYPH-13460", Character(0x1_3460), V16_0),
        ("SAUDI RIYAL SIGN", Character(0x20C1), V17_0),
    ] {
        for v in Version::ALL {
            for rules in [Strict, AnyCase] {
                assert_eq!(find(v, name, rules), (v >= since).then_some(expected), "{name} in {v:?}");
            }
        }
    }
}

#[test]
fn near_misses_are_not_names() {
    let long = "LATIN SMALL LETTER A".to_string() + &" ".repeat(400);
    for name in [
        "",
        " ",
        "-",
        " LATIN SMALL LETTER A",
        "LATIN SMALL LETTER A ",
        "LATIN  SMALL LETTER A",
        "LATIN_SMALL_LETTER_A",
        "LATIN SMALL LETTER",
        "LATIN",
        "TIBETAN LETTER A-",
        "TIBETAN LETTER-A",
        "<control>",
        "CONTROL",
        "\u{17F}PACE",
        "HANGUL SYLLABLE ",
        "HANGUL SYLLABLE NGA",
        "CJK UNIFIED IDEOGRAPH-",
        "NUSHU CHARACTER-01B170",
        &long,
    ] {
        for v in Version::ALL {
            assert_eq!((find(v, name, Strict), find(v, name, AnyCase)), (None, None), "{name} in {v:?}");
        }
    }
    // A surrogate and a number above U+10FFFF are in no name.
    assert_eq!(Version::V17_0.lookup_name(&[0xD800], AnyCase), None);
    assert_eq!(Version::V17_0.lookup_name(&[u32::MAX], AnyCase), None);
}

#[test]
fn derived_names_follow_the_rules_of_the_interpreter() {
    let v = Version::V15_1;
    for (name, c, strict, any_case) in [
        ("CJK UNIFIED IDEOGRAPH-4E00", 0x4E00, true, true),
        ("cjk unified ideograph-4e00", 0x4E00, false, true),
        ("CJK UNIFIED IDEOGRAPH-04E00", 0x4E00, true, false),
        ("CJK UNIFIED IDEOGRAPH-20000", 0x2_0000, true, true),
        ("CJK UNIFIED IDEOGRAPH-020000", 0x2_0000, false, false),
        ("HANGUL SYLLABLE GAG", 0xAC01, true, true),
        ("HANGUL SYLLABLE gag", 0xAC01, false, true),
        ("HANGUL SYLLABLE A", 0xC544, true, true),
        ("TANGUT IDEOGRAPH-17000", 0x1_7000, false, true),
        ("tangut ideograph-17000", 0x1_7000, false, true),
        ("nushu character-1b170", 0x1_B170, true, true),
    ] {
        assert_eq!(find(v, name, Strict), strict.then_some(Character(c)), "{name}");
        assert_eq!(find(v, name, AnyCase), any_case.then_some(Character(c)), "{name}");
    }
    // QUIRK(3.8): these have names although they are not assigned.
    assert_eq!(find(Version::V12_1, "CJK UNIFIED IDEOGRAPH-2EBEF", Strict), Some(Character(0x2_EBEF)));
    assert_eq!(find(Version::V13_0, "CJK UNIFIED IDEOGRAPH-2EBEF", Strict), None);
}

/// What `xtask/unicode/dump.py` prints.
#[derive(Default)]
struct Facts {
    python: String,
    unicode: String,
    any_case: bool,
    values: HashMap<String, HashMap<u32, u32>>,
    sets: HashMap<String, HashSet<u32>>,
    /// A name as written, the character, and whether the name is found in any case.
    names: Vec<(String, u32, bool)>,
    lookups: Vec<(String, Option<Named>)>,
}

impl Facts {
    fn parse(text: &str) -> Facts {
        let hex = |number: &str| u32::from_str_radix(number, 16).unwrap();
        let mut facts = Facts::default();
        for line in text.split_terminator('\n') {
            let (label, rest) = line.split_once(' ').unwrap();
            let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
            match label {
                "python" => facts.python = rest.to_string(),
                "unicode" => facts.unicode = rest.to_string(),
                "names" => facts.any_case = rest == "any-case",
                "name" | "capitals" => {
                    facts.names.push((second.to_string(), hex(first), label == "name"));
                }
                "lookup" => {
                    let found =
                        match first {
                            "-" => None,
                            _ => Some(first.strip_prefix('+').map_or_else(
                                || Character(hex(first)),
                                |count| Sequence(count.parse().unwrap()),
                            )),
                        };
                    facts.lookups.push((second.to_string(), found));
                }
                "lower" | "decimal" => {
                    facts.values.entry(label.to_string()).or_default().insert(hex(first), hex(second));
                }
                _ => facts.sets.entry(label.to_string()).or_default().extend(hex(first)..=hex(second)),
            }
        }
        facts
    }
}

/// Compares the facts of one interpreter with the tables: the properties of all code points, and
/// all names.
fn check(facts: &Facts) -> String {
    let version = Version::ALL.into_iter().find(|v| v.name() == facts.unicode).unwrap();
    let rules = if facts.any_case { AnyCase } else { Strict };
    for c in 0..END {
        let has = |label: &str| facts.sets[label].contains(&c);
        let value = |label: &str| facts.values[label].get(&c).copied();
        assert_eq!(version.to_lower(c), value("lower").unwrap_or(c), "lower case of {c:X}");
        assert_eq!(version.decimal(c).map(u32::from), value("decimal"), "decimal value of {c:X}");
        assert_eq!(version.is_cased(c), has("cased"), "{c:X} is cased");
        assert_eq!(version.is_alpha(c), has("alpha"), "{c:X} is a letter");
        assert_eq!(version.is_printable(c), has("printable"), "{c:X} is printable");
        assert_eq!(version.is_id_start(c), has("id-start"), "{c:X} begins an identifier");
        assert_eq!(version.is_id_continue(c), has("id-continue"), "{c:X} is in an identifier");
        assert_eq!(is_space(c), has("space"), "{c:X} is whitespace");
    }
    for (name, c, any_case) in &facts.names {
        let expected = Some(Character(*c));
        let other = expected.filter(|_| *any_case);
        let every_second =
            |(i, char): (usize, char)| if i % 2 == 1 { char.to_ascii_lowercase() } else { char };
        let mixed: String = name.chars().enumerate().map(every_second).collect();
        assert_eq!(find(version, name, rules), expected, "{name}");
        assert_eq!(find(version, &name.to_lowercase(), rules), other, "{name} in lower case");
        assert_eq!(find(version, &mixed, rules), other, "{mixed}");
    }
    for (name, expected) in &facts.lookups {
        assert_eq!(find(version, name, rules), *expected, "{name:?}");
    }
    // Everything that the interpreter names was found. If the tables have as many names, they have
    // no others.
    let listed = names::CHARACTERS.values().filter(|&c| names::in_version(version, c)).count();
    assert_eq!(facts.names.len(), listed + algorithmic::count(version, rules), "how many names there are");
    let (python, names, lookups) = (&facts.python, facts.names.len(), facts.lookups.len());
    format!("checked {python} (Unicode {}): {names} names in three cases, {lookups} lookups", version.name())
}

/// `SRE_UNICODE_FACTS` names the files, separated as in a PATH.
#[test]
#[ignore = "needs the facts of interpreters: cargo xtask unicode --check"]
fn tables_match_the_facts_of_interpreters() {
    let paths = env::var_os("SRE_UNICODE_FACTS").expect("SRE_UNICODE_FACTS names the files");
    let mut checked = vec![];
    for path in env::split_paths(&paths) {
        checked.push(check(&Facts::parse(&fs::read_to_string(path).unwrap())));
    }
    assert!(!checked.is_empty());
    println!("{}", checked.join("\n"));
}
