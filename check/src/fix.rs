//! Changes of patterns that are certain: each wanted version accepts the new pattern without that
//! finding, and each version that accepted the old one matches the same with the new one.

use sre_case::{Case, Text};
use sre_compiler::{Compiler, Dialect, ErrorKind, Program};

use crate::answer::Report;
use crate::meaning;
use crate::source::Found;

/// A change of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// What it does.
    pub description: &'static str,
    /// The edits, in order, which do not overlap.
    pub edits: Vec<Edit>,
    /// The pattern afterwards.
    pub case: Case,
}

/// A replacement of a part of a decoded file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// Where the part begins, in bytes.
    pub start: usize,
    /// Where the part ends, in bytes.
    pub end: usize,
    /// The new text.
    pub text: String,
}

/// A change of a pattern: the characters to remove, and what to insert before which character.
struct Change {
    description: &'static str,
    removed: std::ops::Range<usize>,
    inserted: Vec<(usize, Vec<u32>)>,
}

/// Returns the fix for a pattern of a file, if there is one that is certain.
pub(crate) fn fix(found: &Found, report: &Report, source: &str) -> Option<Fix> {
    let text = code_points(&found.case.text);
    let change = flags_to_start(&text, report).or_else(|| escaped(&text, report))?;
    let case = Case { text: changed(&found.case.text, &change)?, flags: found.case.flags };
    is_certain(report, &case).then_some(())?;
    let edits = edits(found, &change, &text, source)?;
    Some(Fix { description: change.description, edits, case })
}

/// `a(?i)b` becomes `(?i)ab`.
fn flags_to_start(text: &[u32], report: &Report) -> Option<Change> {
    let of_errors = report.answers.iter().filter_map(|answer| answer.error.as_ref());
    let late = of_errors.filter(|error| error.kind == Some(ErrorKind::GlobalFlagsNotFirst));
    let warnings = report.answers.iter().flat_map(|answer| &answer.warnings);
    let warned = warnings.filter(|warning| warning.text.starts_with("Flags not at the start"));
    let pos = late.filter_map(|error| error.pos()).chain(warned.filter_map(|warning| warning.pos)).min()?;
    // Versions disagree about the position: it is that of the group, or lies in it or after it.
    let starts = (pos.saturating_sub(10)..=pos).rev();
    let group = starts.filter_map(|start| Some(start..start + flags_group(text.get(start..)?)?));
    let removed = group.into_iter().next()?;
    let inserted = vec![(0, text[removed.clone()].to_vec())];
    Some(Change { description: "move the flags to the start", removed, inserted })
}

/// Returns the length of a group such as `(?im)` at the start of a text.
fn flags_group(text: &[u32]) -> Option<usize> {
    let rest = text.strip_prefix(&[u32::from('('), u32::from('?')])?;
    let letters =
        rest.iter().take_while(|&&c| "aiLmsux".chars().any(|letter| u32::from(letter) == c)).count();
    (letters > 0 && rest.get(letters) == Some(&u32::from(')'))).then_some(letters + 3)
}

/// `[[a]` becomes `[\[a]`.
fn escaped(text: &[u32], report: &Report) -> Option<Change> {
    let warnings = report.answers.iter().flat_map(|answer| &answer.warnings);
    let about_sets = warnings.filter(|warning| warning.text.starts_with("Possible "));
    let mut positions: Vec<usize> = about_sets.filter_map(|warning| warning.pos).collect();
    positions.sort_unstable();
    positions.dedup();
    let is_special =
        |&pos: &usize| text.get(pos).and_then(|&c| char::from_u32(c)).is_some_and(|c| "[-&~|".contains(c));
    (!positions.is_empty() && positions.iter().all(is_special)).then_some(())?;
    let inserted = positions.into_iter().map(|pos| (pos, vec![u32::from('\\')])).collect();
    Some(Change { description: "escape the character in the set", removed: 0..0, inserted })
}

fn code_points(text: &Text) -> Vec<u32> {
    match text {
        Text::Str(text) => text.clone(),
        Text::Bytes(text) => text.iter().copied().map(u32::from).collect(),
    }
}

