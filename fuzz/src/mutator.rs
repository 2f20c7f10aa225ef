//! Mutating inputs: the pieces of a pattern, besides libFuzzer's own mutations of bytes.

use std::{env, fmt};

use arbitrary::Unstructured;
use sre_case::Case;
use sre_compiler::{Compiler, Dialect};

use crate::input::Input;
use crate::panics::caught;

/// The environment variable that, set to `bytes`, leaves all mutations to libFuzzer, for comparison.
pub const MUTATOR: &str = "SRE_FUZZ_MUTATOR";

/// How many of eight mutations are left to libFuzzer, which uses the dictionary and the values that
/// the code compares.
const LEFT_TO_LIBFUZZER: u32 = 3;

/// How many of eight rejected cases are repaired; the others remain near-misses.
const REPAIRED: u32 = 3;

/// Number of earlier cases whose pieces are reused.
const OTHERS: usize = 256;

/// Mutates inputs.
pub struct Mutator {
    /// Determines whether a case is accepted.
    compiler: Compiler,
    dialect: Dialect,
    others: Vec<Case>,
    changes: usize,
    bytes_only: bool,
}

impl Mutator {
    /// Creates a mutator for a dialect.
    pub fn new(dialect: Dialect) -> Mutator {
        let bytes_only = env::var_os(MUTATOR).is_some_and(|value| value == "bytes");
        Mutator { compiler: Compiler::new(dialect), dialect, others: Vec::new(), changes: 0, bytes_only }
    }

    /// Mutates an input in place and returns its new length.
    ///
    /// Most mutations change the pattern's pieces ([`sre_generate::mutate`]), and the result is a case
    /// file. The rest are libFuzzer's own: `fallback` receives the buffer, the length and the limit.
    /// Some of the rejected cases are repaired ([`sre_generate::repaired`]), since otherwise most inputs
    /// would only show one of a few errors. With [`MUTATOR`] set to `bytes`, all mutations are
    /// libFuzzer's, and nothing is repaired.
    pub fn mutate(
        &mut self,
        data: &mut [u8],
        size: usize,
        max_size: usize,
        seed: u32,
        fallback: impl FnOnce(&mut [u8], usize, usize) -> usize,
    ) -> usize {
        if self.bytes_only {
            return fallback(data, size, max_size);
        }
        let is_repaired = seed / 8 % 8 < REPAIRED;
        if seed % 8 >= LEFT_TO_LIBFUZZER {
            let case = Input::read(&data[..size]).case;
            let changed = self.changed(&case, seed);
            self.keep(case);
            let changed = changed.map(|case| if is_repaired { self.repaired(case) } else { case });
            if let Some(size) = changed.and_then(|case| put(&case, data, max_size)) {
                return size;
            }
        }
        let size = fallback(data, size, max_size);
        let input = Input::read(&data[..size]);
        if input.from_grammar || !is_repaired {
            return size;
        }
        put(&self.repaired(input.case), data, max_size).unwrap_or(size)
    }

    fn changed(&self, case: &Case, seed: u32) -> Option<Case> {
        let mut choices = [0; 256];
        let mut state = u64::from(seed);
        for bytes in choices.chunks_exact_mut(8) {
            bytes.copy_from_slice(&splitmix(&mut state).to_le_bytes());
        }
        sre_generate::mutate(case, &self.others, &mut Unstructured::new(&choices)).ok()
    }

    /// Repairs a case. If the compiler panics, the case is unchanged, so that the target finds the panic.
    fn repaired(&mut self, case: Case) -> Case {
        let compiler = &mut self.compiler;
        let repaired = caught(|| sre_generate::repaired(case.clone(), compiler).0);
        repaired.unwrap_or_else(|_| {
            self.compiler = Compiler::new(self.dialect);
            case
        })
    }

    /// Stores every sixteenth of the cases that libFuzzer selects for mutation.
    fn keep(&mut self, case: Case) {
        let place = self.changes / 16 % OTHERS;
        if self.changes.is_multiple_of(16) {
            if place < self.others.len() { self.others[place] = case } else { self.others.push(case) }
        }
        self.changes += 1;
    }
}

impl fmt::Debug for Mutator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mutator({} changes)", self.changes)
    }
}

/// Writes the case into the buffer, if it fits.
fn put(case: &Case, data: &mut [u8], max_size: usize) -> Option<usize> {
    let file = case.encode();
    let limit = max_size.min(data.len());
    data[..limit].get_mut(..file.len())?.copy_from_slice(&file);
    Some(file.len())
}

/// Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use sre_case::Case;
    use sre_compiler::{Dialect, compile};

    use super::Mutator;

    const START: &[u8] = b"str i\n(a|b)+[c-e]";

    /// Returns the results of a thousand mutations, where those of libFuzzer do nothing.
    fn changes() -> Vec<Vec<u8>> {
        let mut mutator = Mutator::new(Dialect::default());
        let change = |seed| {
            let mut data = [0; 200];
            data[..START.len()].copy_from_slice(START);
            let size = mutator.mutate(&mut data, START.len(), 200, seed, |_, size, _| size);
            data[..size].to_vec()
        };
        (0..1000).map(change).collect()
    }

    #[test]
    fn changes_are_case_files_and_repeatable() {
        let files = changes();
        assert_eq!(files, changes());
        assert!(files.iter().all(|file| Case::decode(file).encode() == *file));
        let different = files.iter().filter(|file| *file != START).count();
        assert!((500..=625).contains(&different), "{different}");
    }

    #[test]
    fn most_mutated_cases_are_accepted() {
        let changed: Vec<Case> =
            changes().iter().filter(|file| *file != START).map(|file| Case::decode(file)).collect();
        let is_accepted = |case: &&Case| compile(case.pattern(), case.flags, Dialect::default()).is_ok();
        let share = changed.iter().filter(is_accepted).count() * 100 / changed.len();
        assert!((55..=90).contains(&share), "{share} %");
    }

    #[test]
    fn a_case_that_does_not_fit_is_left_to_libfuzzer() {
        let mut mutator = Mutator::new(Dialect::default());
        let mut data = *b"str -\naaaa";
        for seed in 0..100 {
            assert!(mutator.mutate(&mut data, 10, 10, seed, |_, _, _| 3) <= 10);
        }
    }
}
