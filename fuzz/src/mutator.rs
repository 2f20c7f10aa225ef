//! How inputs are changed: on the level of the pattern's pieces, beside libFuzzer's own changes of bytes.

use std::env;
use std::sync::LazyLock;

use arbitrary::Unstructured;
use sre_oracle::{Case, generate};

use crate::input::Input;

/// The environment variable that, set to `bytes`, leaves every change to libFuzzer: to compare with.
pub const MUTATOR: &str = "SRE_FUZZ_MUTATOR";

/// How many of eight changes are left to libFuzzer, which knows the dictionary and what the code compares.
const LEFT_TO_LIBFUZZER: u32 = 3;

/// Changes an input in place and returns its new length.
///
/// Most changes are made to the pattern's pieces, by [`generate::mutate`]; the result is a case file. The rest are
/// libFuzzer's own: `fallback` is given the buffer, the length and the greatest length. With [`MUTATOR`] set to `bytes`
/// all are.
pub fn mutate(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    seed: u32,
    fallback: impl FnOnce(&mut [u8], usize, usize) -> usize,
) -> usize {
    if seed % 8 < LEFT_TO_LIBFUZZER || *BYTES_ONLY {
        return fallback(data, size, max_size);
    }
    let case = Input::read(&data[..size]).case;
    match changed(&case, seed).map(|case| case.encode()) {
        Some(file) if file.len() <= max_size.min(data.len()) => {
            data[..file.len()].copy_from_slice(&file);
            file.len()
        }
        _ => fallback(data, size, max_size),
    }
}

static BYTES_ONLY: LazyLock<bool> =
    LazyLock::new(|| env::var_os(MUTATOR).is_some_and(|value| value == "bytes"));

fn changed(case: &Case, seed: u32) -> Option<Case> {
    let mut dice = [0; 256];
    let mut state = u64::from(seed);
    for bytes in dice.chunks_exact_mut(8) {
        bytes.copy_from_slice(&splitmix(&mut state).to_le_bytes());
    }
    generate::mutate(case, &mut Unstructured::new(&dice)).ok()
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
    use super::mutate;
    use sre_oracle::Case;

    #[test]
    fn changes_are_case_files_and_repeatable() {
        let start = b"str i\n(a|b)+[c-e]";
        let mut different = 0;
        for seed in 0..800 {
            let run = || {
                let mut data = [0; 200];
                data[..start.len()].copy_from_slice(start);
                let size = mutate(&mut data, start.len(), 200, seed, |_, size, _| size);
                data[..size].to_vec()
            };
            let file = run();
            assert_eq!(file, run());
            assert_eq!(Case::decode(&file).encode(), file);
            different += usize::from(file != start);
        }
        assert!((400..=500).contains(&different), "{different}");
    }

    #[test]
    fn what_does_not_fit_is_left_to_libfuzzer() {
        let mut data = *b"str -\naaaa";
        for seed in 0..100 {
            assert!(mutate(&mut data, 10, 10, seed, |_, _, _| 3) <= 10);
        }
    }
}
