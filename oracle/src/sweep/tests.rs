use std::fs;

use sre_case::Oracle;
use sre_case::wire::InterpreterInfo;
use sre_compiler::Dialect;

use super::*;
use crate::divergence::compare;
use crate::rust_compiler::RustCompiler;

/// A sweep without an interpreter: sre-compiler for 3.11 compared with itself for 3.10.
fn swept(range: Range<u64>) -> State {
    let info = InterpreterInfo::of_python_3_10();
    let (older, newer) = (info.dialect().unwrap(), Dialect::latest_patch(3, 11).unwrap());
    let (mut cpython, mut rust) = (RustCompiler::new(older), RustCompiler::new(newer));
    let mut state = State::default();
    let swept = state.of(Stats::new(info.label(), newer));
    assert!(swept.done.add(range.clone()));
    for number in range {
        let case = case(number);
        let (rust, cpython) = (rust.outcome(&case), cpython.outcome(&case));
        swept.stats.count(&case, &rust, compare(&case, &info, newer, &rust, &cpython));
    }
    state
}

#[test]
fn shards_hold_each_case_once_and_add_up_to_the_whole() {
    let total = cases(2).unwrap();
    let mut sum = State::default();
    for index in [3, 1, 0, 2, 6, 5, 4] {
        sum.merge(swept(shard(total, index, 7))).unwrap();
    }
    let whole = swept(0..total);
    assert_eq!(format!("{sum:?}"), format!("{whole:?}"));
    assert!(whole.pythons[0].stats.unknown.len() > 3, "3.11 is not 3.10");
    assert!(matches!(sum.merge(swept(5..6)), Err(BadState::Overlap(_))));
    let before = State { compiler: "0.0.9 0123456789abcdef".to_owned(), pythons: Vec::new() };
    assert!(matches!(sum.merge(before.clone()), Err(BadState::OtherCompiler { .. })));
    assert!(before.check_compiler().is_err() && sum.check_compiler().is_ok());
}

#[test]
fn states_round_trip_and_damaged_files_are_detected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let state = swept(0..600);
    state.write(&file).unwrap();
    let read = State::read(&file).unwrap();
    assert_eq!(format!("{read:?}"), format!("{state:?}"));
    let text = fs::read_to_string(&file).unwrap();
    let damaged = [
        text[..text.len() / 2].to_owned(),
        text.replacen("\"compared\":600", "\"compared\":601", 1),
        String::new(),
    ];
    for damaged in damaged {
        assert_ne!(damaged, text);
        fs::write(&file, damaged).unwrap();
        assert!(matches!(State::read(&file), Err(BadState::Damaged(..))));
    }
}
