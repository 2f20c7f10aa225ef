//! Literals in a row: most of a pattern, and of its code.
//!
//! Most runs of them are short, and where one ends cannot be foreseen. So whole pieces are written, and what was too much
//! is cut off: that takes less time than to ask for each whether it is the last.

use alloc::vec::Vec;
use core::array::from_fn;

use crate::input::PIECE;
use crate::item::Kind;
use crate::memory::{Budget, Grow, Stop};

/// Adds the first of some units to a list of kinds, and the literals that they are to code.
#[inline(always)]
pub(crate) fn add_literals<U: Copy + Into<u32>>(
    kinds: &mut Vec<Kind>,
    code: &mut Vec<u32>,
    units: &[U],
    length: usize,
    op: u32,
    budget: &mut Budget,
) -> Result<(), Stop> {
    if let Some(piece) = units.first_chunk()
        && length <= PIECE
    {
        add_piece(kinds, piece, length, budget, |c| [Kind::literal(c)])?;
        return add_piece(code, piece, length, budget, |c| [op, c]);
    }
    add_exactly(kinds, &units[..length], budget, |c| [Kind::literal(c)])?;
    add_exactly(code, &units[..length], budget, |c| [op, c])
}

/// Adds what becomes of each of the first units of some.
#[inline(always)]
pub(crate) fn add_run<U: Copy + Into<u32>, T: Copy, const EACH: usize>(
    list: &mut Vec<T>,
    units: &[U],
    length: usize,
    budget: &mut Budget,
    words: impl Fn(u32) -> [T; EACH],
) -> Result<(), Stop> {
    match units.first_chunk() {
        Some(piece) if length <= PIECE => add_piece(list, piece, length, budget, words),
        _ => add_exactly(list, &units[..length], budget, words),
    }
}

#[inline(always)]
fn add_piece<U: Copy + Into<u32>, T: Copy, const EACH: usize>(
    list: &mut Vec<T>,
    piece: &[U; PIECE],
    length: usize,
    budget: &mut Budget,
    words: impl Fn(u32) -> [T; EACH],
) -> Result<(), Stop> {
    if list.capacity() - list.len() < EACH * PIECE {
        return add_exactly(list, &piece[..length], budget, words);
    }
    let end = list.len() + EACH * length;
    let words: [[T; EACH]; PIECE] = from_fn(|n| words(piece[n].into()));
    list.extend_from_slice(words.as_flattened());
    list.truncate(end);
    Ok(())
}

#[inline(never)]
fn add_exactly<U: Copy + Into<u32>, T, const EACH: usize>(
    list: &mut Vec<T>,
    units: &[U],
    budget: &mut Budget,
    words: impl Fn(u32) -> [T; EACH],
) -> Result<(), Stop> {
    list.make_room(EACH * units.len(), budget)?;
    list.extend(units.iter().flat_map(|&unit| words(unit.into())));
    Ok(())
}
