//! Known divergences: where our compiler is meant to differ from CPython. All others are bugs of ours.

use std::fmt;

use sre_case::wire::InterpreterInfo;
use sre_case::{Case, Outcome, Text};

/// A way in which CPython's answer depends on more than pattern, flags and version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Known {
    /// CPython's parser recurses, and raises RecursionError at a depth that depends on its caller.
    Nesting,
    /// CPython ran out of memory.
    Memory,
    /// The interpreter's limit to the digits of an integer is not 4300: it was set, or it is too old to have one.
    IntDigits,
}

/// CPython's parser takes two frames a group and one for a conditional's branch; the limit of 1000 frames is shared
/// with its caller, which leaves 490 groups at least, less under a deep caller.
const LEAST_NESTING: usize = 400;

/// The limit of digits that our compiler has, for it is the default.
const DIGITS: u32 = 4300;

/// The lowest limit that can be set.
const LOWEST_DIGITS: usize = 640;

/// A pattern shorter than that exhausts no memory.
const LEAST_LENGTH_FOR_MEMORY: usize = 1 << 20;

impl Known {
    /// All of them.
    pub const ALL: [Known; 3] = [Known::Nesting, Known::Memory, Known::IntDigits];

    /// Which known divergence two different outcomes are, if one.
    pub fn of(case: &Case, python: &InterpreterInfo, rust: &Outcome, cpython: &Outcome) -> Option<Known> {
        let raises = |outcome: &Outcome, exception: &str| match outcome {
            Outcome::Rejected(rejected) => rejected.exception == exception,
            _ => false,
        };
        if matches!(rust, Outcome::NoAnswer { .. }) {
            return None;
        }
        if raises(cpython, "RecursionError") && count(case, b'(') >= LEAST_NESTING {
            return Some(Known::Nesting);
        }
        if raises(cpython, "MemoryError") && case.len() >= LEAST_LENGTH_FOR_MEMORY {
            return Some(Known::Memory);
        }
        let digits_matter = (raises(rust, "ValueError") || raises(cpython, "ValueError"))
            || (raises(rust, "error") || raises(cpython, "error"));
        (python.digits != Some(DIGITS) && digits_matter && longest_run_of_digits(case) > LOWEST_DIGITS)
            .then_some(Known::IntDigits)
    }

    /// Its name, and that of its case in `corpus/known`.
    pub fn name(self) -> &'static str {
        match self {
            Known::Nesting => "nesting",
            Known::Memory => "memory",
            Known::IntDigits => "int-digits",
        }
    }

    /// Why it is as it is.
    pub fn reason(self) -> &'static str {
        match self {
            Known::Nesting => {
                "CPython raises RecursionError at a depth of groups that depends on its caller; ours has no such limit"
            }
            Known::Memory => "CPython raises MemoryError where its memory ends, which is not where ours does",
            Known::IntDigits => {
                "the interpreter's limit to the digits of an integer is not the default of 4300, which ours follows"
            }
        }
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn characters(case: &Case) -> Box<dyn Iterator<Item = u32> + '_> {
    match &case.text {
        Text::Str(text) => Box::new(text.iter().copied()),
        Text::Bytes(bytes) => Box::new(bytes.iter().map(|&byte| u32::from(byte))),
    }
}

fn count(case: &Case, byte: u8) -> usize {
    characters(case).filter(|&c| c == u32::from(byte)).count()
}

fn longest_run_of_digits(case: &Case) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in characters(case) {
        let is_digit = char::from_u32(c).is_some_and(char::is_numeric);
        run = if is_digit { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
