//! Strict parsing of case files.
//!
//! [`Case::decode`] accepts any bytes, as fuzzing needs. In a file named by a user, a mistyped
//! header must be an error instead: it would become part of the pattern.

use std::fmt;

use sre_support::visible::Shown;

use crate::case::{Case, LETTERS, Text, next_code_point, split_header};

/// Error returned by [`Case::parse`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BadCase {
    /// The file is empty.
    Empty,
    /// It begins with a byte-order mark.
    Marked,
    /// The header ends in CR LF.
    CarriageReturn,
    /// It contains JSON.
    Json,
    /// The header is the only line, without a newline.
    Unended,
    /// The header contains this unknown flag.
    Flag(String),
    /// The first line is not a header.
    Header(String),
    /// A `str` pattern is not UTF-8 at this byte of the file.
    NotUtf8(usize),
}

impl Case {
    /// Reads a case file.
    ///
    /// # Errors
    /// If the header is invalid, or a `str` pattern is not UTF-8 (with surrogates as three bytes).
    pub fn parse(file: &[u8]) -> Result<Case, BadCase> {
        let Some((is_bytes, flags, pattern)) = split_header(file) else { return Err(fault(file)) };
        if is_bytes {
            return Ok(Case { text: Text::Bytes(pattern.to_vec()), flags });
        }
        let (mut text, mut rest) = (Vec::with_capacity(pattern.len()), pattern);
        while let Some((c, length)) = next_code_point(rest) {
            text.push(c);
            rest = &rest[length..];
        }
        if !rest.is_empty() {
            return Err(BadCase::NotUtf8(file.len() - rest.len()));
        }
        Ok(Case { text: Text::Str(text), flags })
    }
}

fn fault(file: &[u8]) -> BadCase {
    if file.is_empty() {
        return BadCase::Empty;
    }
    if [&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\xFE\xFF"].iter().any(|mark| file.starts_with(mark)) {
        return BadCase::Marked;
    }
    if file.trim_ascii_start().starts_with(b"{") {
        return BadCase::Json;
    }
    let end = file.iter().position(|&byte| byte == b'\n');
    let line = &file[..end.unwrap_or(file.len())];
    let is_header = |line: &[u8]| split_header(&[line, b"\n"].concat()).is_some();
    if line.strip_suffix(b"\r").is_some_and(is_header) {
        return BadCase::CarriageReturn;
    }
    if end.is_none() && is_header(line) {
        return BadCase::Unended;
    }
    let letters = line.strip_prefix(b"str ").or_else(|| line.strip_prefix(b"bytes "));
    let words = letters.map(|letters| String::from_utf8_lossy(letters).into_owned());
    if let Some(word) = words.filter(|word| word.len() <= 20) {
        let wrong = word.chars().find(|letter| !LETTERS.contains(*letter));
        return BadCase::Flag(wrong.map_or(word, String::from));
    }
    BadCase::Header(String::from_utf8_lossy(line).chars().take(40).collect())
}

impl fmt::Display for BadCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadCase::Empty => f.write_str("the file is empty")?,
            BadCase::Marked => f.write_str("begins with a byte-order mark; save it as UTF-8 without one")?,
            BadCase::CarriageReturn => {
                f.write_str("line 1 ends in CR LF; save the file with LF alone, since the pattern is read byte for byte")?;
            }
            BadCase::Json => return f.write_str("contains JSON Lines, not a case"),
            BadCase::Unended => f.write_str("line 1 is the only line and has no newline")?,
            BadCase::Flag(word) => {
                write!(f, "line 1: {word:?} is not a flag (a, i, L, m, s, u, x, or - for none)")?
            }
            BadCase::Header(line) => {
                write!(
                    f,
                    "line 1 is \"{}\", where \"str FLAGS\" or \"bytes FLAGS\" should be",
                    line.shown()
                )?;
            }
            BadCase::NotUtf8(at) => write!(f, "not UTF-8 (byte {at})")?,
        }
        f.write_str("; see corpus/README.md")
    }
}

impl std::error::Error for BadCase {}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(file: &[u8]) -> String {
        Case::parse(file).unwrap_err().to_string()
    }

    #[test]
    fn written_cases_are_parsed_and_parsing_agrees_with_decoding() {
        arbtest::arbtest(|u| {
            let case = Case::decode(u.arbitrary()?);
            assert_eq!(Case::parse(&case.encode()).as_ref(), Ok(&case));
            // What is accepted is decoded to the same case.
            let file: Vec<u8> =
                [u.choose(&[&b"str i\n"[..], b"bytes -\n", b"str"])?, u.arbitrary::<&[u8]>()?].concat();
            if let Ok(case) = Case::parse(&file) {
                assert_eq!(case, Case::decode(&file));
            }
            Ok(())
        });
    }

    #[test]
    fn each_mistake_is_named() {
        assert!(why(b"").contains("empty"));
        assert!(why(b"str im\r\na").contains("CR LF"));
        assert!(why(b"\xEF\xBB\xBFstr im\na").contains("byte-order mark"));
        assert!(why(b"{\"kind\": \"str\"}\n").contains("JSON Lines"));
        assert!(why(b"str im").contains("no newline"));
        assert!(why(b"str iq\na").contains("\"q\" is not a flag"));
        assert!(why(b"str \na").contains("\"\" is not a flag"));
        assert!(why(b"strr im\n\x1b").contains("line 1 is \"strr im\""));
        assert!(why(b"\x1b[31m").contains("line 1 is \"\\x1b[31m\""));
        assert!(why(b"str i\na\xED\xA0\x80\xFF").contains("byte 10"));
    }
}
