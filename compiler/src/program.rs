//! The compiled pattern.

use alloc::vec::Vec;
use core::fmt;
use core::mem::size_of;
use core::ops::Range;

use crate::dialect::Dialect;
use crate::flags::Flags;
use crate::group_names::GroupNames;
use crate::memory::{Abort, Budget, TryVecExt};

/// A compiled pattern: what CPython passes to `_sre.compile`.
///
/// A `Program` that is passed to [`Compiler::compile_into`](crate::Compiler::compile_into) again
/// reuses its memory.
#[derive(Clone, PartialEq, Eq)]
pub struct Program {
    pub(crate) dialect: Dialect,
    pub(crate) flags: Flags,
    pub(crate) group_count: u32,
    /// The code, followed in the same block of memory by the names: for each name two words, the
    /// index of its end in the bytes that follow and its group; then these bytes.
    pub(crate) words: Vec<u32>,
    pub(crate) code_length: usize,
    names: usize,
    pub(crate) origins: Vec<Origin>,
}

/// The part of the pattern that an instruction comes from; see [`Program::origins`].
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Origin {
    /// The index of the instruction's first word in the code.
    pub word: usize,
    /// The part of the pattern, in code units: bytes of UTF-8, code points, or bytes.
    pub span: Range<usize>,
}

impl Program {
    /// Makes an empty program, which [`Compiler::compile_into`](crate::Compiler::compile_into)
    /// fills.
    pub fn new(dialect: Dialect) -> Program {
        Program {
            dialect,
            flags: Flags::empty(),
            group_count: 0,
            words: Vec::new(),
            code_length: 0,
            names: 0,
            origins: Vec::new(),
        }
    }

    /// Returns the opcodes and their arguments as 32-bit words.
    ///
    /// CPython: `re/_compiler.py`, `_code`
    pub fn code(&self) -> &[u32] {
        &self.words[..self.code_length]
    }

    /// Returns the code without the rest of the program. Does not allocate.
    #[must_use]
    pub fn into_code(mut self) -> Vec<u32> {
        self.words.truncate(self.code_length);
        self.words
    }

    /// Returns the flags of the caller and of the pattern: `Pattern.flags`.
    pub fn flags(&self) -> Flags {
        self.flags
    }

    /// Returns the number of groups, not counting group 0: `Pattern.groups`.
    pub fn group_count(&self) -> u32 {
        self.group_count
    }

    /// Returns the names of groups and their numbers in the order of definition:
    /// `Pattern.groupindex`.
    pub fn group_index(&self) -> impl ExactSizeIterator<Item = (&str, u32)> {
        let (entries, text) = self.words[self.code_length..].split_at(2 * self.names);
        let text: &[u8] = bytemuck::cast_slice(text);
        let mut start = 0;
        entries.as_chunks().0.iter().map(move |&[end, group]| {
            let name = &text[start as usize..end as usize];
            start = end;
            (str::from_utf8(name).unwrap_or_default(), group)
        })
    }

    /// Returns the name of each group in the order of their numbers, that of group 0 first, which
    /// has none: `indexgroup`, as `_sre.compile` takes it.
    ///
    /// ```
    /// use sre_compiler::{Dialect, Flags, compile};
    /// let program = compile("(a)(?P<b>c)", Flags::empty(), Dialect::LATEST)?;
    /// assert_eq!(program.group_names().collect::<Vec<_>>(), [None, None, Some("b")]);
    /// # Ok::<(), sre_compiler::Error>(())
    /// ```
    pub fn group_names(&self) -> impl ExactSizeIterator<Item = Option<&str>> {
        // Numbers ascend in the order of definition.
        let mut named = self.group_index().peekable();
        (0..self.group_count as usize + 1)
            .map(move |group| named.next_if(|&(_, number)| number as usize == group).map(|(name, _)| name))
    }

    /// Returns the number of bytes allocated.
    pub fn allocated_bytes(&self) -> usize {
        self.words.bytes() + self.origins.bytes()
    }

    /// Returns the dialect for which the pattern was compiled.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns the part of the pattern that each instruction comes from, in the order of the code.
    /// Empty unless [`Compiler::record_origins`](crate::Compiler::record_origins) was enabled.
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }
}

/// An empty program of the latest dialect.
impl Default for Program {
    fn default() -> Program {
        Program::new(Dialect::default())
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Program({}, {:?}, {} groups)", self.dialect, self.flags, self.group_count)?;
        write!(f, "{}", self.disassembly())
    }
}

impl Program {
    /// Removes the content and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.code_length = 0;
        self.names = 0;
        self.origins.clear();
    }

    /// Ends the code, which is all words so far, and appends the names.
    #[inline(always)]
    pub(crate) fn finish(&mut self, names: &GroupNames, budget: &mut Budget) -> Result<(), Abort> {
        self.code_length = self.words.len();
        self.names = names.entries.len();
        if self.names == 0 { Ok(()) } else { self.add_names(names, budget) }
    }

    #[inline(never)]
    fn add_names(&mut self, names: &GroupNames, budget: &mut Budget) -> Result<(), Abort> {
        let text = names.text.as_bytes();
        self.words.ensure_spare(2 * self.names + text.len().div_ceil(WORD), budget)?;
        self.words.try_extend_iter(names.entries.as_flattened().iter().copied(), budget)?;
        self.words.try_extend_iter(text.chunks(WORD).map(padded_word), budget)
    }

    /// Clones the program into exactly the memory that it needs, at most `max_bytes`: one block, or
    /// two with [origins](Program::origins).
    pub(crate) fn try_clone(&self, max_bytes: usize) -> Result<Program, Abort> {
        let exact = |_| Abort::OutOfMemory;
        if size_of_val(&self.words[..]) + size_of_val(&self.origins[..]) > max_bytes {
            return Err(Abort::MemoryLimit);
        }
        let mut clone = Program { words: Vec::new(), origins: Vec::new(), ..*self };
        clone.words.try_reserve_exact(self.words.len()).map_err(exact)?;
        clone.words.extend_from_slice(&self.words);
        clone.origins.try_reserve_exact(self.origins.len()).map_err(exact)?;
        clone.origins.extend_from_slice(&self.origins);
        Ok(clone)
    }
}

/// The size of a word in bytes.
const WORD: usize = size_of::<u32>();

/// Returns a word with up to four bytes in memory order, padded with zeros.
fn padded_word(bytes: &[u8]) -> u32 {
    let mut word = [0; WORD];
    word[..bytes.len()].copy_from_slice(bytes);
    u32::from_ne_bytes(word)
}
