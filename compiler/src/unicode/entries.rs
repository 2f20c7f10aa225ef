//! The entries of the generated tables.

use super::version::Version;

/// Characters that belong to a set since the same version, in 8 bytes: the version is above the 21
/// bits of a code point.
#[derive(Clone, Copy)]
pub(super) struct Range {
    first_and_since: u32,
    pub(super) last: u32,
}
const SINCE_SHIFT: u32 = 24;
/// A range, as the generated tables write it.
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
/// Characters with the same distance to their lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LowerRun {
    /// The first character.
    pub first: u32,
    /// The last character, inclusive.
    pub last: u32,
    /// 1 for every character from first to last, 2 for every second one.
    pub step: u32,
    /// The difference between the lower case and the character.
    pub delta: i32,
}
/// A run of the generated table.
pub(super) struct Lower {
    pub(super) run: LowerRun,
    pub(super) since: Version,
}
/// A run, as the generated tables write it.
pub(super) const fn lower(first: u32, last: u32, step: u32, delta: i32, since: Version) -> Lower {
    Lower { run: LowerRun { first, last, step, delta }, since }
}
/// Characters that are named by their code point, in the versions from `since` to `until`.
///
/// Only 3.8 needs an `until`: it names U+2EBE1 to U+2EBEF, which are not assigned. The Tangut
/// ideographs begin with 15.1 although they are older, because no interpreter with an older version
/// finds them.
pub(super) struct HexRange {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) since: Version,
    pub(super) until: Version,
}
/// A range, as the generated tables write it.
pub(super) const fn hex(first: u32, last: u32, since: Version, until: Version) -> HexRange {
    HexRange { first, last, since, until }
}
