//! Checking whether `_sre` accepts words as code.

use alloc::vec::Vec;
use core::fmt;

use crate::dialect::{Dialect, Validator};
use crate::opcode::{
    AT_NAMES, BLOCK_WORDS, CATEGORY_NAMES, INFO_CHARSET, INFO_LITERAL, INFO_PREFIX, NUMBER_WORDS, Op,
};
use crate::program::Program;

/// Error returned for words that are not valid code. `_sre.compile` raises a RuntimeError: `invalid
/// SRE code`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidCode;

impl fmt::Display for InvalidCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid SRE code")
    }
}

impl core::error::Error for InvalidCode {}

impl Program {
    /// Returns whether `_sre.compile` of the dialect's CPython accepts this code. Some versions
    /// reject what their own compiler makes of a few valid patterns.
    ///
    /// # Errors
    /// If `re.compile` raises a RuntimeError.
    ///
    /// ```
    /// use sre_compiler::{Flags, InvalidCode, compile};
    /// let program = compile("()(?(1)\x10?)", Flags::empty(), "3.8".parse()?)?;
    /// assert_eq!(program.validate(), Err(InvalidCode)); // the 16 is taken for a JUMP
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn validate(&self) -> Result<(), InvalidCode> {
        validate(self.code(), self.group_count(), self.dialect())
    }
}

/// Returns whether `_sre.compile` of the dialect's CPython accepts these words for a pattern with
/// `groups` groups, not counting group 0. Any words may be passed.
///
/// CPython: `Modules/_sre/sre.c`, `_validate`
///
/// # Errors
/// If it raises a RuntimeError.
pub fn validate(code: &[u32], groups: u32, dialect: Dialect) -> Result<(), InvalidCode> {
    let validator = CodeValidator { code, groups: groups as usize, dialect, parts: Vec::new() };
    validator.run().ok_or(InvalidCode)
}

/// A stretch of code that is being validated. CPython: one call of `_validate_inner`
struct Part {
    at: usize,
    end: usize,
    then: Then,
}

/// What must follow a part.
#[derive(Clone, Copy)]
enum Then {
    /// Anything: it is the whole code, or ends where the enclosing part continues.
    Nothing,
    Success,
    Until,
    /// A JUMP with the same target as all jumps of the branch, and the next alternative.
    Jump {
        target: Option<usize>,
    },
    /// Anything: it is the first alternative of a conditional, which may end in a JUMP past the
    /// second one.
    Else,
}

struct CodeValidator<'c> {
    code: &'c [u32],
    groups: usize,
    dialect: Dialect,
    parts: Vec<Part>,
}

