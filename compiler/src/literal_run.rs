//! Literals in a row: most of a pattern, and of its code.
//!
//! Most runs of them are short, and where one ends cannot be foreseen. So whole pieces are written, and what was too much
//! is cut off: that takes less time than to ask for each whether it is the last.

use alloc::vec::Vec;
use core::array::from_fn;

use crate::input::LANES;
use crate::item::PackedItem;
use crate::memory::{Budget, Stop, TryVecExt};

/// Adds the first of some units to a list of kinds, and the literals that they are to code.
#[inline(always)]
pub(crate) fn add_literals<U: Copy + Into<u32>>(
    kinds: &mut Vec<PackedItem>,
    code: &mut Vec<u32>,
    units: &[U],
    length: usize,
    op: u32,
    budget: &mut Budget,
) -> Result<(), Stop> {
    if let Some(block) = units.first_chunk()
        && length <= LANES
    {
        push_block(kinds, block, length, budget, |c| [PackedItem::literal(c)])?;
        return push_block(code, block, length, budget, |c| [op, c]);
    }
    push_each(kinds, &units[..length], budget, |c| [PackedItem::literal(c)])?;
    push_each(code, &units[..length], budget, |c| [op, c])
}

/// Adds what becomes of each of the first units of some.
#[inline(always)]
pub(crate) fn push_run<U: Copy + Into<u32>, T: Copy, const EACH: usize>(
    list: &mut Vec<T>,
    units: &[U],
    length: usize,
    budget: &mut Budget,
    words: impl Fn(u32) -> [T; EACH],
) -> Result<(), Stop> {
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
) -> Result<(), Stop> {
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
) -> Result<(), Stop> {
    list.ensure_spare(EACH * units.len(), budget)?;
    list.extend(units.iter().flat_map(|&unit| words(unit.into())));
    Ok(())
}
