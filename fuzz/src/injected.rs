//! Defects that are injected on purpose, to test the detectors: `cargo xtask selftest`.
//!
//! In a build with `SRE_FUZZ_INJECT=leak`, `leak_uncounted`, `retained` or `wrong_opcode`, the functions here do what a
//! defective compiler would do for a few patterns; in other builds they do nothing. They are called between the
//! compiler and the checks, so that injecting one rebuilds only this crate.

use sre_case::{Case, Outcome};

/// Called after each compilation of a case.
#[cfg(not(any(injected = "leak", injected = "retained")))]
pub(crate) fn after_compiling(_: &Case) {}

/// Leaks a block.
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

/// Leaks blocks that only the leak sanitizer can find: several, since memory freed before may contain a pointer to
/// the address of one of them.
#[cfg(injected = "leak_uncounted")]
#[inline(never)]
pub(crate) fn after_checking(case: &Case) {
    if is_rare(case) {
        (0..8).for_each(|_| forget_a_block());
    }
}

#[cfg(any(injected = "leak", injected = "leak_uncounted"))]
fn forget_a_block() {
    // Filled with a value that is not a pointer, and hidden from the optimizer, which would otherwise remove the block.
    std::mem::forget(std::hint::black_box(Box::new([1u64; 6])));
}

/// Retains a block that can still be reached.
#[cfg(injected = "retained")]
#[inline(never)]
pub(crate) fn after_compiling(case: &Case) {
    use std::sync::{Mutex, PoisonError};
    static RETAINED: Mutex<Vec<Box<u64>>> = Mutex::new(Vec::new());
    if is_rare(case) {
        RETAINED.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(1));
    }
}

/// Selects one pattern in about 200.
#[cfg(any(injected = "leak", injected = "leak_uncounted", injected = "retained"))]
fn is_rare(case: &Case) -> bool {
    let hash = case.pattern().chars().fold(7u32, |hash, c| hash.wrapping_mul(31).wrapping_add(c));
    case.len() >= 4 && hash % 199 == 0
}

/// Returns the program of the compiler, changed if a wrong opcode is injected.
#[cfg(not(injected = "wrong_opcode"))]
pub(crate) fn outcome(outcome: Outcome, _: sre_compiler::Dialect) -> Outcome {
    outcome
}

/// Replaces a lazy repeat by a greedy one in the few programs that also have a branch. This must not depend on the
/// length of the pattern, or findings could not be minimized step by step.
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
