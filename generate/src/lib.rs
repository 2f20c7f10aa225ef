//! Makes cases: deterministic from a seed ([`Generator`]), or from a fuzzer's bytes ([`case_from`],
//! [`mutate`]). What a change has spoilt, [`repaired`] puts right, as an editor would.
//!
//! Four sources are mixed. A grammar of the whole language carries the load; token soup finds what
//! no grammar thinks of; samples that the caller gives are changed a little; and syntax trees of
//! `regex-syntax` are printed. About two cases in three are accepted by CPython, the rest are
//! refused for all of its reasons.

mod ast;
mod characters;
mod choices;
mod flags;
mod grammar;
mod mutation;
mod pieces;
mod random_tokens;
mod repair;
#[cfg(test)]
mod tests;

use arbitrary::Unstructured;
use choices::Choices;
pub use mutation::mutate;
pub use repair::repaired;
use sre_case::{Case, Text};

/// Makes cases, the same ones for the same seed.
///
/// ```
/// use sre_generate::Generator;
/// let mut generator = Generator::new(1);
/// let case = generator.case();
/// assert_eq!(case, Generator::new(1).case());
/// ```
#[derive(Debug)]
pub struct Generator {
    random: fastrand::Rng,
    /// The bytes that the next case is made of.
    bytes: Vec<u8>,
    samples: Vec<Case>,
}

/// More than all but the longest cases take.
const BYTES: usize = 2048;

impl Generator {
    /// A generator without samples.
    pub fn new(seed: u64) -> Generator {
        Generator { random: fastrand::Rng::with_seed(seed), bytes: Vec::new(), samples: Vec::new() }
    }

    /// Has a part of the cases made from samples, such as real patterns, by small changes.
    #[must_use]
    pub fn with_samples(mut self, samples: Vec<Case>) -> Generator {
        self.samples = samples;
        self
    }

    /// The next case.
    pub fn case(&mut self) -> Case {
        self.bytes.resize(BYTES, 0);
        self.random.fill(&mut self.bytes);
        let mut bytes = Unstructured::new(&self.bytes);
        make(&mut Choices(&mut bytes), &self.samples)
    }
}

/// A case from a fuzzer's bytes; any bytes give one, few bytes a short one.
///
/// # Errors
/// Never, at present; it is for `arbitrary`'s conventions.
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
