//! Eight bytes of a pattern at once.
//!
//! Most runs of literals are short, and where one ends cannot be foreseen. So that is not asked byte by byte, but worked
//! out for all eight: a wrong guess takes longer.

/// Eight bytes of a pattern, the first one lowest.
#[derive(Clone, Copy)]
pub(crate) struct Block8(pub u64);

/// How many bytes that are.
pub(crate) const LANES: usize = 8;

/// A byte of 1, eight times.
const EACH: u64 = u64::MAX / 0xff;
/// The highest bit of each byte.
const HIGHEST: u64 = EACH << 7;

/// What a character looks for: a mask, and what that leaves of it.
pub(crate) type MaskedByte = (u8, u8);

/// A unit of a pattern.
pub(crate) trait Unit: Copy + Into<u32> {
    /// The first of some units together, if they are bytes, and enough.
    fn block(units: &[Self]) -> Option<Block8>;
}

impl Unit for u8 {
    #[inline(always)]
    fn block(bytes: &[u8]) -> Option<Block8> {
        bytes.first_chunk().map(|&bytes| Block8(u64::from_le_bytes(bytes)))
    }
}

impl Unit for u32 {
    #[inline(always)]
    fn block(_: &[u32]) -> Option<Block8> {
        None
    }
}

impl Block8 {
    /// How many bytes come before the first one that is not of ASCII or one of those given; none if there is no such byte.
    #[inline(always)]
    pub(crate) fn first_special(self, special: &[MaskedByte]) -> Option<usize> {
        let mut others = self.0;
        for &(mask, left) in special {
            let difference = (self.0 & (u64::from(mask) * EACH)) ^ (u64::from(left) * EACH);
            // Of bytes of ASCII sets the highest bit of the lowest one that is zero; those above it may be wrong.
            others |= difference.wrapping_sub(EACH);
        }
        others &= HIGHEST;
        (others != 0).then(|| others.trailing_zeros() as usize / 8)
    }
}
