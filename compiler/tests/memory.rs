//! Checks that a warm compiler allocates nothing, and that running out of memory is an error.

#![allow(clippy::unwrap_used)] // also outside of #[test]
mod common;

use common::cases::{Case, corpus, samples};
use common::{assert_same, counting};
use sre_compiler::{Compiler, Dialect, Error, ErrorKind, Program, compile};
use sre_support::allocator::{Failing, failing, live};
use sre_test_support::{Missing, Prerequisite};

/// Fails with the first few findings, if there are any.
#[track_caller]
fn assert_none(found: &[String]) {
    let shown = found[..found.len().min(20)].join("\n");
    assert!(found.is_empty(), "{} found:\n{shown}", found.len());
}

/// A way to compile a case.
type Way = fn(&mut Compiler, &mut Program, &Case) -> Result<(), Error>;

fn into_a_program(compiler: &mut Compiler, program: &mut Program, case: &Case) -> Result<(), Error> {
    compiler.compile_into(case.pattern(), case.flags, program)
}

fn to_a_program(compiler: &mut Compiler, program: &mut Program, case: &Case) -> Result<(), Error> {
    *program = Program::new(program.dialect());
    *program = compiler.compile(case.pattern(), case.flags)?;
    Ok(())
}

/// Compiles all cases twice in every dialect. In the second pass no case may make more than `most`
/// allocations.
fn assert_warm(cases: &[Case], way: Way, most: u64) {
    let mut found = Vec::new();
    for dialect in Dialect::all() {
        let mut compiler = Compiler::new(dialect);
        let mut program = Program::new(dialect);
        let mut pass = |count: &mut dyn FnMut(&Case, bool, u64)| {
            for case in cases {
                let (result, allocations) = counting(|| way(&mut compiler, &mut program, case));
                count(case, result.is_ok(), allocations);
            }
        };
        let mut cold = 0;
        pass(&mut |_, _, allocations| cold += allocations);
        assert!(cold > 0, "the counter counts");
        pass(&mut |case, accepted, allocations| {
            // An error owns its quotation.
            if allocations > if accepted { most } else { 1 } {
                found.push(format!("{dialect} {}: {allocations} allocations", case.name));
            }
        });
    }
    assert_none(&found);
}

fn a_warm_compiler_allocates_nothing() {
    assert_warm(&corpus(), into_a_program, 0);
}

fn a_program_of_its_own_is_one_allocation() {
    assert_warm(&corpus(), to_a_program, 1);
}

fn a_warm_compiler_allocates_nothing_for_patterns_of_real_programs() -> Result<(), Missing> {
    assert_warm(&Prerequisite::Samples.require(samples())?, into_a_program, 0);
    Ok(())
}

fn a_program_of_its_own_is_one_allocation_for_patterns_of_real_programs() -> Result<(), Missing> {
    assert_warm(&Prerequisite::Samples.require(samples())?, to_a_program, 1);
    Ok(())
}

/// Fails the n-th allocation, for every n until there are no more. Returns the number of
/// allocations. Nothing may be left allocated, and afterwards the compiler must compile another
/// pattern as a fresh one does.
fn out_of_memory_at_any_allocation(
    case: &Case,
    next: &Case,
    dialect: Dialect,
    way: Way,
    which: fn(u64) -> Failing,
) -> u64 {
    let expected = compile(case.pattern(), case.flags, dialect);
    let expected_next = compile(next.pattern(), next.flags, dialect);
    for number in 0.. {
        let before = live();
        let mut compiler = Compiler::new(dialect);
        let mut program = Program::new(dialect);
        let run = || way(&mut compiler, &mut program, case);
        let (result, allocations) = counting(|| failing(which(number), run));
        let context = || format!("{dialect} {}, {:?} of {allocations}", case.name, which(number));
        match &result {
            Err(error) if error.kind() == ErrorKind::OutOfMemory && number < allocations => {}
            _ => assert_same(&result, &program, &expected, &context),
        }
        let result_next = way(&mut compiler, &mut program, next);
        assert_same(&result_next, &program, &expected_next, &|| format!("{}, then {}", context(), next.name));
        drop((compiler, program, result, result_next));
        assert_eq!(live(), before, "{}", context());
        if allocations <= number {
            return number;
        }
    }
    unreachable!("as many allocations as there are numbers")
}

fn running_out_of_memory_at_any_allocation_is_an_error() {
    let cases = corpus();
    let mut rejected = 0;
    for dialect in Dialect::all() {
        for (case, next) in cases.iter().zip(cases.iter().cycle().skip(1)) {
            for way in [into_a_program, to_a_program] {
                rejected += out_of_memory_at_any_allocation(case, next, dialect, way, Failing::From);
                rejected += out_of_memory_at_any_allocation(case, next, dialect, way, Failing::Once);
            }
        }
    }
    // Some patterns are rejected before anything is allocated.
    assert!(rejected > 200 * cases.len() as u64, "{rejected} allocations of {} cases", cases.len());
}

sre_test_support::tests! {
    a_warm_compiler_allocates_nothing,
    a_program_of_its_own_is_one_allocation,
    a_warm_compiler_allocates_nothing_for_patterns_of_real_programs,
    a_program_of_its_own_is_one_allocation_for_patterns_of_real_programs,
    running_out_of_memory_at_any_allocation_is_an_error,
}
