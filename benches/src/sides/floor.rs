//! What no compiler can go below: looking at each byte once.

use std::hint::black_box;

use sre_case::Text;

use super::Engine;
use crate::sample::Sample;

/// A match per byte, with escapes skipped.
pub(super) struct Bytes;

/// The same, with a token for each pushed to a vector that is used again.
#[derive(Default)]
pub(super) struct Tokens(Vec<(u8, u32)>);

fn bytes(sample: &Sample) -> Option<Vec<u8>> {
    match (&sample.case.text, &sample.utf8) {
        (_, Some(utf8)) => Some(utf8.clone().into_bytes()),
        (Text::Bytes(bytes), None) => Some(bytes.clone()),
        (Text::Str(_), None) => None,
    }
}

/// The kinds of characters that the parser branches on.
#[inline]
fn kind(byte: u8) -> u8 {
    match byte {
        b'\\' => 1,
        b'[' => 2,
        b']' => 3,
        b'(' => 4,
        b')' => 5,
        b'|' => 6,
        b'*' | b'+' | b'?' | b'{' => 7,
        b'.' => 8,
        b'^' => 9,
        b'$' => 10,
        _ => 0,
    }
}

#[inline]
fn tokenize(bytes: &[u8], mut token: impl FnMut(u8, usize)) {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match kind(byte) {
            1 => {
                token(1, at);
                at += 2;
            }
            kind => {
                token(kind, at);
                at += 1;
            }
        }
    }
}

impl Engine for Bytes {
    const NAME: &'static str = "floor";
    const ABOUT: &'static str = "no compiler: a match per byte, escapes skipped";
    type Input = Vec<u8>;

    fn prepare(&mut self, sample: &Sample) -> Option<Vec<u8>> {
        bytes(sample)
    }

    fn compile(&mut self, input: &Vec<u8>) -> bool {
        let mut counts = [0_u32; 11];
        tokenize(input, |kind, _| counts[usize::from(kind)] += 1);
        black_box(counts);
        true
    }
}

impl Engine for Tokens {
    const NAME: &'static str = "floor-tokens";
    const ABOUT: &'static str = "no compiler: the same, tokens pushed to a vector used again";
    type Input = Vec<u8>;

    fn prepare(&mut self, sample: &Sample) -> Option<Vec<u8>> {
        bytes(sample)
    }

    fn compile(&mut self, input: &Vec<u8>) -> bool {
        self.0.clear();
        tokenize(input, |kind, at| self.0.push((kind, at as u32)));
        black_box(&self.0);
        true
    }
}
