//! Choices taken from a fuzzer's bytes.

use arbitrary::Unstructured;

/// Derives choices from bytes. When they are used up, every choice is the first one and every
/// chance fails, so that generation ends.
pub(super) struct Choices<'u, 'd>(pub &'u mut Unstructured<'d>);

impl Choices<'_, '_> {
    /// Returns whether all bytes are used up.
    pub(super) fn is_spent(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns a number below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        match n {
            0 | 1 => 0,
            // One byte is enough for most choices.
            2..=256 => usize::from(self.0.int_in_range(0..=(n - 1) as u8).unwrap_or(0)),
            _ => self.0.int_in_range(0..=n - 1).unwrap_or(0),
        }
    }

    /// Returns a number from a range, ends included.
    pub(super) fn within(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// Returns true with probability 1 in `n`.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        !self.is_spent() && self.below(n) == n - 1
    }

    /// Returns an item of a list; the first one when the bytes are used up.
    pub(super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}
