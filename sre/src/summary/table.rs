//! The table of counts and rates.

use std::io;
use std::io::Write;

use sre_oracle::Stats;

/// The columns, with their widths.
const COLUMNS: [(&str, usize); 9] = [
    ("as", 7),
    ("cases", 8),
    ("accepted", 8),
    ("refused", 8),
    ("known", 5),
    ("unknown", 7),
    ("lost", 4),
    ("cases/s", 7),
    ("CPython", 7),
];

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

/// Writes a row for each interpreter.
pub(super) fn write(out: &mut impl Write, all_stats: &[Stats]) -> io::Result<()> {
    write!(out, "{:9}", "python")?;
    COLUMNS.iter().try_for_each(|(name, width)| write!(out, " {name:>width$}"))?;
    writeln!(out)?;
    for stats in all_stats {
        write!(out, "{:9}", stats.python)?;
        let lost = stats.lost.len() as u64;
        let (known, unknown) = (stats.known_count(), stats.unknown_count());
        let numbers = [stats.compared, stats.accepted, stats.rejected, known, unknown, lost];
        let share = stats.cost.share().map_or("-".to_owned(), |share| format!("{:.1}%", share * 100.0));
        let cells = [stats.dialect.to_string()].into_iter().chain(numbers.map(|number| number.to_string()));
        let cells = cells.chain([format!("{:.0}", stats.rate()), share]);
        for (cell, (_, width)) in cells.zip(COLUMNS) {
            write!(out, " {cell:>width$}")?;
        }
        // Distinguish two builds of one version.
        let same = all_stats.iter().filter(|other| other.python == stats.python).count();
        match &stats.interpreter {
            Some(interpreter) if same > 1 => writeln!(out, "  {interpreter}")?,
            _ => writeln!(out)?,
        }
    }
    Ok(())
}
