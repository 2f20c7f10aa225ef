//! Printing trees and code as `re.DEBUG` does, and validating code.

mod disassembly;
mod tree_dump;
mod validate;

pub use disassembly::{Disassembly, Instruction, Instructions, Line};
pub use tree_dump::TreeDump;
pub use validate::{InvalidCode, validate};
