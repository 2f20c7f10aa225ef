//! Literals in a row: most of a pattern, and of its code.
//!
//! Most runs of them are short, and where one ends cannot be foreseen. So whole pieces are written, and what was too much
//! is cut off: that takes less time than to ask for each whether it is the last.

use alloc::vec::Vec;
use core::array::from_fn;

use crate::kind::Kind;
use crate::piece::PIECE;
use crate::pool::{Budget, Grow, Stop};

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
    if let Some(piece) = units.first_chunk::<PIECE>()
        && length <= PIECE
        && kinds.capacity() - kinds.len() >= PIECE
        && code.capacity() - code.len() >= 2 * PIECE
    {
        let end = kinds.len() + length;
        let literals: [Kind; PIECE] = from_fn(|n| Kind::literal(piece[n].into()));
        kinds.extend_from_slice(&literals);
        kinds.truncate(end);
        let end = code.len() + 2 * length;
        let words: [[u32; 2]; PIECE] = from_fn(|n| [op, piece[n].into()]);
        code.extend_from_slice(words.as_flattened());
        code.truncate(end);
        return Ok(());
    }
    add_exactly(kinds, code, &units[..length], op, budget)
}

#[inline(never)]
fn add_exactly<U: Copy + Into<u32>>(
    kinds: &mut Vec<Kind>,
    code: &mut Vec<u32>,
    units: &[U],
    op: u32,
    budget: &mut Budget,
) -> Result<(), Stop> {
    kinds.make_room(units.len(), budget)?;
    kinds.extend(units.iter().map(|&unit| Kind::literal(unit.into())));
    code.make_room(2 * units.len(), budget)?;
    code.extend(units.iter().flat_map(|&unit| [op, unit.into()]));
    Ok(())
}
