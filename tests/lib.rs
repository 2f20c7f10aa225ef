//! Nothing but the tests of this package, and the example in the compiler's README:
#![doc = include_str!("../compiler/README.md")]
