//! Python integers for the words of compiled patterns, kept from one pattern to the next.

use pyo3_ffi::*;

use crate::object::{Owned, integer};

/// Words below this have an integer each. CPython shares the same ones, so they take no memory.
const SMALL: usize = 257;
/// The number of larger words that are kept, a power of two.
const KEPT: usize = 512;

/// Integers by word. Those above [`SMALL`] are kept in a table where each has one possible place. Bitmaps of sets,
/// `MAXREPEAT` and popular characters recur from pattern to pattern.
#[derive(Debug)]
pub(crate) struct Numbers {
    small: Vec<Owned>,
    kept: Vec<Kept>,
    /// Integers of the current pattern for which the table had no place.
    spilled: Vec<Owned>,
    /// The number of the current pattern. What it uses must stay until it is complete.
    pattern: u32,
}

#[derive(Debug)]
struct Kept {
    word: u32,
    /// The last pattern that used it.
    pattern: u32,
    number: Option<Owned>,
}

impl Numbers {
    /// Makes the table. `None` with an exception set.
    pub(crate) fn new() -> Option<Numbers> {
        let (mut small, mut kept) = (with_capacity(SMALL)?, with_capacity(KEPT)?);
        for word in 0..SMALL as u64 {
            small.push(integer(word)?);
        }
        kept.extend((0..KEPT).map(|_| Kept { word: 0, pattern: 0, number: None }));
        Some(Numbers { small, kept, spilled: Vec::new(), pattern: 1 })
    }

    /// Returns the integer of a word, borrowed until [`finish`](Numbers::finish). `None` with an exception set.
    #[inline(always)]
    pub(crate) fn get(&mut self, word: u32) -> Option<*mut PyObject> {
        match self.small.get(word as usize) {
            Some(number) => Some(number.as_ptr()),
            None => self.large(word),
        }
    }

    #[inline]
    fn large(&mut self, word: u32) -> Option<*mut PyObject> {
        let place = word.wrapping_mul(0x9e37_79b1) >> (u32::BITS - KEPT.ilog2());
        let kept = &mut self.kept[place as usize % KEPT];
        if kept.word == word {
            kept.pattern = self.pattern;
            return Some(kept.number.as_ref()?.as_ptr());
        }
        let number = integer(word.into())?;
        let borrowed = number.as_ptr();
        if kept.pattern == self.pattern {
            reserve(&mut self.spilled, 1)?;
            self.spilled.push(number);
        } else {
            *kept = Kept { word, pattern: self.pattern, number: Some(number) };
        }
        Some(borrowed)
    }

    /// Ends a pattern: what was borrowed for it may be released.
    #[inline]
    pub(crate) fn finish(&mut self) {
        if !self.spilled.is_empty() {
            self.spilled.clear();
            // Code of a large pattern must not hold memory for good.
            self.spilled.shrink_to(1024);
        }
        self.pattern = self.pattern.wrapping_add(1);
    }
}

/// Makes a vector. `None` with a MemoryError set.
fn with_capacity<T>(capacity: usize) -> Option<Vec<T>> {
    let mut vector = Vec::new();
    reserve(&mut vector, capacity)?;
    Some(vector)
}

/// Makes sure that a vector can grow. `None` with a MemoryError set.
fn reserve<T>(vector: &mut Vec<T>, more: usize) -> Option<()> {
    if vector.try_reserve(more).is_ok() {
        return Some(());
    }
    // SAFETY: always allowed.
    unsafe { PyErr_NoMemory() };
    None
}
