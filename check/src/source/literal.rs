//! The value of a Python literal, with lone surrogates, which the parser's own value cannot
//! represent.

use sre_compiler::Dialect;
use sre_compiler::unicode::{AlgorithmicNames, Named};

/// The value of one literal or of several in a row, and where in the source each character comes
/// from.
#[derive(Default)]
pub(super) struct Value {
    pub characters: Vec<u32>,
    pub offsets: Vec<usize>,
    /// Where the last one ends.
    pub end: usize,
    /// Whether there is a raw literal, and one that is not raw.
    kinds: [bool; 2],
}

impl Value {
    /// Returns whether the literals are raw, or `None` if only some of them are.
    pub(super) fn raw(&self) -> Option<bool> {
        match self.kinds {
            [true, true] => None,
            [raw, _] => Some(raw),
        }
    }

    /// Appends characters that all come from one place.
    pub(super) fn push_all(&mut self, characters: impl Iterator<Item = u32>, offset: usize) {
        for character in characters {
            self.characters.push(character);
            self.offsets.push(offset);
        }
    }
}

/// An escape that is not understood.
pub(super) struct UnknownEscape;

/// Appends the value of a literal, given with prefix and quotes, which begins at an offset of the
/// source.
pub(super) fn read(literal: &str, offset: usize, value: &mut Value) -> Result<(), UnknownEscape> {
    let prefix = literal.find(['"', '\'']).ok_or(UnknownEscape)?;
    let is = |letter: char| literal[..prefix].contains([letter, letter.to_ascii_uppercase()]);
    let quotes = &literal[prefix..];
    let width =
        if quotes.len() >= 6 && (quotes.starts_with("\"\"\"") || quotes.starts_with("'''")) { 3 } else { 1 };
    let end = literal.len().checked_sub(width).ok_or(UnknownEscape)?;
    let body = literal.get(prefix + width..end).ok_or(UnknownEscape)?;
    let kind = Kind { raw: is('r'), bytes: is('b'), formatted: is('f') };
    value.end = offset + end;
    value.kinds[usize::from(!kind.raw)] = true;
    read_body(body, offset + end, kind, value)
}

/// Appends a literal part of an f-string, which begins at an offset of the source.
pub(super) fn read_formatted(
    part: &str,
    offset: usize,
    raw: bool,
    value: &mut Value,
) -> Result<(), UnknownEscape> {
    read_body(part, offset + part.len(), Kind { raw, bytes: false, formatted: true }, value)
}

/// Appends what a text between quotes stands for. It ends at an offset of the source.
fn read_body(body: &str, end: usize, kind: Kind, value: &mut Value) -> Result<(), UnknownEscape> {
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        let at = end - rest.len();
        let (character, length) = match c {
            '\\' if !kind.raw => escape(rest, kind)?,
            '{' | '}' if kind.formatted => {
                // A single brace begins a field.
                let doubled = rest[1..].starts_with(c);
                if !doubled {
                    return Err(UnknownEscape);
                }
                (Some(u32::from(c)), 2)
            }
            c => (Some(u32::from(c)), c.len_utf8()),
        };
        if let Some(character) = character {
            value.characters.push(character);
            value.offsets.push(at);
        }
        rest = &rest[length..];
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Kind {
    raw: bool,
    bytes: bool,
    formatted: bool,
}

/// Returns what an escape stands for, if anything, and its length.
fn escape(text: &str, kind: Kind) -> Result<(Option<u32>, usize), UnknownEscape> {
    let c = text[1..].chars().next().ok_or(UnknownEscape)?;
    let single = |c: u32| Ok((Some(c), 2));
    match c {
        '\n' => Ok((None, 2)),
        '\\' | '\'' | '"' => single(u32::from(c)),
        'a' => single(7),
        'b' => single(8),
        't' => single(9),
        'n' => single(10),
        'v' => single(11),
        'f' => single(12),
        'r' => single(13),
        '0'..='7' => {
            let digits = text[1..].bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
            let number = u32::from_str_radix(&text[1..1 + digits], 8).map_err(|_| UnknownEscape)?;
            Ok((Some(if kind.bytes { number & 0xFF } else { number }), 1 + digits))
        }
        'x' => hexadecimal(text, 2),
        'u' if !kind.bytes => hexadecimal(text, 4),
        'U' if !kind.bytes => hexadecimal(text, 8),
        'N' if !kind.bytes => named(text),
        // Not an escape: the backslash stands for itself.
        _ => Ok((Some(u32::from('\\')), 1)),
    }
}

fn hexadecimal(text: &str, digits: usize) -> Result<(Option<u32>, usize), UnknownEscape> {
    let number = text.get(2..2 + digits).filter(|number| number.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let number = number.and_then(|number| u32::from_str_radix(number, 16).ok()).filter(|&c| c <= 0x10FFFF);
    Ok((Some(number.ok_or(UnknownEscape)?), 2 + digits))
}

/// No name is ever reused for another character, so the newest version knows all names.
fn named(text: &str) -> Result<(Option<u32>, usize), UnknownEscape> {
    let name = text[2..].strip_prefix('{').and_then(|rest| rest.split_once('}')).ok_or(UnknownEscape)?.0;
    let points: Vec<u32> = name.chars().map(u32::from).collect();
    let found = Dialect::default().unicode().lookup_name(&points, AlgorithmicNames::Strict);
    match found {
        Some(Named::Character(c)) => Ok((Some(c), 4 + name.len())),
        _ => Err(UnknownEscape),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(literal: &str) -> Option<(Vec<u32>, Vec<usize>)> {
        let mut value = Value::default();
        read(literal, 0, &mut value).ok().map(|()| (value.characters, value.offsets))
    }

    fn text(literal: &str) -> Option<String> {
        value(literal)?.0.into_iter().map(char::from_u32).collect()
    }

    #[test]
    fn escapes_are_those_of_python() {
        assert_eq!(text(r#""a\tb\"\'\\\x41\101\0""#).unwrap(), "a\tb\"'\\AA\0");
        assert_eq!(text(r"'\d\.\N{EM DASH}\u00e9\U0001F600'").unwrap(), "\\d\\.\u{2014}\u{e9}\u{1f600}");
        assert_eq!(text("'a\\\nb'").unwrap(), "ab");
        assert_eq!(text(r"rb'\x41\''").unwrap(), r"\x41\'");
        assert_eq!(text(r"b'\u0041\501'").unwrap(), r"\u0041A");
        assert_eq!(value(r"'\ud83d\ude00'").unwrap().0, [0xD83D, 0xDE00]);
        assert_eq!(text("'''a'b'''").unwrap(), "a'b");
        assert_eq!(text("''").unwrap(), "");
        assert_eq!(text(r"rf'\d{{2}}'").unwrap(), r"\d{2}");
        for unknown in [r"'\x4'", r"'\N{NO SUCH NAME}'", r"'\U00110000'", r"f'{a}'"] {
            assert_eq!(value(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn each_character_has_its_offset() {
        assert_eq!(value(r"r'a\b'").unwrap().1, [2, 3, 4]);
        assert_eq!(value(r"'\x41é\n'").unwrap().1, [1, 5, 7]);
    }
}
