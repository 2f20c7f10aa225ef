//! Python's source encodings: the names that interpreters know, and how the bytes are decoded.
//!
//! `table.tsv` was recorded from interpreters by `facts.py`, and has a line for each text
//! encoding:
//!
//! - the codec, and the names that some version knows it by, as `encodings.normalize_encoding` writes them;
//! - the ASCII bytes that it does not leave as they are, in hexadecimal, `*` for any, or `-`;
//! - the rest of its bytes: `single` and 128 code points (`----` for what is undefined); `pairs` and the byte pairs that
//!   `encoding_rs` decodes to the same character as Python, as ranges of first bytes, a colon, and ranges of second
//!   ones; or `-` if only ASCII can be decoded here.
//!
//! Names that mean several codecs, depending on the version, are in the lines of the codec
//! `varies`.

#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS};

use super::Unreadable;

pub(super) const TABLE: &str = include_str!("table.tsv");

/// A line of the table.
pub(super) struct Codec<'t> {
    pub name: &'t str,
    names: &'t str,
    changed: &'t str,
    pub upper: &'t str,
}

/// Decodes a file in an encoding that Python knows under a name.
pub(super) fn decode(name: &str, file: &[u8]) -> Result<String, Unreadable> {
    let codec = find(name).ok_or_else(|| Unreadable::Encoding(name.to_owned()))?;
    if matches!(codec.name, "utf-8" | "utf-8-sig") {
        return utf8(file);
    }
    let unsupported = || Unreadable::Unsupported(name.to_owned());
    if codec.changes_ascii(file) {
        return Err(unsupported());
    }
    if file.is_ascii() {
        return utf8(file);
    }
    let wrong = || Unreadable::Undecodable(name.to_owned());
    match codec.upper.split_once(' ') {
        _ if codec.name == "ascii" => Err(wrong()),
        Some(("single", points)) => single(points, file).ok_or_else(wrong),
        Some(("pairs", pairs)) => {
            let encoding = two_byte(codec.name).ok_or_else(unsupported)?;
            let text = encoding.decode_without_bom_handling_and_without_replacement(file);
            let is_exact = is_exact(encoding, &Pairs::parse(pairs), file);
            match text {
                Some(text) if is_exact => Ok(text.into_owned()),
                _ => Err(unsupported()),
            }
        }
        _ => Err(unsupported()),
    }
}

/// Decodes UTF-8.
pub(super) fn utf8(file: &[u8]) -> Result<String, Unreadable> {
    let text = std::str::from_utf8(file).map_err(|error| Unreadable::NotUtf8(error.valid_up_to()))?;
    Ok(text.to_owned())
}

fn codecs() -> impl Iterator<Item = Codec<'static>> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next();
        Some(Codec { name: next()?, names: next()?, changed: next()?, upper: next()? })
    })
}

pub(super) fn find(name: &str) -> Option<Codec<'static>> {
    let name = normalized(name);
    let undotted = name.replace('.', "_");
    let knows = |codec: &Codec<'_>, name: &str| codec.names.split(' ').any(|known| known == name);
    codecs().find(|codec| knows(codec, &name)).or_else(|| codecs().find(|codec| knows(codec, &undotted)))
}

/// CPython: encodings.normalize_encoding, after lower()
fn normalized(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut punctuation = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if punctuation && !out.is_empty() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        }
        punctuation = !(c.is_ascii_alphanumeric() || c == '.');
    }
    out
}

impl Codec<'_> {
    /// Returns whether the file contains an ASCII byte that does not stand for itself.
    fn changes_ascii(&self, file: &[u8]) -> bool {
        if self.changed == "*" {
            return true;
        }
        let changed = self.changed.as_bytes().chunks(2).filter_map(|digits| std::str::from_utf8(digits).ok());
        let mut changed = changed.filter_map(|digits| u8::from_str_radix(digits, 16).ok());
        changed.any(|byte| file.contains(&byte))
    }
}

fn single(points: &str, file: &[u8]) -> Option<String> {
    let point = |byte: u8| {
        let at = usize::from(byte & 0x7F) * 4;
        char::from_u32(u32::from_str_radix(points.get(at..at + 4)?, 16).ok()?)
    };
    let upper: Vec<Option<char>> = (0x80..=0xFF).map(point).collect();
    let decoded = file.iter().map(|&byte| match byte {
        0..=0x7F => Some(char::from(byte)),
        _ => upper[usize::from(byte & 0x7F)],
    });
    decoded.collect()
}

/// Returns the encoding that decodes most of a codec's pairs as Python does.
pub(super) fn two_byte(codec: &str) -> Option<&'static Encoding> {
    Some(match codec {
        "gbk" | "gb2312" => GBK,
        "gb18030" => GB18030,
        "big5" | "cp950" => BIG5,
        "euc_jp" => EUC_JP,
        "shift_jis" | "cp932" => SHIFT_JIS,
        "euc_kr" | "cp949" => EUC_KR,
        _ => return None,
    })
}

/// Byte pairs: a bit for each second byte, for each first byte from 0x80.
pub(super) struct Pairs(Vec<[bool; 256]>);

impl Pairs {
    pub(super) fn parse(text: &str) -> Pairs {
        let mut pairs = Pairs(vec![[false; 256]; 128]);
        for group in text.split(';') {
            let Some((firsts, seconds)) = group.split_once(':') else { continue };
            for first in byte_ranges(firsts).flatten() {
                let row = &mut pairs.0[usize::from(first & 0x7F)];
                byte_ranges(seconds).flatten().for_each(|second| row[usize::from(second)] = true);
            }
        }
        pairs
    }

    pub(super) fn contains(&self, first: u8, second: u8) -> bool {
        self.0[usize::from(first & 0x7F)][usize::from(second)]
    }
}

/// Reads `81-a0,b3`.
fn byte_ranges(text: &str) -> impl Iterator<Item = RangeInclusive<u8>> {
    let number = |digits| u8::from_str_radix(digits, 16).ok();
    text.split(',').filter_map(move |range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(number(first)?..=number(last)?)
    })
}

/// Returns whether all of the file is single bytes and pairs that are decoded as Python does.
///
/// The sequences of three and four bytes, which only EUC-JP and GB 18030 have, are not.
fn is_exact(encoding: &'static Encoding, pairs: &Pairs, file: &[u8]) -> bool {
    let mut rest = file;
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (0..=0x7F, _) => after,
            // Half-width katakana.
            (0xA1..=0xDF, _) if encoding == SHIFT_JIS => after,
            (_, [second, after @ ..]) if pairs.contains(*first, *second) => after,
            _ => return false,
        };
    }
    true
}
