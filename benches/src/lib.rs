//! Benchmarks `sre-compiler` against CPython's compiler and those of other projects.
//!
//! A [`Sample`] is a pattern; an [`Engine`](engines::Engine) compiles it. [`compare`] times all engines in turns,
//! [`growth`] measures families of patterns of increasing length, [`counted`] counts instructions instead of
//! nanoseconds, [`startup`] times the command. A [`Report`](report::Report) holds the results.

mod clock;
pub mod compare;
pub mod counted;
pub mod engines;
pub mod families;
pub mod growth;
pub mod lengths;
pub mod report;
mod sample;
pub mod stages;
pub mod startup;

pub use sample::{Sample, read};
