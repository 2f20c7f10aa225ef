//! The characters of sets against the interpreters' own matching.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use std::fmt::Write as _;
use std::path::Path;

use sre_case::{Case, wire};
use sre_compiler::{Compiler, Dialect, Flags};
use sre_oracle::pythons;
use sre_support::visible::Shown;
use sre_test_support::{Missing, Prerequisite, run_script};

/// What is tested is not public: it is compiled into this program, too.
#[allow(dead_code)]
#[path = "../src/meaning"]
mod meaning {
    use sre_compiler::Program;

    use form::{Form, Item};

    mod empty;
    mod form;
    mod set;

    /// The ranges of a form that is one set.
    pub(super) fn ranges(program: &Program) -> Option<Vec<(u32, u32)>> {
        match Form::new(program).items.as_slice() {
            [Item::Set(set)] => {
                assert_eq!((set.categories, set.negated, set.locale), (0, false, false));
                Some(set.ranges.clone())
            }
            [Item::Failure] => Some(Vec::new()),
            _ => None,
        }
    }
}

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

/// The interpreters are asked for the characters before that one: beyond it none has a case.
const ASKED: u32 = 0x1F800;

fn sets_are_what_the_interpreters_match() -> Result<(), Missing> {
    let found = pythons::find();
    let usable: Vec<(_, Dialect)> =
        found.iter().filter_map(|python| Some((python, *python.dialect.as_ref().ok()?))).collect();
    let usable = Prerequisite::Python.require((!usable.is_empty()).then_some(usable))?;
    let cases = sets();
    let mut lines = Vec::new();
    for case in &cases {
        wire::write_request(&mut lines, case, false);
        lines.push(b'\n');
    }
    for (python, dialect) in usable {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_meaning.py");
        let answers = run_script(&python.path, &script, &lines);
        let answers: Vec<Vec<(u32, u32)>> =
            answers.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(answers.len(), cases.len(), "{}", python.path.shown());
        let mut compiler = Compiler::new(dialect);
        for (case, matched) in cases.iter().zip(answers) {
            let program = compiler.compile(case.pattern(), case.flags).unwrap();
            let computed = meaning::ranges(&program).unwrap().into_iter().filter(|&(first, _)| first < ASKED);
            let computed: Vec<_> = computed.map(|(first, last)| (first, last.min(ASKED - 1))).collect();
            assert_eq!(computed, matched, "{} {case:?}", python.path.shown());
        }
    }
    Ok(())
}

sre_test_support::tests! { sets_are_what_the_interpreters_match }
