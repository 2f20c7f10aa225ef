//! The table of source encodings against interpreters.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::process::Command;

use encoding_rs::Encoding;
use serde::Deserialize;
use sre_check::source::Unreadable;
use sre_oracle::pythons;
use sre_support::visible::Shown;
use sre_test_support::{Missing, Prerequisite};

use encodings::{Pairs, TABLE, decode, find, two_byte};

/// What is tested is not public: it is compiled into this program, too.
#[allow(dead_code)]
#[path = "../src/source/encodings/mod.rs"]
mod encodings;

/// What an interpreter's codec does; see `src/source/encodings/facts.py`.
#[derive(Deserialize, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fact {
    codec: String,
    changed: Vec<u8>,
    single: Option<Vec<Option<u32>>>,
    pairs: Option<Vec<Option<String>>>,
}

/// Of the newest interpreter of each minor version, by name.
fn facts() -> BTreeMap<u32, BTreeMap<String, Fact>> {
    let supported = pythons::find().into_iter().filter(|python| python.dialect.is_ok());
    let newest: BTreeMap<_, _> = supported.map(|python| (python.info.version.1, python.path)).collect();
    let ask = |path| {
        let output = Command::new(path)
            .args(["-I", "-c", include_str!("../src/source/encodings/facts.py")])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    newest.into_iter().map(|(minor, path)| (minor, ask(path))).collect()
}

fn shown_ranges(bytes: impl Iterator<Item = u8>) -> String {
    let mut ranges: Vec<(u8, u8)> = Vec::new();
    for byte in bytes {
        match ranges.last_mut() {
            Some((_, last)) if *last == byte.wrapping_sub(1) => *last = byte,
            _ => ranges.push((byte, byte)),
        }
    }
    let shown = ranges.iter().map(|(first, last)| match first == last {
        true => format!("{first:02x}"),
        false => format!("{first:02x}-{last:02x}"),
    });
    shown.collect::<Vec<_>>().join(",")
}

/// The pairs that `encoding_rs` decodes to the same single character in all of the interpreters.
fn shown_pairs(encoding: &'static Encoding, decoded: &[&Vec<Option<String>>]) -> String {
    let same = |first: u8, second: u8| {
        let pair = [first, second];
        let rust = encoding.decode_without_bom_handling_and_without_replacement(&pair);
        let at = usize::from(first & 0x7F) * 256 + usize::from(second);
        rust.is_some_and(|rust| {
            let cpython = |all: &&Vec<Option<String>>| all[at].as_deref() == Some(&*rust);
            rust.chars().count() == 1 && decoded.iter().all(cpython)
        })
    };
    let mut groups: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for first in 0x80..=0xFF {
        let seconds = shown_ranges((0..=0xFF).filter(|&second| same(first, second)));
        groups.entry(seconds).or_default().push(first);
    }
    groups.remove("");
    let shown =
        groups.into_iter().map(|(seconds, firsts)| format!("{}:{seconds}", shown_ranges(firsts.into_iter())));
    shown.collect::<Vec<_>>().join(";")
}

fn shown_upper(codec: &str, fact: &Fact, pairs: &[&Vec<Option<String>>]) -> String {
    match (&fact.single, two_byte(codec)) {
        (Some(points), _) if points.iter().any(Option::is_some) => {
            let shown = points.iter().map(|point| point.map_or("----".to_owned(), |c| format!("{c:04x}")));
            format!("single {}", shown.collect::<String>())
        }
        (_, Some(encoding)) => format!("pairs {}", shown_pairs(encoding, pairs)),
        _ => "-".to_owned(),
    }
}

/// Makes the table of what interpreters say.
fn table(facts: &BTreeMap<u32, BTreeMap<String, Fact>>) -> String {
    let mut pairs: BTreeMap<&str, Vec<&Vec<Option<String>>>> = BTreeMap::new();
    let mut meanings: BTreeMap<&str, BTreeSet<Fact>> = BTreeMap::new();
    for (name, fact) in facts.values().flatten() {
        pairs.entry(&fact.codec).or_default().extend(&fact.pairs);
        meanings.entry(name).or_default().insert(Fact { pairs: None, ..fact.clone() });
    }
    let mut lines: BTreeMap<(String, String, String), Vec<&str>> = BTreeMap::new();
    for (name, facts) in meanings {
        let changed: BTreeSet<u8> = facts.iter().flat_map(|fact| fact.changed.iter().copied()).collect();
        let changed: String = changed.iter().map(|byte| format!("{byte:02x}")).collect();
        let changed = match changed.len() {
            0 => "-".to_owned(),
            254 => "*".to_owned(),
            _ => changed,
        };
        let only = facts.iter().next().filter(|_| facts.len() == 1);
        let (codec, upper) = match only {
            Some(fact) => {
                let pairs = pairs.get(&*fact.codec).map(Vec::as_slice).unwrap_or_default();
                (fact.codec.clone(), shown_upper(&fact.codec, fact, pairs))
            }
            None => ("varies".to_owned(), "-".to_owned()),
        };
        lines.entry((codec, changed, upper)).or_default().push(name);
    }
    let mut text =
        "# Generated: see mod.rs and tests.rs. Codec, names, changed ASCII, other bytes.\n".to_owned();
    for ((codec, changed, upper), names) in lines {
        let _ = writeln!(text, "{codec}\t{}\t{changed}\t{upper}", names.join(" "));
    }
    text
}

fn the_table_is_what_interpreters_say() -> Result<(), Missing> {
    let facts = facts();
    let facts = Prerequisite::Python.require(Some(facts).filter(|facts| !facts.is_empty()))?;
    // Names are added from version to version: all of them are needed for the whole table.
    if facts.keys().copied().eq(8..=15) {
        let table = table(&facts);
        let file = std::env::temp_dir().join("sre-encodings.tsv");
        if table != TABLE {
            fs::write(&file, table).unwrap();
            panic!("table.tsv is outdated: {} is what it should be", file.shown());
        }
    }
    for (minor, facts) in &facts {
        assert!(facts.len() > 300, "3.{minor}: {}", facts.len());
        for (name, fact) in facts {
            let codec = find(name).unwrap_or_else(|| panic!("3.{minor}: {name} is not in the table"));
            let last = if codec.upper.starts_with("pairs") { 0x7F } else { 0xFF };
            for byte in 0x01..=last {
                let file = [byte];
                let expected = match byte {
                    0x80.. => fact.single.as_ref().and_then(|points| points[usize::from(byte & 0x7F)]),
                    _ => (!fact.changed.contains(&byte)).then_some(u32::from(byte)),
                };
                match decode(name, &file) {
                    Ok(text) => assert_eq!(
                        text.chars().map(u32::from).collect::<Vec<_>>(),
                        expected.into_iter().collect::<Vec<_>>(),
                        "3.{minor}: {name}, {byte:#x}"
                    ),
                    // Refused: what only some versions decode, and what the table does not contain.
                    Err(Unreadable::Unsupported(_)) => {
                        assert!(codec.upper == "-" || byte < 0x80, "3.{minor}: {name}, {byte:#x}")
                    }
                    Err(_) => assert_eq!(expected, None, "3.{minor}: {name}, {byte:#x}"),
                }
            }
            let Some(decoded) = &fact.pairs else { continue };
            let Some(("pairs", pairs)) = codec.upper.split_once(' ') else { continue };
            let pairs = Pairs::parse(pairs);
            let all = (0x80..=0xFF).flat_map(|first| (0..=0xFF).map(move |second| (first, second)));
            let exact: Vec<_> = all.zip(decoded).filter(|((a, b), _)| pairs.contains(*a, *b)).collect();
            assert!(exact.len() > 6000, "3.{minor}: {name}: {}", exact.len());
            let file: Vec<u8> = exact.iter().flat_map(|((first, second), _)| [*first, *second]).collect();
            let expected: Option<String> = exact.iter().map(|(_, text)| text.as_deref()).collect();
            assert!(decode(name, &file).ok() == expected && expected.is_some(), "3.{minor}: {name}");
        }
    }
    Ok(())
}

sre_test_support::tests! { the_table_is_what_interpreters_say }
