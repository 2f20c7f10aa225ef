//! The patterns of the corpus, and those of real programs if `SRE_SAMPLES` names a file.

use std::fs;
use std::path::{Path, PathBuf};

use sre_compiler::{Flags, Pattern};

/// A pattern with its flags. `corpus/README.md` describes the file format.
#[derive(Debug)]
pub(crate) struct Case {
    /// Its file or line.
    pub(crate) name: String,
    text: Text,
    pub(crate) flags: Flags,
}

#[derive(Debug)]
enum Text {
    Utf8(String),
    CodePoints(Vec<u32>),
    Bytes(Vec<u8>),
}

const LETTERS: [(char, Flags); 7] = [
    ('a', Flags::ASCII),
    ('i', Flags::IGNORECASE),
    ('L', Flags::LOCALE),
    ('m', Flags::MULTILINE),
    ('s', Flags::DOTALL),
    ('u', Flags::UNICODE),
    ('x', Flags::VERBOSE),
];

impl Case {
    pub(crate) fn pattern(&self) -> Pattern<'_> {
        match &self.text {
            Text::Utf8(text) => Pattern::from(text.as_str()),
            Text::CodePoints(text) => Pattern::from_code_points(text).expect("code points"),
            Text::Bytes(bytes) => Pattern::from(bytes.as_slice()),
        }
    }
}

/// Returns every case of the corpus in order, text both as UTF-8 and as code points, because these
/// are read differently.
pub(crate) fn corpus() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    let mut files = Vec::new();
    for folder in ["seeds", "regressions", "known"] {
        walk(&root.join(folder), &mut files);
    }
    files.sort();
    assert!(files.len() > 1000, "the corpus is where it is looked for");
    files.iter().flat_map(|file| read(file, &root)).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "case") {
            files.push(path);
        }
    }
}

fn read(file: &Path, root: &Path) -> Vec<Case> {
    let bytes = fs::read(file).unwrap();
    let end = bytes.iter().position(|&byte| byte == b'\n').expect("a header");
    let header = str::from_utf8(&bytes[..end]).unwrap();
    let (kind, letters) = header.split_once(' ').expect("a kind and flags");
    let has = |letter| letters.contains(letter);
    let flags =
        LETTERS.iter().filter(|(letter, _)| has(*letter)).fold(Flags::empty(), |all, (_, flag)| all | *flag);
    let pattern = &bytes[end + 1..];
    let forms = match kind {
        "str" => {
            let utf8 = str::from_utf8(pattern).ok().map(|text| Text::Utf8(text.to_owned()));
            utf8.into_iter().chain([Text::CodePoints(code_points(pattern))]).collect()
        }
        "bytes" => vec![Text::Bytes(pattern.to_vec())],
        _ => panic!("{}: {header}", file.display()),
    };
    let name = file.strip_prefix(root).unwrap().display().to_string();
    forms.into_iter().map(|text| Case { name: name.clone(), text, flags }).collect()
}

/// Decodes valid UTF-8 that may contain surrogates in three bytes.
fn code_points(bytes: &[u8]) -> Vec<u32> {
    let mut text: Vec<u32> = Vec::new();
    for &byte in bytes {
        let bits = u32::from(byte);
        match byte {
            0x00..=0x7F => text.push(bits),
            0x80..=0xBF => {
                let c = text.last_mut().expect("a first byte");
                *c = *c << 6 | bits & 0x3F;
            }
            0xC0..=0xDF => text.push(bits & 0x1F),
            0xE0..=0xEF => text.push(bits & 0x0F),
            0xF0..=0xFF => text.push(bits & 0x07),
        }
    }
    text
}

/// Returns the patterns of real programs from the JSON Lines of `sre record`, if `SRE_SAMPLES`
/// names a file of them.
pub(crate) fn samples() -> Option<Vec<Case>> {
    let path = sre_test_support::samples()?;
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cases: Vec<Case> = text.lines().enumerate().map(|(n, line)| sample(n + 1, line)).collect();
    assert!(!cases.is_empty(), "{} holds no pattern", path.display());
    Some(cases)
}

fn sample(number: usize, line: &str) -> Case {
    let value: serde_json::Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("line {number}: {error}"));
    let text = || value["pattern"].as_str().expect("a pattern");
    let text = match (value["codepoints"].as_array(), value["kind"].as_str()) {
        (Some(numbers), _) => {
            Text::CodePoints(numbers.iter().map(|n| n.as_u64().expect("a number") as u32).collect())
        }
        (None, Some("bytes")) => {
            Text::Bytes(text().chars().map(|c| u8::try_from(c).expect("Latin-1")).collect())
        }
        _ => Text::Utf8(text().to_owned()),
    };
    let flags = Flags::from_bits(value["flags"].as_i64().expect("flags"));
    Case { name: format!("SRE_SAMPLES:{number}"), text, flags }
}
