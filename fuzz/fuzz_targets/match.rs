//! Compares what patterns match. See `sre_fuzz::matching`.
#![cfg_attr(fuzzing, no_main)]

sre_fuzz::target!(sre_fuzz::matching::Checks);
