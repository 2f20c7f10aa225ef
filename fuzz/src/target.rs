//! The program of a target.

/// Defines the program of a target, given the type of its [checks](crate::run::Target): a fuzz target
/// if it is built by `cargo fuzz`, and otherwise a program that [replays](crate::replay) files.
#[macro_export]
macro_rules! target {
    ($checks:ty) => {
        #[cfg(fuzzing)]
        mod fuzzing {
            use std::cell::RefCell;

            use $crate::mutator::Mutator;
            use $crate::run::{Target, cannot_start, run};

            thread_local! {
                static CHECKS: RefCell<$checks> =
                    RefCell::new(<$checks>::start().unwrap_or_else(|why| cannot_start(&why)));
                static MUTATOR: RefCell<Mutator> =
                    RefCell::new(Mutator::new(CHECKS.with_borrow(|checks| checks.dialect())));
            }

            ::libfuzzer_sys::fuzz_target!(|input: $crate::input::Input| {
                CHECKS.with_borrow_mut(|checks| run(checks, &input))
            });

            ::libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
                MUTATOR.with_borrow_mut(|mutator| {
                    mutator.mutate(data, size, max_size, seed, ::libfuzzer_sys::fuzzer_mutate)
                })
            });
        }

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            let checks = <$checks as $crate::run::Target>::start();
            $crate::replay::main(checks.unwrap_or_else(|why| $crate::run::cannot_start(&why)))
        }
    };
}
