//! Pushing runs of literals: most of a pattern, and of its code.
//!
//! Most runs are short, and their lengths are unpredictable. So a whole block is pushed and the
//! excess cut off, which takes less time than to ask after each literal whether it is the last.

use alloc::vec::Vec;
use core::array::from_fn;

use crate::input::LANES;
use crate::memory::{Abort, Budget, TryVecExt};

/// Pushes what `words` returns for each of the first `length` units.
#[inline(always)]
pub(crate) fn push_run<U: Copy + Into<u32>, T: Copy, const EACH: usize>(
    list: &mut Vec<T>,
    units: &[U],
    length: usize,
    budget: &mut Budget,
    words: impl Fn(u32) -> [T; EACH],
) -> Result<(), Abort> {
    match units.first_chunk() {
        Some(block) if length <= LANES => push_block(list, block, length, budget, words),
        _ => push_each(list, &units[..length], budget, words),
    }
}

#[inline(always)]
fn push_block<U: Copy + Into<u32>, T: Copy, const EACH: usize>(
    list: &mut Vec<T>,
    block: &[U; LANES],
    length: usize,
    budget: &mut Budget,
    words: impl Fn(u32) -> [T; EACH],
) -> Result<(), Abort> {
    if list.capacity() - list.len() < EACH * LANES {
        return push_each(list, &block[..length], budget, words);
    }
    let end = list.len() + EACH * length;
    let words: [[T; EACH]; LANES] = from_fn(|n| words(block[n].into()));
    list.extend_from_slice(words.as_flattened());
    list.truncate(end);
    Ok(())
}

#[inline(never)]
fn push_each<U: Copy + Into<u32>, T, const EACH: usize>(
    list: &mut Vec<T>,
    units: &[U],
    budget: &mut Budget,
    words: impl Fn(u32) -> [T; EACH],
) -> Result<(), Abort> {
    list.ensure_spare(EACH * units.len(), budget)?;
    list.extend(units.iter().flat_map(|&unit| words(unit.into())));
    Ok(())
}