/// Returns the changed pattern.
fn changed(text: &Text, change: &Change) -> Option<Text> {
    let mut out = Vec::new();
    for (pos, &c) in code_points(text).iter().enumerate() {
        for (_, inserted) in change.inserted.iter().filter(|(before, _)| *before == pos) {
            out.extend(inserted);
        }
        if !change.removed.contains(&pos) {
            out.push(c);
        }
    }
    Some(match text {
        Text::Str(_) => Text::Str(out),
        Text::Bytes(_) => Text::Bytes(out.into_iter().map(u8::try_from).collect::<Result<_, _>>().ok()?),
    })
}

/// Returns whether each version accepts the new pattern without warnings and, where it accepted the
/// old one, matches the same. Where no wanted version accepted the old one, 3.10 has to.
fn is_certain(report: &Report, case: &Case) -> bool {
    let compiled = |case: &Case, dialect: Dialect| -> Option<(Program, bool)> {
        let mut compiler = Compiler::new(dialect);
        let program = compiler.compile(case.pattern(), case.flags).ok()?;
        program.validate().ok()?;
        let quiet = compiler.warnings().len() == 0;
        Some((program, quiet))
    };
    // Whether the old pattern was accepted, or `None` if the new one is not as good.
    let compare = |dialect: Dialect, wanted: bool| {
        let (new, quiet) = compiled(case, dialect)?;
        (quiet || !wanted).then_some(())?;
        let Some((old, _)) = compiled(&report.case, dialect) else { return Some(false) };
        meaning::difference(&old, &new).is_none().then_some(true)
    };
    let mut compared = false;
    for version in &report.versions {
        match compare(version.dialect, true) {
            Some(accepted) => compared |= accepted,
            None => return false,
        }
    }
    compared || Dialect::latest_patch(3, 10).and_then(|old| compare(old, false)) == Some(true)
}

/// Returns the edits of the source, if the parts of the pattern are written in it as they are.
fn edits(found: &Found, change: &Change, text: &[u32], source: &str) -> Option<Vec<Edit>> {
    let offsets = found.source_offsets()?;
    let mut edits = Vec::new();
    let is_plain = |pos: usize| {
        let c = text.get(pos).and_then(|&c| char::from_u32(c))?;
        source.get(*offsets.get(pos)?..)?.starts_with(c).then_some(())
    };
    for (pos, inserted) in &change.inserted {
        let at = *offsets.get(*pos)?;
        let mut text: String = inserted.iter().map(|&c| char::from_u32(c)).collect::<Option<_>>()?;
        if text == "\\" {
            is_plain(*pos)?;
            if !found.raw? {
                text = "\\\\".to_owned();
            }
        }
        edits.push(Edit { start: at, end: at, text });
    }
    if !change.removed.is_empty() {
        change.removed.clone().try_for_each(is_plain)?;
        let (start, last) = (offsets[change.removed.start], offsets[change.removed.end - 1]);
        let contiguous = last + 1 == start + change.removed.len();
        contiguous.then_some(())?;
        edits.push(Edit { start, end: last + 1, text: String::new() });
    }
    edits.sort_by_key(|edit| (edit.start, edit.end));
    Some(edits)
}

/// Returns a decoded file with the edits of fixes made. A fix that overlaps an earlier one is left
/// out. Also returns how many were made.
pub(crate) fn apply(source: &str, fixes: &[Fix]) -> (String, usize) {
    let mut made: Vec<&Fix> = Vec::new();
    for fix in fixes {
        let overlaps = |other: &&Fix| {
            let edits = other.edits.iter().flat_map(|a| fix.edits.iter().map(move |b| (a, b)));
            edits.into_iter().any(|(a, b)| a == b || a.start < b.end && b.start < a.end)
        };
        if !made.iter().any(overlaps) {
            made.push(fix);
        }
    }
    let mut edits: Vec<&Edit> = made.iter().flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| (edit.start, edit.end));
    let (mut out, mut at) = (String::with_capacity(source.len()), 0);
    for edit in edits {
        out.push_str(source.get(at..edit.start).unwrap_or_default());
        out.push_str(&edit.text);
        at = edit.end;
    }
    out.push_str(source.get(at..).unwrap_or_default());
    (out, made.len())
}
