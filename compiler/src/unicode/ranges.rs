//! Sets of characters that grow from version to version.
//!
//! A set is a table of disjoint ranges in ascending order, each with the version since which its characters belong.
//! Adjacent ranges differ in their versions.

use super::Version;

/// Characters that belong to a set since the same version: 8 bytes, the version above the 21 bits of a code point.
#[derive(Clone, Copy)]
pub(super) struct Range {
    first_and_since: u32,
    last: u32,
}

const SINCE_SHIFT: u32 = 24;

/// A range as the generated tables write it.
pub(super) const fn r(first: u32, last: u32, since: Version) -> Range {
    Range { first_and_since: first | (since as u32) << SINCE_SHIFT, last }
}

impl Range {
    pub(super) fn first(self) -> u32 {
        self.first_and_since & ((1 << SINCE_SHIFT) - 1)
    }

    pub(super) fn holds_in(self, version: Version) -> bool {
        self.first_and_since >> SINCE_SHIFT <= version as u32
    }
}

/// The range that has `c`, if it belongs in this version.
pub(super) fn find(table: &[Range], version: Version, c: u32) -> Option<Range> {
    let at = table.partition_point(|range| range.last < c);
    table.get(at).copied().filter(|range| range.first() <= c && range.holds_in(version))
}

/// Whether `c` belongs in this version.
pub(super) fn contains(table: &[Range], version: Version, c: u32) -> bool {
    find(table, version, c).is_some()
}

/// Whether any character of `lo..=hi` belongs in this version.
pub(super) fn any(table: &[Range], version: Version, lo: u32, hi: u32) -> bool {
    let at = table.partition_point(|range| range.last < lo);
    // The first range settles it, save for the few that are too new.
    let holds = |range: &Range| range.holds_in(version);
    lo <= hi && table[at..].iter().take_while(|range| range.first() <= hi).any(holds)
}
