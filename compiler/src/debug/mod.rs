//! What `re.DEBUG` prints, and whether words are code.

mod disassembly;
mod tree_dump;
mod validate;

pub use disassembly::{Disassembly, Line};
pub use tree_dump::TreeDump;
pub use validate::{InvalidCode, validate};
