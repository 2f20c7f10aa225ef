//! The package of the corpus tests, and the example in the compiler's README:
#![doc = include_str!("../compiler/README.md")]
