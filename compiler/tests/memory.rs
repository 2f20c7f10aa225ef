//! The pool: a compiler that has seen patterns as large allocates nothing for the next one, and one that gets no
//! memory says so.

#![allow(clippy::unwrap_used)] // also outside of #[test]

mod common;

use common::allocator::{Failing, counting, counts, failing};
use common::cases::{Case, corpus, samples};
use sre_compiler::{Compiler, Dialect, ErrorKind, Program, compile};

/// Fails with the first few of what was found.
#[track_caller]
fn assert_none(found: &[String]) {
    let shown = found[..found.len().min(20)].join("\n");
    assert!(found.is_empty(), "{} found:\n{shown}", found.len());
}

/// Compiles all cases twice in every dialect; the second time, none may ask for memory more often than `most` says.
fn assert_warm(cases: &[Case], most: usize, compile: impl Fn(&mut Compiler, &mut Program, &Case) -> bool) {
    let mut found = Vec::new();
    for dialect in Dialect::all() {
        let mut compiler = Compiler::new(dialect);
        let mut program = Program::new(dialect);
        let (_, cold) =
            counting(|| cases.iter().for_each(|case| drop(compile(&mut compiler, &mut program, case))));
        assert!(cold > 0, "the counter counts");
        for case in cases {
            let (accepted, allocations) = counting(|| compile(&mut compiler, &mut program, case));
            // An error owns the piece of the pattern that it quotes.
            if allocations > if accepted { most } else { 1 } {
                found.push(format!("{dialect} {}: {allocations} allocations", case.name));
            }
        }
    }
    assert_none(&found);
}

fn into_the_same_program(compiler: &mut Compiler, program: &mut Program, case: &Case) -> bool {
    compiler.compile_into(case.pattern(), case.flags, program).is_ok()
}

#[test]
fn a_warm_compiler_allocates_nothing() {
    assert_warm(&corpus(), 0, into_the_same_program);
}

#[test]
fn a_warm_compiler_allocates_nothing_for_patterns_of_real_programs() {
    let samples = samples();
    if !samples.is_empty() {
        assert_warm(&samples, 0, into_the_same_program);
    }
}

#[test]
fn a_program_of_its_own_is_one_allocation() {
    assert_warm(&corpus(), 1, |compiler, _, case| compiler.compile(case.pattern(), case.flags).is_ok());
}

/// Fails the n-th allocation, for every n, until there are no more of them; says how many there were. What is left
/// behind is nothing, and the compiler then compiles another pattern as a fresh one does.
fn out_of_memory_at_any_allocation(
    case: &Case,
    next: &Case,
    dialect: Dialect,
    which: impl Fn(usize) -> Failing,
) -> usize {
    let expected = compile(case.pattern(), case.flags, dialect);
    let expected_next = compile(next.pattern(), next.flags, dialect);
    for number in 0.. {
        let live = counts().live;
        let mut compiler = Compiler::new(dialect);
        let mut program = Program::new(dialect);
        let compile = || compiler.compile_into(case.pattern(), case.flags, &mut program);
        let (result, allocations) = counting(|| failing(which(number), compile));
        let context = || format!("{dialect} {}, {:?} of {allocations}", case.name, which(number));
        match (&result, &expected) {
            (Ok(()), Ok(expected)) => assert_eq!(program, *expected, "{}", context()),
            (Err(error), _) if error.kind() == ErrorKind::OutOfMemory && number < allocations => {}
            (result, _) => assert_eq!(result.as_ref().err(), expected.as_ref().err(), "{}", context()),
        }
        let result_next = compiler.compile_into(next.pattern(), next.flags, &mut program);
        assert_eq!(
            result_next.as_ref().err(),
            expected_next.as_ref().err(),
            "then {}: {}",
            next.name,
            context()
        );
        assert!(
            result_next.is_err() || expected_next.as_ref() == Ok(&program),
            "then {}: {}",
            next.name,
            context()
        );
        drop((compiler, program, result, result_next));
        assert_eq!(counts().live, live, "{}", context());
        if allocations <= number {
            return number;
        }
    }
    unreachable!("as many allocations as there are numbers")
}

#[test]
fn running_out_of_memory_at_any_allocation_is_an_error() {
    let cases = corpus();
    let mut refused = 0;
    for dialect in Dialect::all() {
        for (case, next) in cases.iter().zip(cases.iter().cycle().skip(1)) {
            refused += out_of_memory_at_any_allocation(case, next, dialect, Failing::From);
            refused += out_of_memory_at_any_allocation(case, next, dialect, Failing::Once);
        }
    }
    // Some patterns are refused before anything is asked for.
    assert!(refused > 100 * cases.len(), "{refused} allocations of {} cases", cases.len());
}
