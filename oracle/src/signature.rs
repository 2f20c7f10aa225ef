//! Signatures: what makes two divergences look like one bug.

use sre_case::{Accepted, Outcome, Warning};

use crate::divergence::{Dialects, Stage};
use crate::rows;
use crate::rows::{Row, name};

/// The stage, and the instructions or messages around the first difference; never the pattern.
pub fn of(stage: Stage, dialects: Dialects, ours: &Outcome, theirs: &Outcome) -> String {
    let detail = match (stage, ours, theirs) {
        (Stage::Warning, ..) => warnings(ours.warnings(), theirs.warnings()),
        (_, Outcome::Accepted(ours), Outcome::Accepted(theirs)) => accepted(stage, dialects, ours, theirs),
        (Stage::Panic, Outcome::Lost { why }, _) => kind(why),
        _ => errors(ours, theirs),
    };
    format!("{stage}: {detail}")
}

fn accepted(stage: Stage, dialects: Dialects, ours: &Accepted, theirs: &Accepted) -> String {
    match stage {
        Stage::Tree => around(rows::of_text(ours.tree.as_deref()), rows::of_text(theirs.tree.as_deref())),
        Stage::Dis => around(rows::of_text(ours.dis.as_deref()), rows::of_text(theirs.dis.as_deref())),
        Stage::Code => {
            let [ours, theirs] = rows::of_code(dialects, ours, theirs);
            around(ours, theirs)
        }
        Stage::Taken => format!("{:?} for {:?}", ours.taken, theirs.taken),
        Stage::Flags => format!("{:#x}", ours.flags ^ theirs.flags),
        _ if ours.groups != theirs.groups => "number".to_owned(),
        _ => "names".to_owned(),
    }
}

/// The names at the first difference, after the name before it.
fn around(ours: impl Iterator<Item = Row>, theirs: impl Iterator<Item = Row>) -> String {
    let Some(found) = rows::first_difference(ours, theirs) else { return "words".to_owned() };
    let before = found.before.as_deref().map_or("start", |before| name(Some(before)));
    match (name(found.ours.as_deref()), name(found.theirs.as_deref())) {
        (ours, theirs) if ours == theirs => format!("{before}, {ours} with other arguments"),
        (ours, theirs) => format!("{before}, {ours} for {theirs}"),
    }
}

fn errors(ours: &Outcome, theirs: &Outcome) -> String {
    match (ours, theirs) {
        (Outcome::Rejected(ours), Outcome::Rejected(theirs)) => {
            let our_kind = kind(&ours.message.to_string());
            let their_kind = kind(&theirs.message.to_string());
            if ours.exception != theirs.exception || our_kind != their_kind {
                return format!("{} {our_kind:?} for {} {their_kind:?}", ours.exception, theirs.exception);
            }
            let what = if ours.message != theirs.message { "text" } else { "position" };
            format!("{what} of {our_kind:?}")
        }
        (Outcome::Rejected(ours), _) => {
            format!("{} {:?} for none", ours.exception, kind(&ours.message.to_string()))
        }
        (_, Outcome::Rejected(theirs)) => {
            format!("none for {} {:?}", theirs.exception, kind(&theirs.message.to_string()))
        }
        _ => String::new(),
    }
}

fn warnings(ours: &[Warning], theirs: &[Warning]) -> String {
    let shown = |warnings: &[Warning], n: usize| match warnings.get(n) {
        Some(warning) => format!("{} {:?}", warning.category, kind(&warning.text.to_string())),
        None => "none".to_owned(),
    };
    let longest = ours.len().max(theirs.len());
    let at = (0..longest).find(|&n| ours.get(n) != theirs.get(n)).unwrap_or_default();
    match (shown(ours, at), shown(theirs, at)) {
        (ours, theirs) if ours == theirs => format!("text of {ours}"),
        (ours, theirs) => format!("{ours} for {theirs}"),
    }
}

/// A message without what it quotes from the pattern.
fn kind(message: &str) -> String {
    // These quote raw, up to their end.
    const RAW: [&str; 4] =
        ["bad escape \\", "incomplete escape ", "unknown extension ", "bad character range "];
    if let Some(prefix) = RAW.iter().find(|prefix| message.starts_with(**prefix)) {
        return prefix.trim_end().to_owned();
    }
    let mut kind = String::new();
    let mut rest = message.chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' | '"' => {
                let quoted = rest.as_str();
                // The last quote ends it: the text between may hold others.
                match quoted.rfind(c).and_then(|end| quoted.get(end + 1..)) {
                    Some(after) => {
                        kind.push('…');
                        rest = after.chars();
                    }
                    None => kind.push(c),
                }
            }
            '0'..='9' => {
                if !kind.ends_with('N') {
                    kind.push('N');
                }
            }
            _ => kind.push(c),
        }
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_no_part_of_a_kind() {
        for (message, expected) in [
            ("bad escape \\q", "bad escape \\"),
            ("unknown extension ?<é", "unknown extension"),
            ("bad character in group name 'a\\'b'", "bad character in group name …"),
            (
                "redefinition of group name 'x' as group 12; was group 3",
                "redefinition of group name … as group N; was group N",
            ),
            ("Possible nested set at position 17", "Possible nested set at position N"),
            ("it's", "it's"),
        ] {
            assert_eq!(kind(message), expected);
        }
    }
}