impl CodeValidator<'_> {
    /// CPython: `_validate_outer`
    fn run(mut self) -> Option<()> {
        let rules = self.dialect.0;
        let last = self.code.len().checked_sub(1)?;
        check(self.groups <= rules.max_groups as usize && self.op(last)? == Op::SUCCESS)?;
        self.parts.push(Part { at: 0, end: last, then: Then::Nothing });
        while let Some(part) = self.parts.last() {
            let (at, end, then) = (part.at, part.end, part.then);
            if at < end {
                self.instruction(at, end)?;
            } else {
                self.parts.pop();
                self.leave(end, then)?;
            }
        }
        Some(())
    }

    fn op(&self, at: usize) -> Option<Op> {
        self.dialect.0.numbering.op(*self.code.get(at)?)
    }

    /// CPython: `GET_ARG`
    fn word(&self, at: usize, end: usize) -> Option<u32> {
        check(at < end)?;
        self.code.get(at).copied()
    }

    /// Returns where the skip at `at` leads, which must not be beyond the end.
    ///
    /// CPython: `GET_SKIP_ADJ`
    fn target(&self, at: usize, end: usize, adjust: usize) -> Option<usize> {
        let skip = self.word(at, end)? as usize;
        check(skip >= adjust && skip - adjust <= end - at)?;
        Some(at + skip)
    }

    /// Continues the current part at `at`.
    fn go_on(&mut self, at: usize) -> Option<()> {
        self.parts.last_mut()?.at = at;
        Some(())
    }

    /// Begins a part inside the current one, which continues after it.
    fn enter(&mut self, at: usize, end: usize, then: Then) -> Option<()> {
        check(at <= end)?;
        self.go_on(end)?;
        self.parts.push(Part { at, end, then });
        Some(())
    }

    /// CPython: `_validate_inner`
    fn instruction(&mut self, at: usize, end: usize) -> Option<()> {
        let rules = self.dialect.0;
        let i = at + 1;
        match self.op(at)? {
            Op::SUCCESS | Op::FAILURE | Op::ANY | Op::ANY_ALL => self.go_on(i),
            op if op.is_literal() => {
                self.word(i, end)?;
                self.go_on(i + 1)
            }
            Op::MARK => {
                let bound = 2 * self.groups + if rules.marks_checked_exactly { 0 } else { 2 };
                check((self.word(i, end)? as usize) < bound)?;
                self.go_on(i + 1)
            }
            Op::AT => {
                check((self.word(i, end)? as usize) < AT_NAMES.len())?;
                self.go_on(i + 1)
            }
            Op::CATEGORY if rules.bare_categories => {
                check((self.word(i, end)? as usize) < CATEGORY_NAMES.len())?;
                self.go_on(i + 1)
            }
            op if op.is_reference() => {
                check((self.word(i, end)? as usize) < self.groups)?;
                self.go_on(i + 1)
            }
            op if op.is_in() => {
                let to = self.target(i, end, 0)?;
                // With a smaller skip CPython would read words far outside of the code.
                check(to >= i + 2)?;
                self.charset(i + 1, to)?;
                self.go_on(to)
            }
            Op::INFO => self.info(i, end),
            Op::BRANCH => self.alternative(i, end, None),
            Op::REPEAT_ONE | Op::MIN_REPEAT_ONE | Op::POSSESSIVE_REPEAT_ONE | Op::POSSESSIVE_REPEAT => {
                // The skip of POSSESSIVE_REPEAT leads to its SUCCESS, that of the others past it.
                let before = usize::from(self.op(at)? != Op::POSSESSIVE_REPEAT);
                self.repeat(i, end, before, Then::Success)
            }
            Op::REPEAT => self.repeat(i, end, 0, Then::Until),
            Op::ATOMIC_GROUP => {
                let to = self.target(i, end, 0)?;
                self.enter(i + 1, to.checked_sub(1)?, Then::Success)
            }
            Op::ASSERT | Op::ASSERT_NOT => {
                let to = self.target(i, end, 0)?;
                let width = self.word(i + 1, end)?;
                check(width >> 31 == 0 || !rules.huge_lookbehind_refused)?;
                self.enter(i + 2, to.checked_sub(1)?, Then::Success)
            }
            Op::GROUPREF_EXISTS => self.conditional(i, end),
            Op::JUMP => {
                // It ends the first alternative of a conditional. The second one follows its skip.
                check(i + 1 == end)?;
                let Some(Part { then: Then::Else, .. }) = self.parts.pop() else { return None };
                let end = self.parts.last()?.end;
                let to = self.target(i, end, 0)?;
                self.enter(i + 1, to, Then::Nothing)
            }
            _ => None,
        }
    }

    fn repeat(&mut self, i: usize, end: usize, before: usize, then: Then) -> Option<()> {
        let to = self.target(i, end, 0)?;
        check(self.word(i + 1, end)? <= self.word(i + 2, end)?)?;
        self.enter(i + 3, to.checked_sub(before)?, then)
    }

    /// Validates the next alternative of a branch, whose skip is at `at`, or the end of the branch.
    fn alternative(&mut self, at: usize, end: usize, target: Option<usize>) -> Option<()> {
        let to = self.target(at, end, 0)?;
        if to == at {
            let exact = self.dialect.0.validator == Validator::Exact;
            check(if exact { target == Some(at + 1) } else { target.is_none_or(|target| target == at + 1) })?;
            return self.go_on(at + 1);
        }
        // JUMP and its skip precede the end.
        self.enter(at + 1, to.checked_sub(2)?, Then::Jump { target })
    }

    fn conditional(&mut self, i: usize, end: usize) -> Option<()> {
        check((self.word(i, end)? as usize) < self.groups)?;
        // The skip counts from the word before it.
        let to = self.target(i + 1, end, 1)? - 1;
        if self.dialect.0.validator == Validator::Exact {
            return self.enter(i + 2, to, Then::Else);
        }
        // QUIRK(3.8..3.10.8, 3.11.0): whatever looks like a JUMP there is taken for one.
        match to.checked_sub(2) {
            Some(jump) if jump >= i && self.op(jump) == Some(Op::JUMP) => {
                let after = self.target(jump + 1, end, 0)?;
                self.enter(jump + 2, after, Then::Nothing)?;
                self.parts.push(Part { at: i + 2, end: jump, then: Then::Nothing });
                check(i + 2 <= jump)
            }
            _ => self.enter(i + 2, to, Then::Nothing),
        }
    }

    /// Checks what follows a part, and continues the enclosing part.
    fn leave(&mut self, at: usize, then: Then) -> Option<()> {
        let Some(&Part { end, .. }) = self.parts.last() else { return Some(()) };
        match then {
            Then::Nothing | Then::Else => Some(()),
            Then::Success => {
                check(at < end && self.op(at)? == Op::SUCCESS)?;
                self.go_on(at + 1)
            }
            Then::Until => {
                check(at < end && matches!(self.op(at)?, Op::MAX_UNTIL | Op::MIN_UNTIL))?;
                self.go_on(at + 1)
            }
            Then::Jump { target } => {
                check(at < end && self.op(at)? == Op::JUMP)?;
                let to = self.target(at + 1, end, 0)?;
                check(target.is_none_or(|target| target == to))?;
                self.alternative(at + 2, end, Some(to))
            }
        }
    }

    /// Validates the items of a set, up to the FAILURE right before `end`.
    ///
    /// CPython: `_validate_charset`
    fn charset(&self, start: usize, end: usize) -> Option<()> {
        let last = end.checked_sub(1)?;
        check(self.op(last)? == Op::FAILURE)?;
        let mut at = start;
        while at < last {
            at += match self.op(at)? {
                Op::NEGATE => 1,
                Op::LITERAL => 2,
                Op::RANGE | Op::RANGE_UNI_IGNORE => 3,
                Op::CHARSET => 1 + BLOCK_WORDS,
                Op::BIGCHARSET => {
                    let blocks = self.word(at + 1, last)?;
                    let numbers = self.code.get(at + 2..at + 2 + NUMBER_WORDS)?;
                    let mut numbers = numbers.iter().flat_map(|word| word.to_le_bytes());
                    check(numbers.all(|number| u32::from(number) < blocks))?;
                    // CPython computes this in 32 bits.
                    2 + NUMBER_WORDS + blocks.wrapping_mul(BLOCK_WORDS as u32) as usize
                }
                Op::CATEGORY => {
                    check((self.word(at + 1, last)? as usize) < CATEGORY_NAMES.len())?;
                    2
                }
                _ => return None,
            };
            check(at <= last)?;
        }
        Some(())
    }

    fn info(&mut self, i: usize, end: usize) -> Option<()> {
        let to = self.target(i, end, 0)?;
        let mask = self.word(i + 1, end)?;
        self.word(i + 3, end)?;
        let mut at = i + 4;
        check(mask & !(INFO_PREFIX | INFO_LITERAL | INFO_CHARSET) == 0)?;
        check(mask & INFO_PREFIX == 0 || mask & INFO_CHARSET == 0)?;
        check(mask & INFO_LITERAL == 0 || mask & INFO_PREFIX != 0)?;
        if mask & INFO_PREFIX != 0 {
            let length = self.word(at, end)? as usize;
            self.word(at + 1, end)?;
            let table = at + 2 + length;
            check(table + length <= to)?;
            let mut overlap = self.code.get(table..table + length)?.iter();
            check(overlap.all(|&overlap| (overlap as usize) < length))?;
            at = table + length;
        }
        match mask & INFO_CHARSET {
            0 => check(at == to)?,
            // QUIRK(3.8..): a set without any words is accepted if the word before its end is 0.
            _ => self.charset(at, to)?,
        }
        self.go_on(to)
    }
}

fn check(condition: bool) -> Option<()> {
    condition.then_some(())
}
