//! Compares the compiler with CPython. See `sre_fuzz::differential`.
#![cfg_attr(fuzzing, no_main)]

sre_fuzz::target!(sre_fuzz::differential::Checks);
