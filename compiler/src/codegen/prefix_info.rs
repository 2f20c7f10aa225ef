//! What the info block needs to know about the beginning of the code, noted while it is emitted.
//!
//! CPython's `_get_literal_prefix` and `_get_charset_prefix` walk the tree from its first item and
//! enter the groups that come first. The code has no tree, but its first words show the same, given
//! three indices:
//!
//! - `settled`: nothing was inserted before it. A repeat or a branch is an insertion at its start,
//!   so the words before `settled` are in none: they match one after the other, in each match. A
//!   repeat of a single character is emitted without an insertion, and its opcode ends the walk.
//! - `prefix_end`: where a group begins that ignores case by the locale. CPython does not enter it.
//! - `set_end`: where an empty group with flags was. It has no code, but CPython finds no set if
//!   this group comes first.

use crate::flags::Flags;
use crate::item::PackedItem;

#[derive(Clone, Copy, Debug)]
pub(super) struct PrefixInfo {
    /// How many words the MARKs take that the code begins with, all of which open groups.
    pub marks: u32,
    /// The least index of an insertion.
    pub settled: u32,
    /// The index at which a literal prefix ends at the latest.
    pub prefix_end: u32,
    /// The index before which a set must begin to count.
    pub set_end: u32,
    /// The set emitted right after the marks, if there is one.
    pub set: Option<FirstSet>,
    /// The first literals of the alternatives of the branch right after the marks, as a set, if
    /// each of them begins with a literal.
    pub branch: Option<FirstSet>,
}

/// A set that contains the first character of each match.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstSet {
    pub item: PackedItem,
    /// The flags in force at the set.
    pub flags: Flags,
}

impl Default for PrefixInfo {
    fn default() -> PrefixInfo {
        let (settled, prefix_end, set_end) = (u32::MAX, u32::MAX, u32::MAX);
        PrefixInfo { marks: 0, settled, prefix_end, set_end, set: None, branch: None }
    }
}

impl PrefixInfo {
    /// Notes that an instruction is inserted before an index.
    #[inline]
    pub(super) fn insert(&mut self, at: usize) {
        if at as u32 <= self.settled {
            self.settled = at as u32;
            self.branch = None;
        }
    }
}
