//! CPython's regular expression compiler, written again: a pattern in, and out come exactly the opcodes, flags,
//! groups, warnings and errors that CPython's own `re` module produces, for every CPython from 3.8 to 3.15.
//!
//! [`compile`] is the whole of it in one line; [`Compiler`] does the same many times over in the same memory.
//! Which CPython is asked for is a [`Dialect`].
//!
//! ```
//! use sre_compiler::{Dialect, Flags, compile};
//!
//! let python: Dialect = "3.13".parse()?;
//! let program = compile(r"(\w+)@example\.org", Flags::IGNORECASE, python)?;
//! assert_eq!(program.flags(), Flags::IGNORECASE | Flags::UNICODE);
//! println!("{}", program.disassembly()); // as re.compile(…, re.DEBUG) prints it
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Input safety
//!
//! Any text, bytes or code points of any length may be given. Compiling never panics and never recurses: nesting
//! costs memory of the heap, not of the stack. Time and memory grow in proportion to the pattern's length; what CPython
//! does in quadratic time, too, such as moving a long prefix out of an alternation. Sets cost at most 40 KiB of bitmaps,
//! whatever is in them. Running out of memory is an [`Error`], and so is passing one of the limits that can be set:
//! [`Compiler::set_max_bytes`], [`Compiler::set_max_code`], [`Compiler::set_max_nesting`].

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;

mod codegen;
mod compiler;
mod debug;
mod diagnostics;
mod dialect;
mod flags;
mod group_names;
mod input;
mod item;
mod literal_run;
mod memory;
mod opcode;
mod parser;
mod pool;
mod program;
mod set;
mod span;
mod stack;
mod tree;
pub mod unicode;
mod width;

pub use compiler::{Compiler, compile};
pub use debug::{Disassembly, InvalidCode, Line, TreeDump, validate};
pub use diagnostics::{Error, ErrorKind, Exception, Warning, WarningKind};
pub use dialect::{Dialect, ParseDialectError};
pub use flags::Flags;
pub use input::{InvalidCodePoint, Pattern};
pub use opcode::Op;
pub use pool::{MemoryUsage, Stage};
pub use program::{Origin, Program};
