//! Known divergences: deliberate differences from CPython. All others are bugs of sre-compiler.

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
    /// The interpreter's limit of digits in an integer is not 4300: it was set, or the version has
    /// none.
    IntDigits,
}

/// Least number of groups for a RecursionError to be known. CPython's parser uses two frames per
/// group, and the limit of 1000 frames includes those of the caller, which leaves about 490 groups
/// or fewer.
const LEAST_NESTING: usize = 400;

/// CPython's default limit of digits, which sre-compiler applies.
const DIGITS: u32 = 4300;

/// The lowest limit of digits that can be set.
const LOWEST_DIGITS: usize = 640;

/// Least length of a pattern for a MemoryError to be known.
const LEAST_LENGTH_FOR_MEMORY: usize = 1 << 20;

impl Known {
    /// All of them.
    pub const ALL: [Known; 3] = [Known::Nesting, Known::Memory, Known::IntDigits];

    /// Returns the known divergence that two different outcomes are, if any.
    pub fn of(case: &Case, python: &InterpreterInfo, rust: &Outcome, cpython: &Outcome) -> Option<Known> {
        let raises = |outcome: &Outcome, exception: &str| match outcome {
            Outcome::Rejected(rejected) => rejected.exception == exception,
            _ => false,
        };
        if matches!(rust, Outcome::NoAnswer { .. }) {
            return None;
        }
        let raises_either = |exception: &str| raises(rust, exception) || raises(cpython, exception);
        if raises_either("RecursionError") && count(case, b'(') >= LEAST_NESTING {
            return Some(Known::Nesting);
        }
        if raises_either("MemoryError") && case.len() >= LEAST_LENGTH_FOR_MEMORY {
            return Some(Known::Memory);
        }
        let digits_matter = raises_either("ValueError") || raises_either("error");
        (python.digits != Some(DIGITS) && digits_matter && longest_run_of_digits(case) > LOWEST_DIGITS)
            .then_some(Known::IntDigits)
    }

    /// Returns its name, which is also that of its case in `corpus/known`.
    pub fn name(self) -> &'static str {
        match self {
            Known::Nesting => "nesting",
            Known::Memory => "memory",
            Known::IntDigits => "int-digits",
        }
    }

    /// Returns the reason.
    pub fn reason(self) -> &'static str {
        match self {
            Known::Nesting => {
                "CPython raises RecursionError at a depth of groups that depends on its caller; sre-compiler has no such limit"
            }
            Known::Memory => {
                "CPython raises MemoryError when its memory is exhausted, which is not when sre-compiler's is"
            }
            Known::IntDigits => {
                "the interpreter's limit of digits in an integer is not the default of 4300, which sre-compiler applies"
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
