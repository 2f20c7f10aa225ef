//! Compares `sre-compiler` with CPython.
//!
//! A [`Case`] is a pattern with its flags, and a file of the corpus.

mod case;
mod literal;

pub use case::{Case, Text};
