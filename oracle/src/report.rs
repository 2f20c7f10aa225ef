//! A divergence, to be read.

use std::fmt::{self, Write};

use similar::{Algorithm, DiffOp, capture_diff_slices};
use sre_compiler::Dialect;

use crate::case::{Case, Text};
use crate::count;
use crate::divergence::{Divergence, Stage};
use crate::outcome::{Accepted, Outcome, Rejected, Warning};
use crate::signature;
use crate::visible::{self, Shown};

/// A divergence, displayed: the case to paste, the version, the stage, the signature, both sides aligned with their
/// first difference marked, and the lines to go on with.
#[derive(Clone, Copy, Debug)]
pub struct Report<'d>(pub &'d Divergence);

/// How many lines around a difference are shown.
const CONTEXT: usize = 3;

/// How many lines are shown at most; a long one says little more than a short one.
const LINES: usize = 60;

/// How wide the left side is.
const WIDTH: usize = 52;

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let divergence = self.0;
        writeln!(f, "{}", shortened(&format!("{:?}", divergence.case)))?;
        if let Some(found) = &divergence.found_as {
            writeln!(f, "  found as   {}", shortened(&format!("{found:?}")))?;
        }
        writeln!(f, "  python     {} (dialect {})", divergence.python, divergence.dialect)?;
        writeln!(f, "  stage      {}", divergence.stage)?;
        writeln!(f, "  signature  {}", divergence.signature.shown())?;
        writeln!(f)?;
        let (ours, theirs) = (lines(divergence, &divergence.ours), lines(divergence, &divergence.theirs));
        write_aligned(f, &ours, &theirs)?;
        writeln!(f)?;
        let make = printf(&divergence.case);
        let pythons = pythons(divergence);
        let case = match argument(&divergence.case) {
            Some(argument) => argument,
            None => {
                writeln!(f, "  as a file  {make} > x.case")?;
                "x.case".to_owned()
            }
        };
        writeln!(f, "  reproduce  sre compare {pythons} {case}")?;
        writeln!(f, "  explain    sre explain {} {case}", pythons.replacen("--pythons", "--python", 1))?;
        writeln!(f, "  keep       sre keep --name WHAT-WENT-WRONG {case}")
    }
}

/// The lines of a side that show what differs.
fn lines(divergence: &Divergence, side: &Outcome) -> Vec<String> {
    let (Outcome::Accepted(accepted), Some(_), Some(_)) =
        (side, divergence.ours.accepted(), divergence.theirs.accepted())
    else {
        return summary(divergence, side);
    };
    let text = |text: &Option<String>| text.iter().flat_map(|text| text.lines()).map(str::to_owned).collect();
    match divergence.stage {
        Stage::Tree => text(&accepted.tree),
        Stage::Dis => text(&accepted.dis),
        Stage::Code => code(divergence, accepted),
        _ => summary(divergence, side),
    }
}

/// The instructions, indented as they nest, without offsets, which would make everything after a difference differ.
fn code(divergence: &Divergence, accepted: &Accepted) -> Vec<String> {
    let disassembly = sre_compiler::Disassembly::new(&accepted.code, divergence.dialect);
    let lines = disassembly.lines();
    let offset = lines.iter().find_map(|line| line.word.map(|_| line.text.find(". ").map_or(0, |at| at + 2)));
    let shown = lines.iter().map(|line| match line.text.get(offset.unwrap_or_default()..) {
        Some(text) => text.rsplit_once(" (to ").map_or(text, |(text, _)| text).to_owned(),
        None => line.instruction().to_owned(),
    });
    shown.collect()
}

fn summary(divergence: &Divergence, side: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    match side {
        Outcome::Accepted(accepted) => {
            lines.push("accepted".to_owned());
            lines.push(format!("flags {:#x}", accepted.flags));
            lines.push(format!("groups {}", accepted.groups));
            if let Some(taken) = accepted.taken {
                lines.push(format!("{} by _sre", if taken { "taken" } else { "refused" }));
            }
            lines.extend(accepted.group_index.iter().map(|(name, group)| format!("group {group} {name:?}")));
        }
        Outcome::Rejected(rejected) => lines.extend(error(rejected)),
        Outcome::Lost { why } => lines.push(why.clone()),
    }
    lines.extend(side.warnings().iter().map(warning));
    if let (Outcome::Accepted(accepted), Stage::Error) = (side, divergence.stage) {
        lines.extend(signature::instructions(&accepted.code, divergence.dialect));
    }
    lines
}

fn error(rejected: &Rejected) -> [String; 3] {
    let place = match (rejected.pos, rejected.lineno, rejected.colno) {
        (Some(pos), Some(lineno), Some(colno)) => format!("at {pos} (line {lineno}, column {colno})"),
        (None, None, None) => "without position".to_owned(),
        place => format!("at {place:?}"),
    };
    [rejected.exception.clone(), format!("{:?}", rejected.message), place]
}

