//! Small parts that all programs of the workspace share.
//!
//! [`atomic_file`] replaces files atomically and writes through devices and pipes. [`lock`] prevents
//! two runs from writing the same file. [`files_below`] lists the files of a folder. [`visible`]
//! escapes foreign text, such as file names and patterns, so that it cannot control a terminal.
//! [`variable`] reads the environment.
//! [`count()`] formats a number with its noun, [`grouped`] a number with separators. [`allocator`] counts memory.

pub mod allocator;
pub mod atomic_file;
mod count;
mod environment;
mod files;
pub mod fnv;
pub mod lock;
pub mod visible;

pub use count::{count, grouped};
pub use environment::{first_variable, variable};
pub use files::files_below;
