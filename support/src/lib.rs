//! What every program of the workspace needs to write safely.
//!
//! [`atomic_file`] replaces files whole, and writes through what is not a regular file; [`lock`]
//! keeps two runs from writing the same file. [`visible`] escapes text that comes from outside,
//! such as file names and patterns, so that a terminal shows it and obeys none of it; [`count()`]
//! writes a number with its noun.

pub mod atomic_file;
mod count;
pub mod fnv;
pub mod lock;
pub mod visible;

pub use count::count;
