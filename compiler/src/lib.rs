//! CPython's regular-expression compiler in Rust. It compiles a pattern to exactly the opcodes,
//! flags, groups, warnings and errors that CPython's `re` module produces, for every CPython from
//! 3.8 to 3.15.
//!
//! [`compile`] compiles one pattern. A [`Compiler`] compiles many and reuses its memory. A
//! [`Dialect`] selects the CPython.
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
//! Any text, bytes or code points of any length may be passed. Compiling never panics and never
//! recurses: nesting takes heap memory, not stack. Time and memory are proportional to the length
//! of the pattern, even where CPython takes quadratic time, for example to move a long prefix out
//! of an alternation. The bitmaps of sets take at most 40 KiB. Running out of memory is an
//! [`Error`], and so is exceeding a limit set by [`Compiler::set_max_bytes`],
//! [`Compiler::set_max_code`] or [`Compiler::set_max_nesting`].

#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

extern crate alloc;

mod builder;
mod codegen;
mod compiler;
mod debug;
mod diagnostics;
mod dialect;
mod facts;
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
#[cfg(feature = "serde")]
mod serialize;
mod set;
mod span;
mod stack;
mod syntax_tree;
mod tree;
pub mod unicode;
mod width;

pub use builder::CompilerBuilder;
pub use compiler::{Compiler, compile, compile_with_warnings};
pub use debug::{Disassembly, Instruction, Instructions, InvalidCode, Line, TreeDump, validate};
pub use diagnostics::{Error, ErrorKind, ErrorText, Exception, Rendered, Warning, WarningKind, WarningList};
pub use dialect::{Dialect, ParseDialectError};
pub use flags::{Flags, ParseFlagsError};
pub use input::{InvalidCodePoint, Pattern};
pub use opcode::{At, Category, Op};
pub use pool::{MemoryUsage, Stage};
pub use program::{Origin, Program};
pub use syntax_tree::{
    Direction, Node, NodeKind, Sequence, Sequences, SetItem, SetItems, Tree, Visit, Visitor,
};
