//! `--expect`: the divergences that are expected.

use std::path::Path;
use std::{fs, iter};

use anyhow::{Context, Result, anyhow};
use sre_case::version_of_label;
use sre_oracle::{CannotCompare, Expected, Reference, Stats};
use sre_support::visible::Shown;

use crate::messages;

pub(crate) fn read_expected(file: &Path) -> Result<Expected> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.shown()))?;
    Expected::parse(&text).map_err(|why| anyhow!("--expect {}: {}", file.shown(), why.to_string().shown()))
}

/// Counts the expected divergences of a comparison as such.
pub(crate) fn apply(
    expected: &Expected,
    reference: &Reference,
    stats: &mut Stats,
) -> Result<(), CannotCompare> {
    expected.clone().of_versions(&versions(reference)?).apply(stats);
    Ok(())
}

/// Returns the versions of the interpreters that are compared.
pub(crate) fn versions(reference: &Reference) -> Result<Vec<(u32, u32, u32)>, CannotCompare> {
    let tested = match reference {
        Reference::Pair(pair) => Some(pair.tested.info.version),
        Reference::Embedded | Reference::Python(_) => None,
    };
    Ok(iter::once(reference.info()?.version).chain(tested).collect())
}

/// Returns the versions of the interpreters of a merged state, of which only the labels are known.
pub(crate) fn merged_versions(label: &str, stats: &Stats) -> Vec<(u32, u32, u32)> {
    let found = stats.unknown.values().find_map(|(_, divergence)| divergence.tested.as_ref());
    let labels = iter::once(label).chain(found.map(|tested| tested.label.as_str()));
    labels.filter_map(version_of_label).collect()
}

/// Says which reasons were not seen, of those about interpreters of these versions.
pub(crate) fn note_unseen(
    expected: Option<&Expected>,
    versions: &[(u32, u32, u32)],
    is_seen: impl Fn(&str) -> bool,
) {
    let Some(expected) = expected.map(|expected| expected.clone().of_versions(versions)) else { return };
    for reason in expected.unseen(is_seen) {
        messages::note(format_args!("expected, but not seen: {}", reason.shown()));
    }
}

/// Returns whether a comparison has a divergence that is expected for a reason.
pub(crate) fn is_seen(all_stats: &[Stats]) -> impl Fn(&str) -> bool {
    |reason| all_stats.iter().any(|stats| stats.expected.contains_key(reason))
}
