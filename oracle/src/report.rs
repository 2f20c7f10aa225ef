//! A divergence as text.

use std::collections::VecDeque;
use std::fmt;
use std::fmt::Write;
use std::path::Path;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use sre_case::{Case, Outcome, Rejected, Text, Warning, excerpt, wire};
use sre_support::visible::Shown;
use sre_support::{count, visible};

use crate::divergence::{Aspect, Divergence};
use crate::rows::Row;
use crate::rust_compiler::DIFFERS;
use crate::{rows, shell};

/// Displays a divergence: the case as Python, the version, the aspect, the signature, both sides
/// aligned with the first difference marked, and commands for the next steps.
#[derive(Clone, Copy, Debug)]
pub struct Report<'d> {
    /// The divergence.
    pub divergence: &'d Divergence,
    /// The command that starts `sre` in a shell.
    pub program: &'d str,
    /// The case file, if the divergence is from its recorded answer instead of an interpreter.
    pub recorded: Option<&'d Path>,
}

/// Number of lines shown around a difference.
const CONTEXT: usize = 3;

/// Limit of lines shown.
const LINES: usize = 60;

/// Limit of lines of each side that are aligned, which takes quadratic time.
const ALIGNED: usize = 400;

/// Width of the left column.
const WIDTH: usize = 52;

/// Limit of indentation, in levels.
const DEEPEST: usize = 12;

/// Limit of a case file that is written as a command, in bytes, since shells have limits.
const LONGEST_COMMAND: usize = 16_000;

type Lines<'a> = Box<dyn Iterator<Item = String> + 'a>;

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let divergence = self.divergence;
        writeln!(f, "{}", divergence.case.excerpt())?;
        if let Some(found) = &divergence.found_as {
            writeln!(f, "  found as   {}", found.excerpt())?;
        }
        let dialects = divergence.dialects;
        let nearest = if divergence.is_nearest { "nearest " } else { "" };
        write!(f, "  python     {} ({nearest}dialect {})", divergence.python.shown(), dialects.cpython)?;
        if let Some(tested) = &divergence.tested {
            write!(f, ", against {} (dialect {})", tested.label.shown(), dialects.rust)?;
        } else if divergence.has_target() {
            write!(f, ", sre-compiler as {}", dialects.rust)?;
        }
        writeln!(f, "\n  aspect     {}", divergence.aspect)?;
        writeln!(f, "  signature  {}", divergence.signature.shown())?;
        writeln!(f)?;
        let is_cpython = |label: &str| label.starts_with(|c: char| c.is_ascii_digit());
        let side =
            |label: &str| if is_cpython(label) { format!("CPython {label}") } else { label.to_owned() };
        let titles = match &divergence.tested {
            Some(tested) => [side(&tested.label), side(&divergence.python)],
            None if is_cpython(&divergence.python) => ["sre-compiler".to_owned(), "CPython".to_owned()],
            None => ["sre-compiler".to_owned(), divergence.python.clone()],
        };
        write_aligned(
            f,
            &titles.map(|title| title.shown().to_string()),
            lines(divergence, &divergence.rust),
            lines(divergence, &divergence.cpython),
        )?;
        writeln!(f)?;
        self.write_commands(f)
    }
}

impl Report<'_> {
    fn write_commands(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (divergence, program) = (self.divergence, self.program);
        if let Some(file) = self.recorded {
            let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
            let file = shell::quote(&absolute.to_string_lossy());
            return writeln!(f, "  reproduce  {program} corpus test --no-python {file}");
        }
        let in_case_file = divergence.case.to_file();
        // A case file has no letter for some flags; a line of JSON holds every case, but only `compare` reads one.
        let is_line = in_case_file.is_err();
        let case = match argument(&divergence.case) {
            Some(argument) => argument,
            None => {
                let (file, argument) =
                    if is_line { ("x.jsonl", "--jsonl x.jsonl") } else { ("x.case", "x.case") };
                let content = in_case_file.unwrap_or_else(|_| json_line(&divergence.case));
                if content.len() > LONGEST_COMMAND {
                    writeln!(f, "  as a file  too long for a command; --format json writes the whole case")?;
                } else {
                    writeln!(f, "  as a file  {} > {file}", shell::printf(&content))?;
                }
                argument.to_owned()
            }
        };
        let python = divergence.interpreter();
        let mut dialect = String::new();
        if let Some(tested) = &divergence.tested {
            let _ = write!(dialect, " --against {}", shell::quote(&tested.argument));
        } else if divergence.has_target() {
            let _ = write!(dialect, " --target {}", divergence.dialects.rust);
        }
        let debug = if shows_with_debug_only(divergence) { " --debug" } else { "" };
        writeln!(f, "  reproduce  {program} compare --pythons {python}{dialect}{debug} {case}")?;
        if !case.starts_with("--jsonl") && divergence.tested.is_none() {
            writeln!(f, "  explain    {program} explain --pythons {python}{dialect} {case}")?;
        }
        // A difference between two versions is no regression, and the corpus holds case files only.
        if dialect.is_empty() && !is_line {
            let is_path = python.contains(['/', '\\']);
            let pythons = if is_path { format!(" --pythons {python}") } else { String::new() };
            writeln!(f, "  add        {program} corpus add{pythons} --name what-went-wrong {case}")?;
        }
        Ok(())
    }
}

