//! Measures `sre-compiler` beside CPython's own compiler and those of other projects.
//!
//! A [`Sample`] is a pattern; a [`Side`](sides::Side) compiles it. [`compare`] times all sides in turns,
//! [`growth`] follows families of patterns as they get longer, [`counted`] counts instructions instead of
//! nanoseconds, [`startup`] times the command. A [`Report`](report::Report) holds what came out.

mod clock;
pub mod compare;
pub mod counted;
pub mod families;
pub mod growth;
pub mod lengths;
pub mod report;
mod sample;
pub mod sides;
pub mod stages;
pub mod startup;
pub mod statistics;

pub use sample::{Sample, read};
