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
        ErrorKind::MultipleRepeat if first < 11 && uses(&report.case, is_possessive) => POSSESSIVE,
        ErrorKind::UnknownExtension if first < 11 && uses(&report.case, is_atomic) => ATOMIC,
        _ => return None,
    };
    Some(text.to_owned())
}

/// Returns whether the newest version accepts a pattern, and it contains such a node.
fn uses(case: &Case, is_wanted: fn(&NodeKind<'_>) -> bool) -> bool {
    let mut compiler = Compiler::new(Dialect::default());
    compiler.record_tree(true);
    let is_accepted = compiler.compile(case.pattern(), case.flags).is_ok();
    is_accepted && compiler.tree().is_some_and(|tree| tree.nodes().any(|node| is_wanted(&node.kind())))
}

fn is_possessive(kind: &NodeKind<'_>) -> bool {
    matches!(kind, NodeKind::PossessiveRepeat { .. })
}

fn is_atomic(kind: &NodeKind<'_>) -> bool {
    matches!(kind, NodeKind::AtomicGroup { .. })
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