impl Divergence {
    /// Returns whether sre-compiler compiles as another version than the interpreter's, by `--target`.
    fn has_target(&self) -> bool {
        self.is_nearest || self.dialects.rust != self.dialects.cpython
    }

    /// Returns the argument of `--pythons` for the interpreter, quoted for a shell: as given by the
    /// user, or else the version.
    fn interpreter(&self) -> String {
        let version = || self.python.split(' ').next().unwrap_or_default().to_owned();
        shell::quote(&self.interpreter.clone().unwrap_or_else(version))
    }
}

/// Returns whether only a comparison with `--debug` shows the divergence.
fn shows_with_debug_only(divergence: &Divergence) -> bool {
    let by_form = match &divergence.rust {
        Outcome::Rejected(rejected) => rejected.message.to_string().contains(DIFFERS),
        _ => false,
    };
    by_form || matches!(divergence.aspect, Aspect::Tree | Aspect::Dis | Aspect::Validity)
}

/// Returns the lines of a side that show the difference.
fn lines<'d>(divergence: &'d Divergence, side: &'d Outcome) -> Lines<'d> {
    let (Outcome::Accepted(accepted), Some(rust), Some(cpython)) =
        (side, divergence.rust.accepted(), divergence.cpython.accepted())
    else {
        return summary(divergence, side);
    };
    let text = |text: &'d Option<String>| -> Lines<'d> {
        Box::new(text.iter().flat_map(|text| text.lines()).map(str::to_owned))
    };
    match divergence.aspect {
        Aspect::Tree => text(&accepted.tree),
        Aspect::Dis => text(&accepted.dis),
        Aspect::Code => {
            let [rust, cpython] = rows::of_code(divergence.dialects, rust, cpython);
            let is_rust = std::ptr::eq(side, &raw const divergence.rust);
            Box::new(if is_rust { rust } else { cpython }.map(indented))
        }
        _ => summary(divergence, side),
    }
}

fn indented(row: Row) -> String {
    let levels = row.level.min(DEEPEST);
    format!("{:1$}{2}", "", 2 * levels, row.text)
}

