//! A line for each finding: `app.py:2:35: SRE001 Python 3.8 to 3.10: error: multiple repeat`

use std::io;
use std::io::Write;

use sre_support::visible::Shown;

use crate::finding::Located;

/// Writes a finding.
///
/// # Errors
/// Those of the writer.
pub fn write(out: &mut impl Write, located: &Located) -> io::Result<()> {
    write!(out, "{}:", located.file.shown())?;
    if let Some(line) = located.line {
        write!(out, "{line}:")?;
        if let Some(column) = located.column {
            write!(out, "{column}:")?;
        }
    }
    let fixable = if located.fix.is_some() { " [fixable]" } else { "" };
    writeln!(out, " {} {}{fixable}", located.finding.rule, located.finding.message)
}
