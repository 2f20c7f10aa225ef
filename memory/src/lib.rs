//! Measures memory by counting in the allocator: live bytes, allocations, and the peak.
//!
//! A leak sanitizer finds memory that is no longer reachable. Memory that grows and is still
//! reachable (a static list, an unbounded cache) it does not find; the count does.
//!
//! [`Meter`] measures sre-compiler this way, in a program that installs the [`TrackingAllocator`];
//! [`Cpython`] measures an interpreter by its own means, and [`References`] asks a debug build whether
//! references are left behind.

mod cpython;
#[cfg(feature = "embedded")]
mod hooks;
mod page;
mod references;
mod rust;
pub mod soak;
mod summary;

pub use cpython::{Cpython, CpythonUsage};
pub use page::Page;
pub use references::{Left, References, Seen};
pub use rust::{Meter, RustUsage};
pub use sre_support::allocator::{Mark, TrackingAllocator, Used, growth, live, measure};
pub use summary::{Measured, Row, Summary};

/// Compiles and runs the examples of docs/memory.md as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/memory.md")]
mod memory_page {}
