//! Choices taken from a fuzzer's bytes.

use arbitrary::Unstructured;

/// Takes choices from bytes. Once they are used up, every choice is the first one and every chance
/// is missed, so what is built from them comes to its end.
pub(super) struct Choices<'u, 'd>(pub &'u mut Unstructured<'d>);

impl Choices<'_, '_> {
    /// Are there no bytes left?
    pub(super) fn is_spent(&self) -> bool {
        self.0.is_empty()
    }

    /// A number below `n`.
    pub(super) fn below(&mut self, n: usize) -> usize {
        match n {
            0 | 1 => 0,
            // One byte is enough for most choices.
            2..=256 => usize::from(self.0.int_in_range(0..=(n - 1) as u8).unwrap_or(0)),
            _ => self.0.int_in_range(0..=n - 1).unwrap_or(0),
        }
    }

    /// A number of a range.
    pub(super) fn within(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True once in `n` times.
    pub(super) fn one_in(&mut self, n: usize) -> bool {
        !self.is_spent() && self.below(n) == n - 1
    }

    /// One of a list; its first item once the bytes are used up.
    pub(super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
}
