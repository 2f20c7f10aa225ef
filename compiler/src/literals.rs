//! Literals in a row: most of a pattern, and of its code.
//!
//! Most runs of them are short, and where one ends cannot be foreseen. So whole pieces are written, and what was too much
//! is cut off: that takes less time than to ask for each whether it is the last.

use alloc::vec::Vec;

use crate::pool::{Budget, Grow, Stop};

/// How many literals are written at once.
const PIECE: usize = 8;

/// Adds what becomes of each of the first units of some.
#[inline(always)]
pub(crate) fn add_run<U: Copy + Into<u32>, T: Copy, const EACH: usize>(
    list: &mut Vec<T>,
    units: &[U],
    length: usize,
    budget: &mut Budget,
    words: impl Fn(u32) -> [T; EACH],
) -> Result<(), Stop> {
    let room = list.capacity() - list.len() >= EACH * PIECE;
    if let Some(piece) = units.first_chunk::<PIECE>()
        && length <= PIECE
        && room
    {
        let end = list.len() + EACH * length;
        let words: [[T; EACH]; PIECE] = core::array::from_fn(|n| words(piece[n].into()));
        list.extend_from_slice(words.as_flattened());
        list.truncate(end);
        return Ok(());
    }
    add_exactly(list, &units[..length], budget, words)
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
