//! Checks the limits that a caller sets, and freeing memory, against the allocator.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use common::cases::{Case, corpus};
use common::{assert_same, counting, grown_since, peak_since, watch_peak};
use sre_compiler::{Compiler, Dialect, Error, ErrorKind, Flags, Program, compile};
use sre_support::allocator::Mark;

/// Compiles a case with a fresh compiler that has a limit.
fn compile_with(
    case: &Case,
    dialect: Dialect,
    limit: impl FnOnce(&mut Compiler),
) -> (Result<(), Error>, Program) {
    let mut compiler = Compiler::new(dialect);
    limit(&mut compiler);
    let mut program = Program::new(dialect);
    let result = compiler.compile_into(case.pattern(), case.flags, &mut program);
    (result, program)
}

fn is_of(result: &Result<(), Error>, kind: ErrorKind) -> bool {
    result.as_ref().is_err_and(|error| error.kind() == kind)
}

/// Calls `test` for every case of the corpus in every dialect, with the result without limits.
fn for_all(mut test: impl FnMut(&Case, Dialect, &Result<Program, Error>)) {
    let cases = corpus();
    for dialect in Dialect::all() {
        for case in &cases {
            test(case, dialect, &compile(case.pattern(), case.flags, dialect));
        }
    }
}

/// A compiler never takes more memory than its limit, from the first pattern to the last, and
/// reports when that is not enough.
#[test]
fn memory_stays_below_its_limit() {
    let cases = corpus();
    let (mut rejected, mut accepted) = (0, 0);
    for dialect in Dialect::all() {
        for limit in [0, 100, 500, 1000, 2000, 5000, 20_000, 100_000] {
            let before = Mark::now();
            let mut compiler = Compiler::new(dialect);
            compiler.set_max_bytes(limit);
            let mut program = Program::new(dialect);
            for (n, case) in cases.iter().enumerate() {
                watch_peak();
                let result = if n % 2 == 0 {
                    compiler.compile_into(case.pattern(), case.flags, &mut program)
                } else {
                    // The program that the caller holds does not count.
                    program = Program::new(dialect);
                    compiler.compile(case.pattern(), case.flags).map(|own| program = own)
                };
                let (peak, with_error) = (peak_since(&before), grown_since(&before));
                if is_of(&result, ErrorKind::MemoryLimit) {
                    rejected += 1;
                } else {
                    accepted += 1;
                    let expected = compile(case.pattern(), case.flags, dialect);
                    assert_same(&result, &program, &expected, &|| format!("{dialect} {} {limit}", case.name));
                }
                // An error belongs to the caller. It is made last, with the quotation.
                drop(result);
                let quoted = with_error - grown_since(&before);
                let held = if peak == with_error { peak - quoted } else { peak };
                assert!(held <= limit, "{dialect} {}: {held} bytes of {limit}", case.name);
            }
        }
    }
    assert!(rejected > cases.len() && accepted > cases.len(), "{rejected} rejected, {accepted} not");
}

#[test]
fn a_sufficient_memory_limit_changes_nothing() {
    for_all(|case, dialect, expected| {
        let context = || format!("{dialect} {}", case.name);
        let (result, program) = compile_with(case, dialect, |compiler| compiler.set_max_bytes(1 << 30));
        assert_same(&result, &program, expected, &context);
    });
}

#[test]
fn hostile_patterns_are_rejected_early() {
    const LIMIT: usize = 64 << 10;
    const LENGTH: usize = 10_000_000;
    for piece in [
        "a", "(", "(?:", "a|", "ab|", "a*", "a{2,3}", "[ab]", "()", "(?i:a)", "[a", "[[", "\\d", "(?=",
        "\u{e9}",
    ] {
        let pattern = piece.repeat(LENGTH / piece.len());
        assert_refused_early(&pattern, LIMIT);
    }
    let distinct =
        |range: std::ops::Range<u32>| range.filter_map(char::from_u32).step_by(2).collect::<String>();
    assert_refused_early(&format!("[{}]", distinct(0x100..0x10FFFF)), LIMIT);
    assert_refused_early(&format!("(?P<{}>a)", "n".repeat(LENGTH)), LIMIT);
    // The quotation of an error counts as well.
    assert_refused_early(&format!("(?P<{}!>a)", "n".repeat(LENGTH)), LIMIT);
    assert_refused_early(&(0..LENGTH / 10).map(|n| format!("(?P<n{n}>)")).collect::<String>(), LIMIT);
}

#[track_caller]
fn assert_refused_early(pattern: &str, limit: usize) {
    let start = pattern.chars().take(20).collect::<String>();
    let before = Mark::now();
    let mut compiler = Compiler::new(Dialect::default());
    compiler.set_max_bytes(limit);
    watch_peak();
    let (result, allocations) = counting(|| compiler.compile(pattern, Flags::empty()));
    let kind = result.as_ref().err().map(Error::kind);
    assert_eq!(kind, Some(ErrorKind::MemoryLimit), "{start}");
    assert!(allocations <= 60, "{start}: {allocations} allocations");
    assert!(peak_since(&before) <= limit, "{start}: {} bytes", peak_since(&before));
    assert!(compiler.compile("a|b", Flags::empty()).is_ok(), "{start}");
}

