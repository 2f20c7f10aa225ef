//! Eight bytes of a pattern at once.
//!
//! Most runs of literals are short, and where one ends cannot be foreseen. So that is not asked byte by byte, but worked
//! out for all eight: a wrong guess takes longer.

/// Eight bytes of a pattern, the first one lowest.
#[derive(Clone, Copy)]
pub(crate) struct Piece(pub u64);

/// How many bytes that are.
pub(crate) const PIECE: usize = 8;

/// A byte of 1, eight times.
const EACH: u64 = u64::MAX / 0xff;
/// The highest bit of each byte.
const HIGHEST: u64 = EACH << 7;

/// Masks, and what they leave of the characters that do not stand for themselves where white space counts.
const SPECIAL: [(u8, u8); 7] =
    [(0xfc, b'('), (0xff, b'$'), (0xff, b'.'), (0xff, b'?'), (0xdf, b'['), (0xfd, b'\\'), (0xff, b'|')];

impl Piece {
    /// The first eight of some bytes, if there are so many.
    #[inline(always)]
    pub(crate) fn of(bytes: &[u8]) -> Option<Piece> {
        bytes.first_chunk().map(|&bytes| Piece(u64::from_le_bytes(bytes)))
    }

    /// How many bytes come before the first one that is not of ASCII, or does not stand for itself where white space counts;
    /// none if there is no such byte.
    #[inline(always)]
    pub(crate) const fn plain(self) -> Option<usize> {
        let (mut others, mut n) = (self.0, 0);
        while n < SPECIAL.len() {
            let (mask, left) = SPECIAL[n];
            let difference = self.0 & mask as u64 * EACH ^ left as u64 * EACH;
            // Of bytes of ASCII sets the highest bit of the lowest one that is zero; those above it may be wrong.
            others |= difference.wrapping_sub(EACH);
            n += 1;
        }
        others &= HIGHEST;
        if others == 0 { None } else { Some(others.trailing_zeros() as usize / 8) }
    }
}
