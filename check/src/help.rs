//! What to do about an error or a warning, in a sentence.

use sre_case::Case;
use sre_compiler::{Compiler, Dialect, ErrorKind, NodeKind};

use crate::answer::{Answer, RegexError, RegexWarning, Report};

const FLAGS: &str = "move the flags to the start of the pattern (`--fix` does so in files)";
const POSSESSIVE: &str = "no fix: possessive quantifiers need 3.11; `(?=(…))\\1` takes one more group";
const ATOMIC: &str = "no fix: atomic groups need 3.11; `(?=(…))\\1` takes one more group";

/// Returns what to do about an error.
pub(crate) fn for_error(report: &Report, answer: &Answer, error: &RegexError) -> Option<String> {
    let first = report.versions.get(answer.versions.start)?.dialect.min_version().1;
    let text = match error.kind? {
        ErrorKind::GlobalFlagsNotFirst => FLAGS,
        ErrorKind::MultipleRepeat | ErrorKind::UnknownExtension if first < 11 => newer_syntax(&report.case)?,
        _ => return None,
    };
    Some(text.to_owned())
}

/// Returns what a pattern needs that the newest version accepts.
fn newer_syntax(case: &Case) -> Option<&'static str> {
    let mut compiler = Compiler::new(Dialect::default());
    compiler.record_tree(true);
    compiler.compile(case.pattern(), case.flags).ok()?;
    compiler.tree()?.nodes().find_map(|node| match node.kind() {
        NodeKind::PossessiveRepeat { .. } => Some(POSSESSIVE),
        NodeKind::AtomicGroup { .. } => Some(ATOMIC),
        _ => None,
    })
}

/// Returns what to do about a warning.
pub(crate) fn for_warning(case: &Case, warning: &RegexWarning) -> Option<String> {
    let pos = warning.pos?;
    if warning.text.starts_with("Flags not at the start") {
        return Some(FLAGS.to_owned());
    }
    if !warning.text.starts_with("Possible ") {
        return None;
    }
    let character = match &case.text {
        sre_case::Text::Str(text) => *text.get(pos)?,
        sre_case::Text::Bytes(text) => u32::from(*text.get(pos)?),
    };
    let character = char::from_u32(character).filter(char::is_ascii_punctuation)?;
    Some(format!("escape the character: `\\{character}` (`--fix` does so in files)"))
}
