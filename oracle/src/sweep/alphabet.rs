//! The cases of a sweep, by number: every sequence of tokens with every variant of kind and flags.

use std::sync::LazyLock;

use sre_case::{Case, Text};

use crate::answers::Hash;

/// The tokens: each kind of item, group and quantifier once, the parts of sets, `K` because it has
/// three cases, and a space for VERBOSE.
pub const TOKENS: [&str; 26] = [
    ".", "^", "$", "*", "+", "?", "{2,3}", "|", "(", ")", "(?:", "(?<=", "(?P<a>", "(?(1)", "(?>", "(?i:",
    "[", "[^", "]", "-", "a", "K", "1", " ", r"\1", r"\w",
];

/// The headers of the cases: each sequence is compared with each of these kinds and flags.
pub const VARIANTS: [&str; 6] = ["str -", "str i", "str x", "str ms", "bytes -", "bytes i"];

/// Returns a hash of the tokens and variants, which define the numbers.
pub fn fingerprint() -> String {
    let parts: Vec<&[u8]> =
        TOKENS.iter().chain(&VARIANTS).flat_map(|part| [part.as_bytes(), b"\n".as_slice()]).collect();
    Hash::of(&parts).to_string()
}

/// Returns the number of sequences of up to `tokens` tokens; `None` if it overflows.
fn sequences(tokens: u32) -> Option<u64> {
    (0..=tokens).try_fold(0u64, |sum, length| sum.checked_add((TOKENS.len() as u64).checked_pow(length)?))
}

/// Returns the number of cases of up to `tokens` tokens; `None` if it overflows.
///
/// Cases are numbered from 0, shorter ones first, so that a number does not depend on `tokens`.
pub fn cases(tokens: u32) -> Option<u64> {
    sequences(tokens)?.checked_mul(VARIANTS.len() as u64)
}

/// Returns the case with a number. A sequence is a numeral with digits from 1 to the number of
/// tokens, so that numbers and sequences correspond one to one.
pub fn case(number: u64) -> Case {
    let (mut rest, variant) = (number / VARIANTS.len() as u64, number % VARIANTS.len() as u64);
    let mut tokens = [""; MOST_TOKENS];
    let mut length = 0;
    while let Some(before) = rest.checked_sub(1) {
        tokens[length] = TOKENS[(before % TOKENS.len() as u64) as usize];
        rest = before / TOKENS.len() as u64;
        length += 1;
    }
    let tokens = tokens[..length].iter().rev();
    let mut case = empty_case(variant as usize).clone();
    match &mut case.text {
        Text::Str(text) => text.extend(tokens.flat_map(|token| token.chars()).map(u32::from)),
        Text::Bytes(bytes) => bytes.extend(tokens.flat_map(|token| token.bytes())),
    }
    case
}

/// The tokens of the longest sequence whose number fits.
const MOST_TOKENS: usize = 14;

/// Returns the case of a variant without tokens.
pub(super) fn empty_case(variant: usize) -> &'static Case {
    static CASES: LazyLock<[Case; VARIANTS.len()]> =
        LazyLock::new(|| VARIANTS.map(|header| Case::decode(format!("{header}\n").as_bytes())));
    &CASES[variant]
}

/// Returns the number of a sequence, given as indices of [`TOKENS`], with one of [`VARIANTS`].
pub fn number(sequence: &[usize], variant: usize) -> u64 {
    let base = TOKENS.len() as u64;
    let sequence = sequence.iter().fold(0, |number, &token| number * base + token as u64 + 1);
    sequence * VARIANTS.len() as u64 + variant as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sequences_are_one_to_one() {
        let base = TOKENS.len();
        let mut expected = 0;
        let pairs = (0..base).flat_map(|first| (0..base).map(move |second| vec![first, second]));
        let sequences = [vec![]].into_iter().chain((0..base).map(|token| vec![token])).chain(pairs);
        for sequence in sequences {
            for (n, variant) in VARIANTS.iter().enumerate() {
                assert_eq!(number(&sequence, n), expected);
                let pattern: String = sequence.iter().map(|&token| TOKENS[token]).collect();
                assert_eq!(case(expected), Case::decode(format!("{variant}\n{pattern}").as_bytes()));
                expected += 1;
            }
        }
        assert_eq!(cases(2), Some(expected));
        arbtest::arbtest(|u| {
            let sequence: Vec<usize> =
                u.arbitrary::<[u8; 9]>()?.iter().map(|&n| usize::from(n) % base).collect();
            let variant = u.choose_index(VARIANTS.len())?;
            let pattern: String = sequence.iter().map(|&token| TOKENS[token]).collect();
            let made = case(number(&sequence, variant));
            assert_eq!(made, Case::decode(format!("{}\n{pattern}", VARIANTS[variant]).as_bytes()));
            Ok(())
        });
    }

    #[test]
    fn every_variant_is_the_header_of_a_case_file() {
        for (n, variant) in VARIANTS.iter().enumerate() {
            assert_eq!(case(n as u64).encode(), format!("{variant}\n").into_bytes());
        }
    }

    #[test]
    fn a_number_of_cases_that_overflows_is_none() {
        assert_eq!(cases(0), Some(VARIANTS.len() as u64));
        assert!(cases(13).is_some());
        assert_eq!(cases(14), None);
        assert!(case(u64::MAX).len() > 13);
    }
}
