//! Generates cases: reproducibly from a seed ([`Generator`]), or from a fuzzer's bytes
//! ([`case_from`], [`mutate`]). [`repaired`] fixes the errors of a mutated pattern.
//!
//! Cases come from four sources: a grammar of the whole language, which is the main one; random
//! tokens, for what the grammar does not cover; mutations of samples, if the caller has some; and
//! printed syntax trees of `regex-syntax`. CPython accepts about two cases in three. The others
//! cover all of its errors.
//!
//! [`Subjects`] makes texts to match a pattern against.

mod ast;
mod characters;
mod choices;
mod dense;
mod flags;
mod grammar;
mod mutation;
mod pieces;
mod random_tokens;
mod repair;
pub mod subjects;
#[cfg(test)]
mod tests;

use arbitrary::Unstructured;
use choices::Choices;
pub use mutation::mutate;
pub use repair::repaired;
use sre_case::{Case, Text};
pub use subjects::{Subject, Subjects};

/// Generates cases; the same cases for the same seed.
///
/// ```
/// use sre_generate::Generator;
/// let mut generator = Generator::new(1);
/// let case = generator.case();
/// assert_eq!(case, Generator::new(1).case());
/// ```
#[derive(Clone, Debug)]
pub struct Generator {
    random: fastrand::Rng,
    /// The bytes from which the next case is made.
    bytes: Vec<u8>,
    samples: Vec<Case>,
}

/// Number of bytes for a case; only the longest cases would use more.
const BYTES: usize = 2048;

/// Number of bytes for a pattern over a few characters.
const DENSE_BYTES: usize = 160;

impl Generator {
    /// Creates a generator without samples.
    pub fn new(seed: u64) -> Generator {
        Generator { random: fastrand::Rng::with_seed(seed), bytes: Vec::new(), samples: Vec::new() }
    }

    /// Makes a share of the cases by mutating samples, such as real patterns.
    #[must_use]
    pub fn with_samples(mut self, samples: Vec<Case>) -> Generator {
        self.samples = samples;
        self
    }

    /// Skips a number of cases, in about a tenth of the time that making them takes.
    pub fn skip(&mut self, cases: u64) {
        self.bytes.resize(BYTES, 0);
        for _ in 0..cases {
            self.random.fill(&mut self.bytes);
        }
    }

    /// Returns the next case.
    pub fn case(&mut self) -> Case {
        self.bytes.resize(BYTES, 0);
        self.random.fill(&mut self.bytes);
        let mut bytes = Unstructured::new(&self.bytes);
        make(&mut Choices(&mut bytes), &self.samples)
    }

    /// Returns a case whose matches are to be compared: three of four are patterns over a few
    /// characters, in which most parts have something to match.
    pub fn case_to_match(&mut self) -> Case {
        if self.random.u8(..4) == 0 {
            return self.case();
        }
        self.bytes.resize(DENSE_BYTES, 0);
        self.random.fill(&mut self.bytes);
        dense::case(&mut Choices(&mut Unstructured::new(&self.bytes)))
    }
}

/// Returns a case made from a fuzzer's bytes. Any bytes give a case, and few bytes a short one.
///
/// # Errors
/// Never; the return type follows the conventions of `arbitrary`.
pub fn case_from(u: &mut Unstructured<'_>) -> arbitrary::Result<Case> {
    Ok(make(&mut Choices(u), &[]))
}

fn make(choices: &mut Choices<'_, '_>, samples: &[Case]) -> Case {
    let source = choices.below(16);
    if source >= 12 && !samples.is_empty() {
        let sample = choices.below(samples.len());
        return mutation::mutated(&samples[sample], samples, choices);
    }
    let is_bytes = choices.one_in(4);
    let flags = flags::any(choices, is_bytes);
    let made = match source {
        10 => Some(random_tokens::pattern(choices)),
        11 => ast::pattern(choices),
        _ => None,
    };
    let text = match made {
        Some(text) if is_bytes => Text::Bytes(text.iter().map(|&c| c as u8).collect()),
        Some(text) => Text::Str(text),
        None => grammar::pattern(choices, is_bytes, flags),
    };
    Case { text, flags }
}
