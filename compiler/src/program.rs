//! What a pattern compiles to.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use crate::dialect::Dialect;
use crate::dis::Disassembly;
use crate::error::Raise;
use crate::flags::Flags;
use crate::pool::Grow;

/// A compiled pattern: what CPython passes to `_sre.compile`.
///
/// A `Program` given to [`Compiler::compile_into`](crate::Compiler::compile_into) again keeps its memory.
#[derive(Clone, PartialEq, Eq)]
pub struct Program {
    pub(crate) dialect: Dialect,
    pub(crate) code: Vec<u32>,
    pub(crate) flags: Flags,
    pub(crate) groups: u32,
    pub(crate) names: GroupNames,
    pub(crate) origins: Vec<Origin>,
}

/// The names of groups, in the order of their definition.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct GroupNames {
    /// The names one after the other.
    text: String,
    /// Where each ends in `text`, and its group.
    entries: Vec<(u32, u32)>,
}

/// Which part of the pattern an instruction came from; see [`Program::origins`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// The index of the instruction's first word in the code.
    pub word: usize,
    /// The part of the pattern, in code units: bytes of UTF-8, code points, or bytes.
    pub span: Range<usize>,
}

impl Program {
    /// An empty program, to be filled by [`Compiler::compile_into`](crate::Compiler::compile_into).
    pub fn new(dialect: Dialect) -> Program {
        Program {
            dialect,
            code: Vec::new(),
            flags: Flags::NONE,
            groups: 0,
            names: GroupNames::default(),
            origins: Vec::new(),
        }
    }

    /// The opcodes and their arguments, as 32-bit words.
    ///
    /// CPython: `re/_compiler.py`, `_code`
    pub fn code(&self) -> &[u32] {
        &self.code
    }

    /// The flags given and those of the pattern: `Pattern.flags`.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// How many groups there are, group 0 not counted: `Pattern.groups`.
    pub fn groups(&self) -> u32 {
        self.groups
    }

    /// The names of groups and their numbers, in the order of definition: `Pattern.groupindex`.
    pub fn group_index(&self) -> impl ExactSizeIterator<Item = (&str, u32)> {
        self.names.iter()
    }

    /// The dialect that it was compiled for.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Which part of the pattern each instruction came from, in the order of the code; empty unless
    /// [`Compiler::record_origins`](crate::Compiler::record_origins) asked for it.
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// The code as `re.DEBUG` prints it.
    ///
    /// CPython: `re/_compiler.py`, `dis`
    pub fn disassembly(&self) -> Disassembly<'_> {
        Disassembly::new(&self.code, self.dialect)
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Program({}, {:?}, {} groups)", self.dialect, self.flags, self.groups)?;
        write!(f, "{}", self.disassembly())
    }
}

impl GroupNames {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
    }

    /// Defines one more name. It is known to be an identifier, hence free of surrogates.
    pub(crate) fn push(&mut self, name: impl Iterator<Item = char>, group: u32) -> Result<(), Raise> {
        for c in name {
            self.text.try_reserve(c.len_utf8()).map_err(|_| Raise::plain(crate::ErrorKind::OutOfMemory))?;
            self.text.push(c);
        }
        self.entries.try_push((self.text.len() as u32, group))
    }

    /// The name and the group of the n-th definition.
    pub(crate) fn get(&self, n: usize) -> Option<(&str, u32)> {
        let (end, group) = *self.entries.get(n)?;
        let start = if n == 0 { 0 } else { self.entries[n - 1].0 };
        Some((&self.text[start as usize..end as usize], group))
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&str, u32)> {
        (0..self.len()).map(|n| self.get(n).unwrap_or_default())
    }
}
