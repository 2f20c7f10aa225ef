use std::ops::Range;
use std::time::Duration;
use std::{fs, thread};

use sre_case::Oracle;
use sre_case::wire::InterpreterInfo;
use sre_compiler::Dialect;

use super::*;
use crate::COMPILER;
use crate::divergence::compare;
use crate::rust_compiler::RustCompiler;
use crate::stats::Stats;
use crate::sweep::{case, cases, fingerprint};

fn job() -> Job {
    Job {
        verb: "exhaustive".to_owned(),
        compiler: COMPILER.to_owned(),
        input: fingerprint(),
        units: cases(2).unwrap(),
        unit: "case".to_owned(),
    }
}

/// A sweep without an interpreter: sre-compiler for 3.11 compared with itself for 3.10.
fn swept(range: Range<u64>) -> State<Stats> {
    let info = InterpreterInfo::of_python_3_10();
    let (older, newer) = (info.dialect().unwrap(), Dialect::latest_patch(3, 11).unwrap());
    let (mut cpython, mut rust) = (RustCompiler::new(older), RustCompiler::new(newer));
    let mut state = State::new(job());
    let at = state.part("3.10.13", "a", Stats::new(info.label(), newer)).unwrap();
    assert!(state.parts[at].done.add(range.clone()));
    for number in range {
        let case = case(number);
        let (rust, cpython) = (rust.outcome(&case), cpython.outcome(&case));
        let verdict = compare(&case, &info, newer, &rust, &cpython);
        state.parts[at].results.count(&case, &rust, verdict);
    }
    state
}

#[test]
fn shards_hold_each_case_once_and_add_up_to_the_whole() {
    let total = cases(2).unwrap();
    let mut sum = State::new(job());
    for index in [3, 1, 0, 2, 6, 5, 4] {
        assert!(sum.parts.is_empty() || !sum.missing(&(0..total)).is_empty());
        sum.merge(swept(shard(total, index, 7))).unwrap();
    }
    let whole = swept(0..total);
    assert_eq!(format!("{sum:?}"), format!("{whole:?}"));
    assert_eq!(sum.missing(&(0..total)), [""; 0]);
    assert!(whole.parts[0].results.unknown.len() > 3, "3.11 is not 3.10");
    assert!(matches!(sum.merge(swept(5..6)), Err(BadState::Overlap(_))));
    assert_eq!(format!("{sum:?}"), format!("{whole:?}"), "a refused state changes nothing");
}

#[test]
fn what_is_missing_is_named() {
    let mut state = swept(0..100);
    state.merge(swept(150..300)).unwrap();
    assert_eq!(state.missing(&(0..300)), ["3.10.13: 50 cases not compared, starting at number 100"]);
}

#[test]
fn states_of_other_jobs_are_refused() {
    let mut state = swept(0..10);
    let changes: [fn(&mut Job); 4] = [
        |job| job.verb.push('x'),
        |job| job.compiler = "0.0.9 0123456789abcdef".to_owned(),
        |job| job.input = "another".to_owned(),
        |job| job.units += 1,
    ];
    for change in changes {
        let mut other = swept(10..20);
        change(&mut other.job);
        let refused = state.merge(other).unwrap_err();
        assert!(matches!(refused, BadState::Mixture { .. }), "{refused}");
    }
    let mut other = swept(10..20);
    other.parts[0].identity = "b".to_owned();
    let refused = state.merge(other).unwrap_err();
    assert!(refused.to_string().contains("another interpreter"), "{refused}");
}

#[test]
fn states_round_trip_and_damaged_files_are_detected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let state = swept(0..600);
    state.write(&file).unwrap();
    let read = || Sealed::read(&file).and_then(Sealed::open::<Stats>);
    assert_eq!(format!("{:?}", read().unwrap()), format!("{state:?}"));
    let text = fs::read_to_string(&file).unwrap();
    let damaged = [
        text[..text.len() / 2].to_owned(),
        text.replacen("\"compared\":600", "\"compared\":601", 1),
        String::new(),
    ];
    for damaged in damaged {
        assert_ne!(damaged, text);
        fs::write(&file, damaged).unwrap();
        assert!(matches!(read(), Err(BadState::Damaged(..))));
    }
}

#[test]
fn a_state_with_more_units_than_its_job_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let mut state = swept(0..6);
    state.job.units = 5;
    state.write(&file).unwrap();
    let refused = Sealed::read(&file).unwrap().open::<Stats>();
    assert!(matches!(refused, Err(BadState::Damaged(..))));
}

#[test]
fn a_measurement_does_not_contain_the_start() {
    let (start, each) = (Duration::from_millis(300), Duration::from_micros(1));
    let run = |ranges: &[Range<u64>]| {
        let count: u64 = ranges.iter().map(|range| range.end - range.start).sum();
        thread::sleep(start + each * u32::try_from(count).unwrap());
        Ok(())
    };
    // Sleeping takes longer on a busy machine; with the start it would always be 300 times as much.
    let measured = (0..3).map(|_| measure_with(1 << 40, Duration::from_millis(100), run).unwrap());
    assert!(measured.clone().any(|it| it < each * 50), "{:?}", measured.collect::<Vec<_>>());
}
