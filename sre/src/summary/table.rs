//! The table of counts and rates.

use std::io;
use std::io::Write;

use sre_oracle::Stats;
use sre_support::grouped;

const COLUMNS: [&str; 9] =
    ["as", "cases", "accepted", "refused", "known", "unknown", "lost", "cases/s", "CPython"];

/// What the columns mean, for the help of the verbs that print them.
pub(crate) const WORDS: &str = "\
Words:
  case        a pattern with its flags
  divergence  a case for which sre-compiler and CPython differ in code, flags,
              groups, warnings or error
  known       a divergence for one of the reasons in corpus/known/README.md;
              all others are unknown
  signature   what differs, without the details of the pattern
  cause       the function of CPython, or the rule of a dialect, that the
              divergences of several signatures have in common
  lost        a case to which an interpreter gave no answer
With -v, a table: `as` is the version that sre-compiler compiles as, `CPython`
the share of the processor time that its compiler took (runs of a second or
more).";

/// Writes a row for each interpreter. Columns are as wide as their longest cell.
pub(super) fn write(out: &mut impl Write, all_stats: &[Stats]) -> io::Result<()> {
    let rows: Vec<[String; 9]> = all_stats.iter().map(cells).collect();
    let longest = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or_default();
    let widths: [usize; 9] = std::array::from_fn(|column| COLUMNS[column].len().max(longest(column)));
    write!(out, "{:9}", "python")?;
    COLUMNS.iter().zip(widths).try_for_each(|(name, width)| write!(out, " {name:>width$}"))?;
    writeln!(out)?;
    for (stats, row) in all_stats.iter().zip(&rows) {
        write!(out, "{:9}", stats.python)?;
        row.iter().zip(widths).try_for_each(|(cell, width)| write!(out, " {cell:>width$}"))?;
        // Distinguish two builds of one version.
        let same = all_stats.iter().filter(|other| other.python == stats.python).count();
        match &stats.interpreter {
            Some(interpreter) if same > 1 => writeln!(out, "  {interpreter}")?,
            _ => writeln!(out)?,
        }
    }
    Ok(())
}

fn cells(stats: &Stats) -> [String; 9] {
    [
        stats.dialect.to_string(),
        grouped(stats.compared),
        grouped(stats.accepted),
        grouped(stats.rejected),
        grouped(stats.known_count()),
        grouped(stats.unknown_count()),
        grouped(stats.lost.len()),
        grouped(stats.rate().round() as u64),
        stats.cost.share().map_or("-".to_owned(), |share| format!("{:.1}%", share * 100.0)),
    ]
}
