//! Compares what patterns match. See `sre_fuzz::matching`.
#![cfg_attr(fuzzing, no_main)]

use sre_fuzz::matching::Checks;

#[cfg(fuzzing)]
mod fuzzing {
    use std::cell::RefCell;

    use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
    use sre_fuzz::{input::Input, mutator::Mutator, run};

    thread_local! {
        static CHECKS: RefCell<super::Checks> =
            RefCell::new(super::Checks::new().unwrap_or_else(|why| run::cannot_start(&why)));
        static MUTATOR: RefCell<Mutator> =
            RefCell::new(Mutator::new(CHECKS.with_borrow(|checks| checks.dialect())));
    }

    fuzz_target!(|input: Input| CHECKS.with_borrow_mut(|checks| run::run(checks, &input)));

    fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
        MUTATOR.with_borrow_mut(|mutator| mutator.mutate(data, size, max_size, seed, fuzzer_mutate))
    });
}

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    sre_fuzz::replay::main(Checks::new().unwrap_or_else(|why| sre_fuzz::run::cannot_start(&why)))
}
