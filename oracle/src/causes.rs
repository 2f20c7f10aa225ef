//! The divergences of a comparison, grouped by cause.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use sre_support::count;

use crate::cause::{Cause, cover};
use crate::divergence::Divergence;
use crate::stats::Stats;

/// The divergences with one cause.
#[derive(Clone, Debug)]
pub struct Group {
    /// The cause.
    pub cause: Cause,
    /// Number of divergences.
    pub count: u64,
    /// Number of signatures.
    pub signatures: usize,
    /// The divergence with the smallest case.
    pub smallest: Box<Divergence>,
}

/// The unknown divergences of a comparison, grouped by cause; the most frequent first.
///
/// `Display` writes a line for each cause.
#[derive(Clone, Debug, Default)]
pub struct Causes(Vec<Group>);

impl Causes {
    /// Groups the unknown divergences of a comparison by [`Stats::causes`], where they are known.
    pub fn new(stats: &Stats) -> Causes {
        let mut groups: BTreeMap<Cause, Group> = BTreeMap::new();
        for ((times, divergence), cause) in stats.unknown.values().zip(of_each(stats)) {
            let Some(cause) = cause else { continue };
            let group = groups.entry(cause).or_insert_with(|| Group {
                cause,
                count: 0,
                signatures: 0,
                smallest: divergence.clone(),
            });
            group.count += times;
            group.signatures += 1;
            if Stats::size(&divergence.case) < Stats::size(&group.smallest.case) {
                group.smallest.clone_from(divergence);
            }
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.sort_by_key(|group| (Reverse(group.count), group.cause));
        Causes(groups)
    }

    /// Returns the groups, the most frequent cause first.
    pub fn groups(&self) -> &[Group] {
        &self.0
    }
}

/// Returns the cause of each unknown divergence, in order, so that there are few.
pub(crate) fn of_each(stats: &Stats) -> Vec<Option<Cause>> {
    let items = stats.unknown.iter().map(|(signature, (times, divergence))| {
        let known = stats.causes.get(signature).cloned();
        (*times, known.unwrap_or_else(|| Cause::candidates(divergence)))
    });
    let items: Vec<_> = items.collect();
    cover(&items).into_iter().map(|cause| cause.copied()).collect()
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let case: String = self.smallest.case.excerpt().chars().take(80).collect();
        let text = self.cause.text(self.smallest.dialects.cpython);
        let (times, signatures) = (count(self.count, "divergence"), count(self.signatures, "signature"));
        write!(f, "{text}: {times}, {signatures}, smallest {case}")
    }
}

impl fmt::Display for Causes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|group| writeln!(f, "{group}"))
    }
}
