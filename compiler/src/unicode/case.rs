//! Lower case, as runs of characters with the same distance to their lower case.
//!
//! A run is every character from its first to its last, or every second one (`ĀāĂăĄą…`). Runs do
//! not overlap, not even those of different versions, so the only run that may contain a character
//! is found by its end.

use super::entries::LowerRun;
use super::tables::LOWER;
use super::version::Version;

impl LowerRun {
    /// Returns the part of the run in `lo..=hi`.
    fn clip(self, lo: u32, hi: u32) -> Option<LowerRun> {
        let first = self.first + lo.saturating_sub(self.first).next_multiple_of(self.step);
        let last = self.last.min(hi);
        (first <= last).then(|| LowerRun { first, last: last - (last - first) % self.step, ..self })
    }
}

/// Returns the runs that end at `lo` or later.
fn runs_from(version: Version, lo: u32) -> impl Iterator<Item = LowerRun> {
    let at = LOWER.partition_point(|lower| lower.run.last < lo);
    LOWER[at..].iter().filter(move |lower| lower.since <= version).map(|lower| lower.run)
}

pub(super) fn to_lower(version: Version, c: u32) -> u32 {
    let run = runs_from(version, c).next().and_then(|run| run.clip(c, c));
    run.map_or(c, |run| c.wrapping_add_signed(run.delta))
}

pub(super) fn lower_runs(version: Version, lo: u32, hi: u32) -> impl Iterator<Item = LowerRun> {
    runs_from(version, lo).take_while(move |run| run.first <= hi).filter_map(move |run| run.clip(lo, hi))
}
