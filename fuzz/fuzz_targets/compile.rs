//! Checks the compiler alone, in every dialect. See `sre_fuzz::compile`.
#![cfg_attr(fuzzing, no_main)]

sre_fuzz::target!(sre_fuzz::compile::Checks);
