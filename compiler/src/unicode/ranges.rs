//! Sets of characters that grow from version to version.
//!
//! A set is a table of disjoint ranges in ascending order, each with the version that introduced
//! its characters. Adjacent ranges differ in their versions.

use super::entries::Range;
use super::version::Version;

/// Returns the range that contains `c`, if it exists in this version.
pub(super) fn find(table: &[Range], version: Version, c: u32) -> Option<Range> {
    let at = table.partition_point(|range| range.last < c);
    table.get(at).copied().filter(|range| range.first() <= c && range.holds_in(version))
}

/// Returns whether the set contains `c` in this version.
pub(super) fn contains(table: &[Range], version: Version, c: u32) -> bool {
    find(table, version, c).is_some()
}

/// Returns the characters of `lo..=hi` that the set contains in this version, as disjoint ranges in
/// ascending order.
pub(super) fn between(
    table: &[Range],
    version: Version,
    lo: u32,
    hi: u32,
) -> impl Iterator<Item = (u32, u32)> {
    let at = table.partition_point(|range| range.last < lo);
    let ranges = table[at..].iter().take_while(move |range| range.first() <= hi);
    let clip = move |range: &Range| (range.first().max(lo), range.last.min(hi));
    ranges.filter(move |range| lo <= hi && range.holds_in(version)).map(clip)
}
