//! Parsing and writing requests: a case as one object.

use std::fmt;
use std::io::Write as _;

use serde::Deserialize;
use sre_compiler::Flags;

use super::write::{write_code_points, write_list, write_number};
use crate::case::{Case, Text, decode_utf8};

/// A case to be compiled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// The case.
    pub case: Case,
    /// Whether the reply is to include the tree dump, the disassembly, and whether `_sre` accepts
    /// the code.
    pub debug: bool,
}

/// Why a line is not a valid request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadRequest(String);

impl fmt::Display for BadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadRequest {}

#[derive(Deserialize)]
struct Line {
    kind: String,
    #[serde(default)]
    pattern: Option<Bytes>,
    #[serde(default)]
    codepoints: Option<Vec<u32>>,
    flags: i64,
    #[serde(default)]
    debug: bool,
}

/// A string as UTF-8 with surrogates as three bytes, which `serde_json` returns if bytes are asked
/// for.
pub(super) struct Bytes(pub Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Visitor)
    }
}

/// Returns a line without the byte-order mark with which some programs begin UTF-8 files.
pub fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)
}

/// Returns the text of an error of the JSON parser. It was given one line, so that only the column
/// is useful.
pub fn json_error(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.strip_suffix(&format!(" at line {} column {}", error.line(), error.column())) {
        Some(why) if error.line() == 1 && error.column() > 0 => format!("{why} (column {})", error.column()),
        Some(why) => why.to_owned(),
        None => text,
    }
}

/// Parses a request.
///
/// # Errors
/// If the line is malformed.
pub fn parse_request(line: &[u8]) -> Result<Request, BadRequest> {
    let bad = |why: &str| Err(BadRequest(why.to_owned()));
    let line = without_mark(line).trim_ascii_end();
    if [&b"\xFF\xFE"[..], b"\xFE\xFF"].iter().any(|mark| line.starts_with(mark)) {
        return bad("in UTF-16; save the file as UTF-8");
    }
    // serde would also accept an array of the fields in order.
    if !line.trim_ascii_start().starts_with(b"{") {
        return bad("not an object");
    }
    let line: Line = serde_json::from_slice(line).map_err(|error| BadRequest(json_error(&error)))?;
    let text = match (line.pattern, line.codepoints) {
        (Some(pattern), None) => {
            let mut damaged = false;
            let text = decode_utf8(&pattern.0, |_| damaged = true);
            if damaged {
                return bad("pattern is not UTF-8");
            }
            text
        }
        (None, Some(text)) if text.iter().all(|&c| c <= 0x10FFFF) => text,
        (None, Some(_)) => return bad("codepoints contains a number above U+10FFFF"),
        _ => return bad("needs one of pattern and codepoints"),
    };
    let text = match line.kind.as_str() {
        "str" => Text::Str(text),
        "bytes" => match text.iter().map(|&c| u8::try_from(c)).collect() {
            Ok(bytes) => Text::Bytes(bytes),
            Err(_) => return bad("a bytes pattern contains a character above U+00FF"),
        },
        _ => return bad("kind is neither str nor bytes"),
    };
    Ok(Request { case: Case { text, flags: Flags::from_bits(line.flags) }, debug: line.debug })
}

/// Writes a case as one object, without a newline.
pub fn write_request(out: &mut Vec<u8>, case: &Case, debug: bool) {
    let kind = if case.is_bytes() { "bytes" } else { "str" };
    let key = if needs_codepoints(case) { "codepoints" } else { "pattern" };
    let _ = write!(out, "{{\"kind\": \"{kind}\", \"{key}\": ");
    write_text(out, case);
    out.extend_from_slice(b", \"flags\": ");
    write_number(out, case.flags.bits());
    out.extend_from_slice(if debug { b", \"debug\": true}" } else { b"}" });
}

/// Writes cases as one array, without a newline: `debug`, then an array of kind, text and flags for
/// each case.
pub fn write_batch(out: &mut Vec<u8>, cases: &[Case], debug: bool) {
    let _ = write!(out, "[{debug}, ");
    write_list(out, cases, |out, case| {
        let kind: &[u8] = if case.is_bytes() { b"[\"bytes\", " } else { b"[\"str\", " };
        out.extend_from_slice(kind);
        write_text(out, case);
        out.extend_from_slice(b", ");
        write_number(out, case.flags.bits());
        out.push(b']');
    });
    out.push(b']');
}

/// Returns whether a pattern is written as code points: not every reader of JSON accepts lone
/// surrogates.
fn needs_codepoints(case: &Case) -> bool {
    matches!(&case.text, Text::Str(text) if text.iter().any(|c| (0xD800..0xE000).contains(c)))
}

/// Writes a pattern as a string, or as a list of code points if it has surrogates.
fn write_text(out: &mut Vec<u8>, case: &Case) {
    match &case.text {
        Text::Str(text) if needs_codepoints(case) => {
            write_list(out, text, |out, c| write_number(out, i64::from(*c)));
        }
        Text::Str(text) => write_code_points(out, text.iter().copied()),
        Text::Bytes(bytes) => write_code_points(out, bytes.iter().map(|&byte| u32::from(byte))),
    }
}