fn warning(warning: &Warning) -> String {
    format!("{}: {:?}", warning.category, warning.text)
}

/// Both sides next to each other. `|` stands between lines that differ, `<` and `>` after and before a line that
/// only one side has; the first of them has an arrow.
fn write_aligned(f: &mut fmt::Formatter<'_>, ours: &[String], theirs: &[String]) -> fmt::Result {
    let rows = align(ours, theirs);
    let differs = |row: &(Option<&str>, Option<&str>)| row.0 != row.1;
    let near = |n: usize| {
        let around = n.saturating_sub(CONTEXT)..(n + CONTEXT + 1).min(rows.len());
        rows[around].iter().any(differs)
    };
    let mut first = rows.iter().position(differs);
    let mut shown = 0;
    let mut skipped = false;
    writeln!(f, "     {:WIDTH$}   CPython", "ours")?;
    for (n, row) in rows.iter().enumerate() {
        if !near(n) {
            skipped = true;
            continue;
        }
        if std::mem::take(&mut skipped) {
            writeln!(f, "     …")?;
        }
        if shown == LINES {
            return writeln!(f, "     … {} more", count(rows.len() - n, "line"));
        }
        shown += 1;
        let arrow = if first.take_if(|first| *first == n).is_some() { "-->" } else { "   " };
        let mark = match row {
            (Some(_), None) => '<',
            (None, Some(_)) => '>',
            _ if differs(row) => '|',
            _ => ' ',
        };
        let [left, right] =
            [row.0, row.1].map(|line| shortened(line.unwrap_or_default()).shown().to_string());
        let line = format!("  {arrow}{left:WIDTH$} {mark} {right}");
        writeln!(f, "{}", line.trim_end())?;
    }
    if skipped { writeln!(f, "     …") } else { Ok(()) }
}

fn align<'l>(ours: &'l [String], theirs: &'l [String]) -> Vec<(Option<&'l str>, Option<&'l str>)> {
    let mut rows = Vec::new();
    let mut pair = |old: std::ops::Range<usize>, new: std::ops::Range<usize>| {
        let longest = old.len().max(new.len());
        let at = |lines: &'l [String], range: &std::ops::Range<usize>, n: usize| {
            lines[range.clone()].get(n).map(String::as_str)
        };
        rows.extend((0..longest).map(|n| (at(ours, &old, n), at(theirs, &new, n))));
    };
    for op in capture_diff_slices(Algorithm::Myers, ours, theirs) {
        match op {
            DiffOp::Equal { .. } | DiffOp::Replace { .. } => pair(op.old_range(), op.new_range()),
            DiffOp::Delete { .. } => pair(op.old_range(), 0..0),
            DiffOp::Insert { .. } => pair(0..0, op.new_range()),
        }
    }
    rows
}

/// A long line without its middle.
fn shortened(line: &str) -> String {
    const ENDS: usize = 160;
    if line.chars().count() <= 2 * ENDS {
        return line.to_owned();
    }
    let head: String = line.chars().take(ENDS).collect();
    let tail: Vec<char> = line.chars().rev().take(ENDS).collect();
    format!("{head} … {}", tail.into_iter().rev().collect::<String>())
}

/// The arguments that name the interpreter, and the dialect if that is not its own.
fn pythons(divergence: &Divergence) -> String {
    let Divergence { python, dialect, .. } = divergence;
    match python.parse::<Dialect>() {
        Ok(own) if own != *dialect => format!("--pythons {python} --dialect {dialect}"),
        _ => format!("--pythons {python}"),
    }
}

/// The arguments of `sre compare` that give the case, where a shell takes them.
fn argument(case: &Case) -> Option<String> {
    let text = match &case.text {
        Text::Str(_) => case.to_utf8()?,
        Text::Bytes(bytes) => std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii())?.to_owned(),
    };
    if text.chars().any(visible::is_hidden) || text.len() > 1000 {
        return None;
    }
    let mut arguments = String::new();
    if case.is_bytes() {
        arguments.push_str("--bytes ");
    }
    if case.flags != sre_compiler::Flags::empty() {
        let _ = write!(arguments, "--flags={} ", case.flags.bits());
    }
    let _ = write!(arguments, "-e '{}'", text.replace('\'', r"'\''"));
    Some(arguments)
}

/// The shell's command that writes the case file, byte for byte.
fn printf(case: &Case) -> String {
    let mut command = "printf '".to_owned();
    for &byte in &case.encode() {
        let _ = match byte {
            b'\n' => write!(command, "\\n"),
            b'\\' => write!(command, "\\\\"),
            b'%' => write!(command, "%%"),
            b'\'' => write!(command, "\\047"),
            b' '..=b'~' => write!(command, "{}", char::from(byte)),
            _ => write!(command, "\\{byte:03o}"),
        };
    }
    command.push('\'');
    command
}
