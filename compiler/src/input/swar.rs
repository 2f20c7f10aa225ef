//! Eight bytes at once: SIMD within a register.
//!
//! Most runs of literals are short, and their lengths are unpredictable. Finding the end of a run
//! for eight bytes without branches takes less time than one mispredicted branch.

/// Eight bytes of a pattern, the first one in the lowest bits.
#[derive(Clone, Copy)]
pub(crate) struct Block8(pub u64);

/// The number of bytes in a [`Block8`].
pub(crate) const LANES: usize = 8;

/// The byte 0x01, eight times.
const EACH: u64 = u64::MAX / 0xff;
/// The highest bit of each byte.
const HIGHEST: u64 = EACH << 7;

/// A mask, and the value that remains of the bytes that match.
pub(crate) type MaskedByte = (u8, u8);

/// A code unit of a pattern.
pub(crate) trait Unit: Copy + Into<u32> {
    /// Returns the first eight units together, if units are bytes and there are as many.
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
    /// Returns how many bytes precede the first one that is beyond ASCII or matches one of
    /// `special`, if there is such a byte.
    #[inline(always)]
    pub(crate) fn first_special(self, special: &[MaskedByte]) -> Option<usize> {
        let mut others = self.0;
        for &(mask, left) in special {
            let difference = (self.0 & (u64::from(mask) * EACH)) ^ (u64::from(left) * EACH);
            // For ASCII bytes this sets the highest bit of the lowest byte that is zero. Higher
            // bytes may be wrong, but only the lowest one counts.
            others |= difference.wrapping_sub(EACH);
        }
        others &= HIGHEST;
        (others != 0).then(|| others.trailing_zeros() as usize / 8)
    }
}