#[test]
fn a_large_program_is_freed_for_a_lower_limit() {
    let mut compiler = Compiler::new(Dialect::default());
    let mut program = Program::new(Dialect::default());
    compiler.compile_into(&*huge(), Flags::empty(), &mut program).unwrap();
    compiler.set_max_bytes(64 << 10);
    compiler.compile_into("a|b", Flags::empty(), &mut program).unwrap();
    assert!(compiler.memory_usage().total() + program.allocated_bytes() <= 64 << 10);
}

#[test]
fn code_is_limited_exactly() {
    for_all(|case, dialect, expected| {
        let words = expected.as_ref().map_or(0, |program| program.code().len());
        let (result, program) = compile_with(case, dialect, |compiler| compiler.set_max_code(words));
        let context = || format!("{dialect} {}: {words} words", case.name);
        if expected.is_ok() {
            assert_same(&result, &program, expected, &context);
            let (result, _) = compile_with(case, dialect, |compiler| compiler.set_max_code(words - 1));
            assert!(is_of(&result, ErrorKind::CodeLimit), "{}: {result:?} with one less", context());
        } else {
            // Code generation rejects some of them.
            let is_same = result.as_ref().err() == expected.as_ref().err();
            assert!(is_same || is_of(&result, ErrorKind::CodeLimit), "{}: {result:?}", context());
        }
    });
}

#[test]
fn nesting_is_limited_exactly() {
    let mut deepest = 0;
    for_all(|case, dialect, expected| {
        for groups in 0.. {
            let (result, program) = compile_with(case, dialect, |compiler| compiler.set_max_nesting(groups));
            if !is_of(&result, ErrorKind::TooDeep) {
                assert_same(&result, &program, expected, &|| format!("{dialect} {}, {groups}", case.name));
                deepest = deepest.max(groups);
                break;
            }
        }
    });
    assert!(deepest > 10, "some cases nest");
}

#[test]
fn reported_memory_usage_is_allocated_memory() {
    let cases = corpus();
    for dialect in Dialect::all() {
        let before = Mark::now();
        let mut compiler = Compiler::new(dialect);
        for (n, case) in cases.iter().enumerate() {
            compiler.record_origins(n % 5 == 0);
            drop(compiler.compile(case.pattern(), case.flags));
            let held = grown_since(&before);
            assert_eq!(
                compiler.memory_usage().total(),
                held,
                "{dialect} {}: {:?}",
                case.name,
                compiler.memory_usage()
            );
        }
    }
}

/// Returns a pattern for which a compiler takes more memory than it keeps.
fn huge() -> String {
    "(a|bc)[x-z]".repeat(200_000)
}

#[test]
fn shrink_to_frees_memory() {
    for bytes in [0, 1000, Compiler::HIGH_WATER, 100 << 20] {
        let before = Mark::now();
        let mut compiler = Compiler::new(Dialect::default());
        drop(compiler.compile(huge().as_str(), Flags::empty()).unwrap());
        assert!(compiler.memory_usage().total() > Compiler::HIGH_WATER);
        compiler.shrink_to(bytes);
        assert!(compiler.memory_usage().total() <= bytes);
        assert_eq!(compiler.memory_usage().total(), grown_since(&before));
        assert_eq!(
            compiler.compile("a|b", Flags::empty()),
            compile("a|b", Flags::empty(), Dialect::default())
        );
    }
}

#[test]
fn memory_of_a_huge_pattern_is_freed_by_the_next_one() {
    let before = Mark::now();
    let mut compiler = Compiler::new(Dialect::default());
    for _ in 0..2 {
        drop(compiler.compile(huge().as_str(), Flags::empty()).unwrap());
        assert!(compiler.memory_usage().total() > Compiler::HIGH_WATER);
        drop(compiler.compile("a|b", Flags::empty()).unwrap());
        let held = compiler.memory_usage().total();
        assert!(held <= Compiler::HIGH_WATER, "{held} bytes");
        assert_eq!(held, grown_since(&before));
    }
    let (_, allocations) = counting(|| compiler.compile("a|b", Flags::empty()));
    assert_eq!(allocations, 1, "and it stays");
}

#[test]
fn a_lower_limit_frees_memory() {
    let mut compiler = Compiler::new(Dialect::default());
    drop(compiler.compile("[a-z]+(b|c)".repeat(1000).as_str(), Flags::empty()).unwrap());
    let held = compiler.memory_usage().total();
    compiler.set_max_bytes(held / 4);
    assert!(compiler.compile("a|b", Flags::empty()).is_ok());
    assert!(compiler.memory_usage().total() <= held / 4);
}
