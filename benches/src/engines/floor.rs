//! Lower bounds: programs that only look at each byte once.

use std::hint::black_box;

use sre_case::Text;

use super::Linkable;
use crate::sample::Sample;

/// A `match` per byte, skipping escapes.
pub(super) struct Bytes;

/// The same, pushing a token for each to a reused vector.
#[derive(Default)]
pub(super) struct Tokens(Vec<(u8, u32)>);

fn bytes(sample: &Sample) -> Option<Vec<u8>> {
    match (&sample.case.text, &sample.utf8) {
        (_, Some(utf8)) => Some(utf8.clone().into_bytes()),
        (Text::Bytes(bytes), None) => Some(bytes.clone()),
        (Text::Str(_), None) => None,
    }
}

/// Returns the kind of character, of those that the parser distinguishes.
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

impl Linkable for Bytes {
    const NAME: &'static str = "floor";
    const ABOUT: &'static str = "not a compiler: a match per byte, skipping escapes";
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

impl Linkable for Tokens {
    const NAME: &'static str = "floor-tokens";
    const ABOUT: &'static str = "not a compiler: the same, pushing tokens to a reused vector";
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
