//! What the info block says about a pattern.

use crate::opcode::{INFO_LITERAL, INFO_PREFIX, Op};
use crate::program::Program;

/// The indices of the words of the info block, from the start of the code.
const OP: usize = 0;
const MASK: usize = 2;
const MIN: usize = 3;
const MAX: usize = 4;
const PREFIX_LENGTH: usize = 5;
const PREFIX: usize = 7;

/// Facts that CPython's matcher uses to find matches faster.
impl Program {
    /// Returns the least number of characters that a match can have, as CPython computes it. At
    /// most 2^32 - 1.
    pub fn min_width(&self) -> u32 {
        self.info(MIN)
    }

    /// Returns the greatest number of characters that a match can have, as CPython computes it, or
    /// `None` if there is none below 2^32 - 1.
    pub fn max_width(&self) -> Option<u32> {
        let max = self.info(MAX);
        (max != u32::MAX).then_some(max)
    }

    /// Returns the characters that every match begins with, as code points, or as bytes of a
    /// `bytes` pattern. Empty if CPython finds none: for patterns that can match the empty string,
    /// and where case is ignored, unless the characters have no case.
    ///
    /// ```
    /// use sre_compiler::{Dialect, Flags, compile};
    /// let program = compile("ab(c|d)", Flags::empty(), Dialect::LATEST)?;
    /// assert_eq!(program.literal_prefix(), [0x61, 0x62]);
    /// assert_eq!((program.min_width(), program.max_width()), (3, Some(3)));
    /// assert!(!program.is_literal());
    /// # Ok::<(), sre_compiler::Error>(())
    /// ```
    pub fn literal_prefix(&self) -> &[u32] {
        if self.info(MASK) & INFO_PREFIX == 0 {
            return &[];
        }
        let length = self.info(PREFIX_LENGTH) as usize;
        self.code().get(PREFIX..PREFIX + length).unwrap_or_default()
    }

    /// Returns whether the pattern matches its [`literal_prefix`](Program::literal_prefix) and
    /// nothing else. The empty pattern is not literal, nor is one with groups.
    pub fn is_literal(&self) -> bool {
        self.info(MASK) & INFO_LITERAL != 0
    }

    /// Returns a word of the info block, or 0 in a program without code.
    fn info(&self, index: usize) -> u32 {
        let code = self.code();
        let has_info = code.get(OP).is_some_and(|&word| self.dialect.op(word) == Some(Op::INFO));
        if has_info { code.get(index).copied().unwrap_or_default() } else { 0 }
    }
}