fn summary<'d>(divergence: &'d Divergence, side: &'d Outcome) -> Lines<'d> {
    let mut lines = Vec::new();
    let mut more: Lines<'d> = Box::new(std::iter::empty());
    match side {
        Outcome::Accepted(accepted) => {
            lines.push("accepted".to_owned());
            lines.push(format!("flags {:#x}", accepted.flags));
            lines.push(format!("groups {}", accepted.groups));
            if let Some(valid) = accepted.valid {
                lines.push(format!("{} by _sre", if valid { "accepted" } else { "rejected" }));
            }
            more =
                Box::new(accepted.group_index.iter().map(|(name, group)| format!("group {group} {name:?}")));
        }
        Outcome::Rejected(rejected) => lines.extend(error(rejected)),
        Outcome::NoAnswer { why } => lines.push(why.clone()),
    }
    let lines = lines.into_iter().chain(more).chain(side.warnings().iter().map(warning));
    let (Outcome::Accepted(accepted), Aspect::Error) = (side, divergence.aspect) else {
        return Box::new(lines);
    };
    let dialects = divergence.dialects;
    let is_rust = std::ptr::eq(side, &raw const divergence.rust);
    let dialect = if is_rust { dialects.rust } else { dialects.cpython };
    Box::new(lines.chain(rows::instructions(&accepted.code, dialect, dialects).map(|row| row.text)))
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

/// Writes both sides in two columns. `|` separates lines that differ, `<` and `>` mark lines that
/// only the left or the right side has, and an arrow marks the first difference.
fn write_aligned(
    f: &mut fmt::Formatter<'_>,
    [left_title, right_title]: &[String; 2],
    rust: Lines<'_>,
    cpython: Lines<'_>,
) -> fmt::Result {
    let Part { rust, cpython, mut skipped, is_cut } = part(rust, cpython);
    let rows = align(&rust, &cpython);
    let differs = |row: &(Option<&str>, Option<&str>)| row.0 != row.1;
    let near = |n: usize| {
        let around = n.saturating_sub(CONTEXT)..(n + CONTEXT + 1).min(rows.len());
        rows[around].iter().any(differs)
    };
    let mut first = rows.iter().position(differs);
    let mut shown = 0;
    writeln!(f, "     {left_title:WIDTH$}   {right_title}")?;
    for (n, row) in rows.iter().enumerate() {
        if !near(n) {
            skipped = true;
            continue;
        }
        if std::mem::take(&mut skipped) {
            writeln!(f, "     …")?;
        }
        if shown == LINES {
            let at_least = if is_cut { "at least " } else { "" };
            return writeln!(f, "     … {at_least}{} more", count(rows.len() - n, "line"));
        }
        shown += 1;
        let arrow = if first.take_if(|first| *first == n).is_some() { "-->" } else { "   " };
        let mark = match row {
            (Some(_), None) => '<',
            (None, Some(_)) => '>',
            _ if differs(row) => '|',
            _ => ' ',
        };
        let [left, right] = [row.0, row.1]
            .map(|line| excerpt::shortened(line.unwrap_or_default(), excerpt::MOST).shown().to_string());
        let line = format!("  {arrow}{left:WIDTH$} {mark} {right}");
        writeln!(f, "{}", line.trim_end())?;
    }
    if skipped || is_cut { writeln!(f, "     …") } else { Ok(()) }
}

/// The part of both sides that is shown, starting shortly before the first difference.
#[derive(Default)]
struct Part {
    rust: Vec<String>,
    cpython: Vec<String>,
    /// Whether lines before the part were skipped.
    skipped: bool,
    /// Whether lines after the part were cut.
    is_cut: bool,
}

fn part(mut rust: Lines<'_>, mut cpython: Lines<'_>) -> Part {
    let mut part = Part::default();
    let mut before = VecDeque::new();
    loop {
        let (rust_line, cpython_line) = (rust.next(), cpython.next());
        if rust_line != cpython_line || rust_line.is_none() {
            for line in before {
                part.rust.push(String::clone(&line));
                part.cpython.push(line);
            }
            part.rust.extend(rust_line);
            part.cpython.extend(cpython_line);
            break;
        }
        before.extend(rust_line);
        if before.len() > CONTEXT {
            before.pop_front();
            part.skipped = true;
        }
    }
    part.rust.extend(rust.by_ref().take(ALIGNED));
    part.cpython.extend(cpython.by_ref().take(ALIGNED));
    part.is_cut = rust.next().is_some() || cpython.next().is_some();
    part
}

fn align<'l>(rust: &'l [String], cpython: &'l [String]) -> Vec<(Option<&'l str>, Option<&'l str>)> {
    let mut rows = Vec::new();
    let mut pair = |old: std::ops::Range<usize>, new: std::ops::Range<usize>| {
        let longest = old.len().max(new.len());
        let at = |lines: &'l [String], range: &std::ops::Range<usize>, n: usize| {
            lines[range.clone()].get(n).map(String::as_str)
        };
        rows.extend((0..longest).map(|n| (at(rust, &old, n), at(cpython, &new, n))));
    };
    for op in capture_diff_slices(Algorithm::Myers, rust, cpython) {
        match op {
            DiffOp::Equal { .. } | DiffOp::Replace { .. } => pair(op.old_range(), op.new_range()),
            DiffOp::Delete { .. } => pair(op.old_range(), 0..0),
            DiffOp::Insert { .. } => pair(0..0, op.new_range()),
        }
    }
    rows
}

/// The case as a line of JSON Lines.
fn json_line(case: &Case) -> Vec<u8> {
    let mut line = Vec::new();
    wire::write_request(&mut line, case, false);
    line.push(b'\n');
    line
}

/// Returns the arguments of `sre compare` for the case, if they are short and printable enough for
/// a shell.
pub fn argument(case: &Case) -> Option<String> {
    const LONGEST: usize = 1000;
    if case.len() > LONGEST {
        return None;
    }
    let text = match &case.text {
        Text::Str(_) => case.to_utf8()?,
        Text::Bytes(bytes) => std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii())?.to_owned(),
    };
    if text.chars().any(visible::is_hidden) || text.len() > LONGEST {
        return None;
    }
    let mut arguments = String::new();
    if case.is_bytes() {
        arguments.push_str("--bytes ");
    }
    if case.flags != sre_compiler::Flags::empty() {
        let _ = write!(arguments, "--flags={} ", case.flags.bits());
    }
    let _ = write!(arguments, "-e {}", shell::quote(&text));
    Some(arguments)
}
