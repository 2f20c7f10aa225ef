//! Defects that are injected on purpose, to test the detectors: `cargo xtask selftest`.
//!
//! Built with `SRE_FUZZ_INJECT=leak`, `leak_uncounted`, `retained` or `wrong_opcode`, the functions here do what a defective compiler
//! would do for few patterns; in every other build they do nothing. They stand between the compiler and the checks,
//! so that injecting one rebuilds only this crate.

use sre_case::{Case, Outcome};

/// Called after each compilation of a case.
#[cfg(not(any(injected = "leak", injected = "retained")))]
pub(crate) fn after_compiling(_: &Case) {}

/// Forgets a block.
#[cfg(injected = "leak")]
#[inline(never)]
pub(crate) fn after_compiling(case: &Case) {
    if is_rare(case) {
        forget_a_block();
    }
}

/// Called after the last check of a case, where live bytes are no longer counted.
#[cfg(not(injected = "leak_uncounted"))]
pub(crate) fn after_checking(_: &Case) {}

/// Forgets blocks, which only the leak sanitizer can notice: several, for what was freed before may have left a pointer to
/// where one of them is.
#[cfg(injected = "leak_uncounted")]
#[inline(never)]
pub(crate) fn after_checking(case: &Case) {
    if is_rare(case) {
        (0..8).for_each(|_| forget_a_block());
    }
}

#[cfg(any(injected = "leak", injected = "leak_uncounted"))]
fn forget_a_block() {
    // Filled with what is not a pointer, and unknown to the optimizer, which would else remove the block.
    std::mem::forget(std::hint::black_box(Box::new([1u64; 6])));
}

/// Keeps a block within reach.
#[cfg(injected = "retained")]
#[inline(never)]
pub(crate) fn after_compiling(case: &Case) {
    use std::sync::{Mutex, PoisonError};
    static RETAINED: Mutex<Vec<Box<u64>>> = Mutex::new(Vec::new());
    if is_rare(case) {
        RETAINED.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(1));
    }
}

/// One pattern in some 200.
#[cfg(any(injected = "leak", injected = "leak_uncounted", injected = "retained"))]
fn is_rare(case: &Case) -> bool {
    let hash = case.pattern().chars().fold(7u32, |hash, c| hash.wrapping_mul(31).wrapping_add(c));
    case.len() >= 4 && hash % 199 == 0
}

/// What the compiler gives.
#[cfg(not(injected = "wrong_opcode"))]
pub(crate) fn outcome(outcome: Outcome, _: sre_compiler::Dialect) -> Outcome {
    outcome
}

/// Makes a greedy repeat of the lazy one in the few programs that have a branch, too. Nothing here may depend on how long a pattern is,
/// or what is found could not be made small step by step.
#[cfg(injected = "wrong_opcode")]
pub(crate) fn outcome(mut outcome: Outcome, dialect: sre_compiler::Dialect) -> Outcome {
    if let Outcome::Accepted(program) = &mut outcome {
        let lines = sre_compiler::Disassembly::new(&program.code, dialect).lines();
        let find = |name: &str| lines.iter().find(|line| line.instruction().starts_with(name))?.word;
        if let (Some(_), Some(lazy)) = (find("BRANCH"), find("MIN_REPEAT_ONE")) {
            program.code[lazy] -= 1;
        }
    }
    outcome
}
