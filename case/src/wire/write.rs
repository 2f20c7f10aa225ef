//! Writing replies, without `serde_json`, which cannot write the lone surrogates of some messages.

use std::io::Write as _;

use crate::text::PyText;
use crate::{outcome::Accepted, outcome::Outcome, outcome::Rejected, outcome::Warning};

/// Writes an outcome as one object, without a newline.
///
/// A lost outcome is written as `{"lost": "why"}`, which no interpreter writes.
pub fn write_outcome(out: &mut Vec<u8>, outcome: &Outcome) {
    match outcome {
        Outcome::Accepted(accepted) => write_accepted(out, accepted),
        Outcome::Rejected(rejected) => write_rejected(out, rejected),
        Outcome::NoAnswer { why } => write_single(out, "lost", why),
    }
}

/// Writes the object that stands for a malformed request.
pub fn write_invalid(out: &mut Vec<u8>, why: &str) {
    write_single(out, "invalid", why);
}

fn write_single(out: &mut Vec<u8>, key: &str, text: &str) {
    out.extend_from_slice(b"{\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\": ");
    write_str(out, &PyText::from(text));
    out.push(b'}');
}

fn write_accepted(out: &mut Vec<u8>, accepted: &Accepted) {
    out.extend_from_slice(b"{\"code\": ");
    write_list(out, &accepted.code, |out, word| write_number(out, i64::from(*word)));
    out.extend_from_slice(b", \"flags\": ");
    write_number(out, accepted.flags);
    out.extend_from_slice(b", \"groups\": ");
    write_number(out, i64::from(accepted.groups));
    out.extend_from_slice(b", \"groupindex\": ");
    write_list(out, &accepted.group_index, |out, (name, group)| {
        out.push(b'[');
        write_str(out, &PyText::from(name.as_str()));
        out.extend_from_slice(b", ");
        write_number(out, i64::from(*group));
        out.push(b']');
    });
    out.extend_from_slice(b", ");
    write_warnings(out, &accepted.warnings);
    for (key, text) in [("tree", &accepted.tree), ("dis", &accepted.dis)] {
        if let Some(text) = text {
            let _ = write!(out, ", \"{key}\": ");
            write_str(out, &PyText::from(text.as_str()));
        }
    }
    if let Some(valid) = accepted.valid {
        let _ = write!(out, ", \"valid\": {valid}");
    }
    out.push(b'}');
}

fn write_rejected(out: &mut Vec<u8>, rejected: &Rejected) {
    out.extend_from_slice(b"{\"error\": {\"type\": ");
    write_str(out, &PyText::from(rejected.exception.as_str()));
    out.extend_from_slice(b", \"msg\": ");
    write_str(out, &rejected.message);
    // Only `re.error` has these, although they may be None.
    if rejected.exception == "error" {
        for (key, number) in [("pos", rejected.pos), ("lineno", rejected.lineno), ("colno", rejected.colno)] {
            let _ = write!(out, ", \"{key}\": ");
            match number {
                Some(number) => write_number(out, number),
                None => out.extend_from_slice(b"null"),
            }
        }
    }
    out.extend_from_slice(b"}, ");
    write_warnings(out, &rejected.warnings);
    out.push(b'}');
}

fn write_warnings(out: &mut Vec<u8>, warnings: &[Warning]) {
    out.extend_from_slice(b"\"warnings\": ");
    write_list(out, warnings, |out, warning| {
        out.push(b'[');
        write_str(out, &PyText::from(warning.category.as_str()));
        out.extend_from_slice(b", ");
        write_str(out, &warning.text);
        out.push(b']');
    });
}

pub(super) fn write_list<T>(out: &mut Vec<u8>, items: &[T], mut write: impl FnMut(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.extend_from_slice(b", ");
        }
        write(out, item);
    }
    out.push(b']');
}

pub(super) fn write_number(out: &mut Vec<u8>, number: i64) {
    let _ = write!(out, "{number}");
}

/// Writes a string in ASCII. A character above U+FFFF becomes two escapes, a lone surrogate one.
///
/// JSON does not distinguish two surrogates that form a pair from the character. No message of
/// CPython contains such a pair, since messages quote one character at a time or use `repr`.
pub fn write_str(out: &mut Vec<u8>, text: &PyText) {
    write_code_points(out, text.code_points());
}

/// Writes a string of code points, as `write_str` does.
pub(super) fn write_code_points(out: &mut Vec<u8>, text: impl IntoIterator<Item = u32>) {
    out.push(b'"');
    for c in text {
        match c {
            0x22 => out.extend_from_slice(b"\\\""),
            0x5C => out.extend_from_slice(b"\\\\"),
            0x0A => out.extend_from_slice(b"\\n"),
            0x0D => out.extend_from_slice(b"\\r"),
            0x09 => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0C => out.extend_from_slice(b"\\f"),
            0x20..=0x7E => out.push(c as u8),
            // Python does not escape DEL.
            0x7F => out.push(0x7F),
            0..=0xFFFF => write_escape(out, c),
            _ => {
                let c = c - 0x10000;
                write_escape(out, 0xD800 + (c >> 10));
                write_escape(out, 0xDC00 + (c & 0x3FF));
            }
        }
    }
    out.push(b'"');
}

/// Writes a number below 65,536 as an escape. For non-ASCII patterns, `write!` would take most of the
/// time.
fn write_escape(out: &mut Vec<u8>, unit: u32) {
    out.extend_from_slice(b"\\u");
    out.extend([12, 8, 4, 0].map(|shift| b"0123456789abcdef"[(unit >> shift & 0xF) as usize]));
}
