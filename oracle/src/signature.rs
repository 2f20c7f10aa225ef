//! Signatures, by which divergences with the same cause are grouped.

use sre_case::{Accepted, Outcome, Rejected, Warning};

use crate::divergence::{Aspect, Dialects};
use crate::rows;
use crate::rows::{Row, name};

/// Returns the aspect, and the instructions or messages around the first difference, without the
/// pattern.
pub fn of(aspect: Aspect, dialects: Dialects, rust: &Outcome, cpython: &Outcome) -> String {
    let detail = match (aspect, rust, cpython) {
        (Aspect::Warning, ..) => warnings(rust.warnings(), cpython.warnings()),
        (_, Outcome::Accepted(rust), Outcome::Accepted(cpython)) => accepted(aspect, dialects, rust, cpython),
        (Aspect::Panic | Aspect::NoAnswer, Outcome::NoAnswer { why }, _) => without_quotes(why),
        _ => errors(rust, cpython),
    };
    format!("{aspect}: {detail}")
}

fn accepted(aspect: Aspect, dialects: Dialects, rust: &Accepted, cpython: &Accepted) -> String {
    match aspect {
        Aspect::Tree => around(rows::of_text(rust.tree.as_deref()), rows::of_text(cpython.tree.as_deref())),
        Aspect::Dis => around(rows::of_text(rust.dis.as_deref()), rows::of_text(cpython.dis.as_deref())),
        Aspect::Code => {
            let [rust, cpython] = rows::of_code(dialects, rust, cpython);
            around(rust, cpython)
        }
        Aspect::Validity => format!("{:?} for {:?}", rust.valid, cpython.valid),
        Aspect::Flags => format!("{:#x}", rust.flags ^ cpython.flags),
        _ if rust.groups != cpython.groups => "number".to_owned(),
        _ => "names".to_owned(),
    }
}

/// Returns the names at the first difference, and the one before it.
fn around(rust: impl Iterator<Item = Row>, cpython: impl Iterator<Item = Row>) -> String {
    let Some(found) = rows::first_difference(rust, cpython) else { return "words".to_owned() };
    let before = found.before.as_deref().map_or("start", |before| name(Some(before)));
    match (name(found.rust.as_deref()), name(found.cpython.as_deref())) {
        (rust, cpython) if rust == cpython => format!("{before}, {rust} with other arguments"),
        (rust, cpython) => format!("{before}, {rust} for {cpython}"),
    }
}

fn errors(rust: &Outcome, cpython: &Outcome) -> String {
    match (rust, cpython) {
        (Outcome::Rejected(rust), Outcome::Rejected(cpython)) => {
            let rust_kind = without_quotes(&rust.message.to_string());
            if !same_kind(rust, cpython) {
                let cpython_kind = without_quotes(&cpython.message.to_string());
                return format!(
                    "{} {rust_kind:?} for {} {cpython_kind:?}",
                    rust.exception, cpython.exception
                );
            }
            let what = if rust.message != cpython.message { "text" } else { "position" };
            format!("{what} of {rust_kind:?}")
        }
        (Outcome::Rejected(rust), _) => {
            format!("{} {:?} for none", rust.exception, without_quotes(&rust.message.to_string()))
        }
        (_, Outcome::Rejected(cpython)) => {
            format!("none for {} {:?}", cpython.exception, without_quotes(&cpython.message.to_string()))
        }
        _ => String::new(),
    }
}

/// Returns whether two errors have the same type and message, apart from what the message quotes.
pub(crate) fn same_kind(rust: &Rejected, cpython: &Rejected) -> bool {
    let kind = |rejected: &Rejected| without_quotes(&rejected.message.to_string());
    rust.exception == cpython.exception && kind(rust) == kind(cpython)
}

fn warnings(rust: &[Warning], cpython: &[Warning]) -> String {
    let shown = |warnings: &[Warning], n: usize| match warnings.get(n) {
        Some(warning) => format!("{} {:?}", warning.category, without_quotes(&warning.text.to_string())),
        None => "none".to_owned(),
    };
    let longest = rust.len().max(cpython.len());
    let at = (0..longest).find(|&n| rust.get(n) != cpython.get(n)).unwrap_or_default();
    match (shown(rust, at), shown(cpython, at)) {
        (rust, cpython) if rust == cpython => format!("text of {rust}"),
        (rust, cpython) => format!("{rust} for {cpython}"),
    }
}

/// Returns a message without the parts that it quotes from the pattern.
fn without_quotes(message: &str) -> String {
    // These messages quote the pattern without quotation marks, up to their end.
    const RAW: [&str; 4] =
        ["bad escape \\", "incomplete escape ", "unknown extension ", "bad character range "];
    if let Some(prefix) = RAW.iter().find(|prefix| message.starts_with(**prefix)) {
        return prefix.trim_end().to_owned();
    }
    let mut text = String::new();
    let mut rest = message.chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' | '"' => {
                let quoted = rest.as_str();
                // The quoted text may contain quotes, so that the last one ends it.
                match quoted.rfind(c).and_then(|end| quoted.get(end + 1..)) {
                    Some(after) => {
                        text.push('…');
                        rest = after.chars();
                    }
                    None => text.push(c),
                }
            }
            '0'..='9' => {
                if !text.ends_with('N') {
                    text.push('N');
                }
            }
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_parts_of_messages_are_left_out() {
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
            assert_eq!(without_quotes(message), expected);
        }
    }
}
