//! Divergences that several interpreters share.

use sre_oracle::{Cause, Causes, Divergence, Stats};

/// The divergences of one cause, and the interpreters that have them.
pub(super) struct Group {
    /// The function of CPython or the rule that they have in common.
    pub cause: Cause,
    /// The smallest, in the last interpreter that has it, usually the newest.
    pub divergence: Box<Divergence>,
    /// The other interpreters that have it, in their order.
    pub others: Vec<String>,
    /// Number of divergences and of signatures, in the interpreter with the most.
    pub times: u64,
    pub signatures: usize,
}

/// Returns the divergences of all interpreters. Those with the same cause and the same smallest
/// case are one group.
pub(super) fn groups(all_stats: &[Stats]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for stats in all_stats {
        for found in Causes::new(stats).groups() {
            let smallest = &found.smallest;
            let same = |group: &&mut Group| {
                group.cause == found.cause
                    && group.divergence.signature == smallest.signature
                    && group.divergence.case == smallest.case
            };
            match groups.iter_mut().find(same) {
                Some(group) => {
                    group.others.push(group.divergence.python.clone());
                    group.divergence = smallest.clone();
                    group.times = group.times.max(found.count);
                    group.signatures = group.signatures.max(found.signatures);
                }
                None => groups.push(Group {
                    cause: found.cause,
                    divergence: smallest.clone(),
                    others: Vec::new(),
                    times: found.count,
                    signatures: found.signatures,
                }),
            }
        }
    }
    groups
}
