//! The verdict of a comparison, in a few lines.

use std::collections::BTreeMap;
use std::io;
use std::io::Write;

use sre_case::version_of_label;
use sre_oracle::{Causes, Known, Stats};
use sre_support::visible::Shown;
use sre_support::{count, grouped};

use crate::messages::{BAD, DOUBTFUL, GOOD, styled};

/// Writes a line for each interpreter that differs, one for all that do not, the divergences that
/// were expected by reason, and what was compared.
pub(super) fn write(out: &mut impl Write, all_stats: &[Stats]) -> io::Result<()> {
    let (mut same, differing): (Vec<&Stats>, Vec<&Stats>) =
        all_stats.iter().partition(|stats| stats.unknown.is_empty() && stats.lost.is_empty());
    same.sort_by_key(|stats| version_of_label(&stats.python));
    for stats in &differing {
        let python = name(stats, all_stats);
        if !stats.unknown.is_empty() {
            let (cases, causes) = (stats.unknown_count(), Causes::new(stats).groups().len());
            let text = format!("{}, {}", count(cases, "divergence"), count(causes, "cause"));
            writeln!(out, "{python}: {}", styled(BAD, text))?;
        }
        let crashes = stats.crashes();
        if crashes > 0 {
            let text = format!("crashes on {}", count(crashes, "case"));
            writeln!(out, "{python}: {}", styled(BAD, text))?;
        }
        if stats.lost.len() > crashes {
            let text = format!("no answer to {}", count(stats.lost.len() - crashes, "case"));
            writeln!(out, "{python}: {}", styled(DOUBTFUL, text))?;
        }
    }
    let is_expected = same.iter().any(|stats| !stats.expected.is_empty());
    let the_same = if is_expected { "no other divergence" } else { "the same" };
    if let [first, .., last] = &same[..] {
        let all = match differing.len() {
            0 if same.len() == 2 => format!("{the_same} in both interpreters"),
            0 => format!("{the_same} in all {} interpreters", same.len()),
            _ => format!("{the_same} in {} other interpreters", same.len()),
        };
        let (all, to) = (styled(GOOD, all), if same.len() == 2 { "and" } else { "to" });
        writeln!(out, "{all}, {} {to} {}", first.python.shown(), last.python.shown())?;
    } else if let [only] = &same[..] {
        writeln!(out, "{}", styled(GOOD, format!("{the_same} in {}", name(only, all_stats))))?;
    }
    write_expected(out, all_stats)?;
    write_compared(out, all_stats)?;
    write_implied(out, all_stats)
}

/// Writes the number of divergences of each reason for which they were expected.
fn write_expected(out: &mut impl Write, all_stats: &[Stats]) -> io::Result<()> {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, times) in all_stats.iter().flat_map(|stats| &stats.expected) {
        *reasons.entry(reason).or_default() += times;
    }
    for (reason, times) in reasons {
        writeln!(out, "{}: {}", count(times, "expected divergence"), reason.shown())?;
    }
    Ok(())
}

/// Returns the version of the interpreter, with its path if another build has the same version.
fn name(stats: &Stats, all_stats: &[Stats]) -> String {
    let same = all_stats.iter().filter(|other| other.python == stats.python).count();
    match &stats.interpreter {
        Some(interpreter) if same > 1 => format!("{} ({})", stats.python.shown(), interpreter.shown()),
        _ => stats.python.shown().to_string(),
    }
}

/// Writes the number of cases, and what became of them where that is the same for all.
fn write_compared(out: &mut impl Write, all_stats: &[Stats]) -> io::Result<()> {
    let Some(first) = all_stats.first() else { return Ok(()) };
    let equal = |of: fn(&Stats) -> u64| all_stats.iter().all(|stats| of(stats) == of(first));
    if !equal(|stats| stats.compared) {
        let compared: u64 = all_stats.iter().map(|stats| stats.compared).sum();
        return writeln!(out, "{} compared in all", count(compared, "case"));
    }
    write!(out, "{}", count(first.compared, "case"))?;
    let all_same = all_stats
        .iter()
        .all(|stats| stats.unknown.is_empty() && stats.expected.is_empty() && stats.lost.is_empty());
    if equal(|stats| stats.accepted) && equal(|stats| stats.rejected) {
        let alike = if all_same { "" } else { " alike" };
        let (accepted, rejected) = (grouped(first.accepted), grouped(first.rejected));
        write!(out, ": {accepted} accepted{alike}, {rejected} refused{alike}")?;
    } else if first.compared == 1 && all_same {
        let accepted = all_stats.iter().filter(|stats| stats.accepted > 0).count();
        let refused = all_stats.iter().filter(|stats| stats.rejected > 0).count();
        write!(out, ": accepted by {accepted}, refused by {refused}")?;
    }
    let known: BTreeMap<Known, u64> = all_stats.iter().fold(BTreeMap::new(), |mut sum, stats| {
        stats.known.iter().for_each(|(known, (times, _))| *sum.entry(*known).or_default() += times);
        sum
    });
    if !known.is_empty() {
        let total: u64 = known.values().sum();
        let each: Vec<String> =
            known.iter().map(|(known, times)| format!("{known} {}", grouped(*times))).collect();
        write!(out, "; {} ({})", count(total, "known divergence"), each.join(", "))?;
    }
    writeln!(out)
}

/// Writes how many answers of interpreters other answers imply.
fn write_implied(out: &mut impl Write, all_stats: &[Stats]) -> io::Result<()> {
    let implied: u64 = all_stats.iter().map(|stats| stats.implied).sum();
    if implied == 0 {
        return Ok(());
    }
    let asked = all_stats.iter().map(|stats| stats.compared).sum::<u64>() - implied;
    let (asked, implied) = (grouped(asked), grouped(implied));
    writeln!(out, "interpreters were asked for {asked}; these answers imply the other {implied}")
}

#[cfg(test)]
mod tests {
    use sre_compiler::Dialect;
    use sre_oracle::Stats;

    #[test]
    fn the_range_of_versions_does_not_depend_on_the_order() {
        let all =
            ["3.15.2", "3.8.18", "3.13.5"].map(|python| Stats::new(python.to_owned(), Dialect::default()));
        let mut out = Vec::new();
        super::write(&mut out, &all).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains(", 3.8.18 to 3.15.2\n"), "{text}");
    }
}
