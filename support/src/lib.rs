//! Small parts that all programs of the workspace share.
//!
//! [`atomic_file`] replaces files atomically and writes through devices and pipes. [`lock`] prevents
//! two runs from writing the same file. [`files_below`] lists the files of a folder. [`visible`]
//! escapes foreign text, such as file names and patterns, so that it cannot control a terminal.
//! [`count()`] formats a number with its noun. [`allocator`] counts memory.

pub mod allocator;
pub mod atomic_file;
mod count;
mod files;
pub mod fnv;
pub mod lock;
pub mod visible;

pub use count::count;
pub use files::files_below;
