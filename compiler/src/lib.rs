//! CPython's regular-expression compiler in Rust. It compiles a pattern to exactly the opcodes,
//! flags, groups, warnings and errors that CPython's `re` module produces, for every CPython from
//! 3.8 to 3.15.
//!
//! These are the types to know:
//!
//! - [`compile`] compiles one pattern. A [`Compiler`] compiles many and reuses its memory; its
//!   [builder](Compiler::builder) sets limits and what is recorded.
//! - A [`Pattern`] is text or bytes. Functions take `&str`, `&[u8]` and what else converts to it.
//! - A [`Dialect`] selects the CPython.
//! - A [`Program`] is the result: code, flags, groups, facts such as its literal prefix.
//! - An [`Error`] or a [`Warning`] is data with CPython's text and position, and a span;
//!   [`Error::render`] draws it.
//! - A [`Tree`] is what the parser made of the pattern, for programs that examine patterns.
//!
//! ```
//! use sre_compiler::{Dialect, Flags, compile};
//!
//! let program = compile(r"(\w+)@example\.org", Flags::IGNORECASE, Dialect::PY313)?;
//! assert_eq!(program.flags(), Flags::IGNORECASE | Flags::UNICODE);
//! println!("{}", program.disassembly()); // as re.compile(…, re.DEBUG) prints it
//!
//! let error = compile("a(b", Flags::empty(), Dialect::PY313).unwrap_err();
//! assert_eq!(error.to_string(), "missing ), unterminated subpattern at position 1");
//! assert_eq!(error.span(), Some(1..2));
//! # Ok::<(), sre_compiler::Error>(())
//! ```
//!
//! # Units
//!
//! CPython counts positions in characters; [`Error::pos`] and [`Warning::pos`] return these. All
//! spans count code units of the pattern as it was passed, so that they can index it: bytes of
//! UTF-8 for `&str`, otherwise elements of the slice. [`Pattern::char_to_unit`] converts.
//!
//! # Features
//!
//! - `names` (on by default): the names of characters for `\N{…}`, about 205 KiB of tables. Without
//!   it, a pattern with `\N{…}` is [`ErrorKind::NamesNotIncluded`].
//! - `serde`: `Serialize` for [`Program`], [`Error`], [`Warning`] and [`WarningList`]; `Serialize`
//!   and `Deserialize` for [`Flags`] and [`Dialect`].
//!
//! The crate never needs the standard library.
//!
//! # Input safety
//!
//! Any text, bytes or code points of any length may be passed. Compiling never panics and never
//! recurses: nesting takes heap memory, not stack. Time and memory are proportional to the length
//! of the pattern, even where CPython takes quadratic time, for example to move a long prefix out
//! of an alternation. The bitmaps of sets take at most 40 KiB. Running out of memory is an
//! [`Error`], and so is exceeding a limit set by [`Compiler::set_max_bytes`],
//! [`Compiler::set_max_code`] or [`Compiler::set_max_nesting`]. Dropping takes no stack either.
//!
//! Walking a [`Tree`] and printing take heap memory in proportion to the depth of nesting, which no
//! limit counts.

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
