//! The characters of sets against the interpreters' own matching.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use sre_case::{Case, wire};
use sre_compiler::{Compiler, Dialect, Flags, Program};
use sre_oracle::pythons;
use sre_support::visible::Shown;

use super::difference;
use super::form::{Form, Item};

/// Characters at which case is irregular, or lies beyond U+FFFF, or where a table changed.
const CHARACTERS: [u32; 48] = [
    0x31, 0x41, 0x4b, 0x5a, 0x5b, 0x60, 0x61, 0x69, 0x6b, 0x73, 0x7a, 0xb5, 0xdf, 0xe5, 0xff, 0x130, 0x131,
    0x17f, 0x19b, 0x1c5, 0x345, 0x390, 0x3b9, 0x3c2, 0x3c3, 0x3f4, 0x432, 0x10d0, 0x13a0, 0x1c80, 0x1c89,
    0x1c90, 0x1e9e, 0x1fd3, 0x2126, 0x212a, 0x212b, 0xa64b, 0xa7cb, 0xab70, 0xfb05, 0xffff, 0x10400, 0x10428,
    0x1044f, 0x118a0, 0x1e900, 0x1f600,
];

/// Sets of such characters and of ranges between them, and the flags of each.
fn sets() -> Vec<Case> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut cases = Vec::new();
    for n in 0..240 {
        let mut pattern = String::from(if random.u32(..4) == 0 { "[^" } else { "[" });
        for _ in 0..random.u32(1..5) {
            let mut ends = [0, 1].map(|_| CHARACTERS[random.usize(..CHARACTERS.len())]);
            ends.sort_unstable();
            let _ = match random.u32(..3) {
                0 => write!(pattern, "\\U{:08x}-\\U{:08x}", ends[0], ends[1]),
                _ => write!(pattern, "\\U{:08x}", ends[0]),
            };
        }
        pattern.push(']');
        let ascii = if n % 5 == 0 { Flags::ASCII } else { Flags::empty() };
        let ignored = if n % 6 == 0 { Flags::empty() } else { Flags::IGNORECASE };
        cases.push(Case::str(&pattern, ascii | ignored));
    }
    cases.extend([".", "(?s:.)", r"[\s\S]", r"[^\d\D]"].map(|pattern| Case::str(pattern, Flags::empty())));
    cases
}

/// The ranges of a form that is one set.
fn ranges(program: &Program) -> Option<Vec<(u32, u32)>> {
    match Form::new(program).items.as_slice() {
        [Item::Set(set)] => {
            assert_eq!((set.categories, set.negated, set.locale), (0, false, false));
            Some(set.ranges.clone())
        }
        [Item::Failure] => Some(Vec::new()),
        _ => None,
    }
}

/// The interpreters are asked for the characters before that one: beyond it none has a case.
const ASKED: u32 = 0x1F800;

#[test]
fn sets_are_what_the_interpreters_match() {
    let found = pythons::find();
    let usable: Vec<(_, Dialect)> =
        found.iter().filter_map(|python| Some((python, *python.dialect.as_ref().ok()?))).collect();
    if usable.is_empty() {
        eprintln!("skipped: no interpreter was found");
        return;
    }
    let cases = sets();
    let mut lines = Vec::new();
    for case in &cases {
        wire::write_request(&mut lines, case, false);
        lines.push(b'\n');
    }
    for (python, dialect) in usable {
        let mut child = Command::new(&python.path)
            .args(["-I", "-S"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_meaning.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut input, lines) = (child.stdin.take().unwrap(), &lines);
        let output = thread::scope(|scope| {
            scope.spawn(move || input.write_all(lines).unwrap());
            child.wait_with_output().unwrap()
        });
        let answers = output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let answers: Vec<Vec<(u32, u32)>> =
            answers.map(|line| serde_json::from_slice(line).unwrap()).collect();
        assert_eq!(answers.len(), cases.len(), "{}", python.path.shown());
        let mut compiler = Compiler::new(dialect);
        for (case, matched) in cases.iter().zip(answers) {
            let program = compiler.compile(case.pattern(), case.flags).unwrap();
            let ours = ranges(&program).unwrap().into_iter().filter(|&(first, _)| first < ASKED);
            let ours: Vec<_> = ours.map(|(first, last)| (first, last.min(ASKED - 1))).collect();
            assert_eq!(ours, matched, "{} {case:?}", python.path.shown());
        }
    }
}

#[test]
fn code_that_differs_is_told_from_code_that_is_only_written_otherwise() {
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
fn hostile_patterns_take_neither_stack_nor_time() {
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
