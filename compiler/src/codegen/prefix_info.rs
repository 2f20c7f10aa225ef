//! What the code begins with, as far as the info block asks: noted while the code is written, when it is still known.

use crate::flags::Flags;
use crate::item::PackedItem;

/// What is noted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrefixInfo {
    /// How many words of it do no more than to say that groups begin.
    pub marks: u32,
    /// Nothing was put in before that index.
    pub settled: u32,
    /// Where a prefix ends at the latest.
    pub prefix_end: u32,
    /// Where a set begins before, if at all.
    pub(super) set_end: u32,
    /// The set after these marks, if one was written there.
    pub set: Option<FirstSet>,
    /// The literals, as a set, that the alternatives of the branch begin with that was put there.
    pub branch: Option<FirstSet>,
}

/// A set that the first character is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstSet {
    pub kind: PackedItem,
    /// The flags where it stands.
    pub flags: Flags,
}

impl Default for PrefixInfo {
    fn default() -> PrefixInfo {
        let (settled, prefix_end, set_end) = (u32::MAX, u32::MAX, u32::MAX);
        PrefixInfo { marks: 0, settled, prefix_end, set_end, set: None, branch: None }
    }
}

impl PrefixInfo {
    /// An instruction is put in before an index.
    #[inline]
    pub(super) fn insert(&mut self, at: usize) {
        if at as u32 <= self.settled {
            self.settled = at as u32;
            self.branch = None;
        }
    }
}
