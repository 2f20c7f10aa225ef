//! A case: a pattern with its flags, and the file that holds it.

use std::fmt;

use sre_compiler::{Flags, Pattern};

use crate::py_literal;

/// A pattern with its flags.
///
/// A case file is a header line, then the pattern, byte for byte:
///
/// ```text
/// str im
/// (?P<a>x|yz)+
/// ```
///
/// The header is `str` or `bytes`, a space, and the letters of the flags out of `a i L m s u x`
/// (`-` for none). Everything after the first newline is the pattern: for `str`, UTF-8 with lone
/// surrogates as three bytes.
///
/// `Debug` writes the Python expression that compiles the case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Case {
    /// The pattern.
    pub text: Text,
    /// The flags that go with it.
    pub flags: Flags,
}

/// The text of a pattern. `Debug` writes a Python literal in ASCII.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Text {
    /// Code points up to U+10FFFF, including lone surrogates.
    Str(Vec<u32>),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// Why a case file cannot hold a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotInCaseFile {
    /// Flags that have no letter in a case file.
    Flags(Flags),
    /// The text contains a number that is not a code point.
    CodePoint(u32),
}

impl fmt::Display for NotInCaseFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotInCaseFile::Flags(flags) => {
                f.write_str("a case file has no letter for the flags ")?;
                match *flags {
                    Flags::TEMPLATE => f.write_str("re.T"),
                    flags => py_literal::write_flags(f, flags),
                }
            }
            NotInCaseFile::CodePoint(c) => write!(f, "{c:#x} is not a code point"),
        }
    }
}

impl std::error::Error for NotInCaseFile {}

/// The letters of a case file, in the order of writing: those of `(?…)` except `t`.
pub(crate) const LETTERS: &str = "aiLmsux";

/// Returns the letters of a case file with their flags.
pub(crate) fn lettered_flags() -> impl Iterator<Item = (char, Flags)> + Clone {
    LETTERS.chars().filter_map(|letter| Some((letter, Flags::from_letter(letter)?)))
}

impl Case {
    /// Creates a `str` case.
    pub fn str(pattern: &str, flags: Flags) -> Case {
        Case { text: Text::Str(pattern.chars().map(u32::from).collect()), flags }
    }

    /// Creates a `bytes` case.
    pub fn bytes(pattern: &[u8], flags: Flags) -> Case {
        Case { text: Text::Bytes(pattern.to_vec()), flags }
    }

    /// Reads a case file. Any bytes are accepted:
    ///
    /// - letters may be in any order and repeated;
    /// - a byte of a `str` pattern that is not UTF-8 becomes a surrogate from U+DC80 to U+DCFF, as with Python's
    ///   `surrogateescape`, so that damage by a mutator stays local;
    /// - without a header, the whole input is the pattern, without flags: `str` if it is UTF-8, else `bytes`.
    pub fn decode(input: &[u8]) -> Case {
        let Some((is_bytes, flags, pattern)) = split_header(input) else {
            let mut damaged = false;
            let text = decode_utf8(input, |_| damaged = true);
            let text = if damaged { Text::Bytes(input.to_vec()) } else { Text::Str(text) };
            return Case { text, flags: Flags::empty() };
        };
        let text =
            if is_bytes { Text::Bytes(pattern.to_vec()) } else { Text::Str(decode_utf8(pattern, |_| ())) };
        Case { text, flags }
    }

    /// Writes a case file, ignoring what it cannot represent. To save a case, use
    /// [`to_file`](Case::to_file).
    pub fn encode(&self) -> Vec<u8> {
        let mut file = Vec::with_capacity(16 + self.len());
        file.extend_from_slice(if self.is_bytes() { b"bytes " } else { b"str " });
        let start = file.len();
        let set = lettered_flags().filter(|(_, flag)| self.flags.intersects(*flag));
        file.extend(set.map(|(letter, _)| letter as u8));
        if file.len() == start {
            file.push(b'-');
        }
        file.push(b'\n');
        match &self.text {
            Text::Str(text) => text.iter().for_each(|&c| push_utf8(&mut file, c)),
            Text::Bytes(bytes) => file.extend_from_slice(bytes),
        }
        file
    }

    /// Writes a case file that [`decode`](Case::decode) reads back as this case.
    ///
    /// # Errors
    /// If a case file cannot represent it; JSON ([`write_request`](crate::wire::write_request))
    /// can.
    pub fn to_file(&self) -> Result<Vec<u8>, NotInCaseFile> {
        let rest = lettered_flags().fold(self.flags, |rest, (_, flag)| rest.without(flag));
        if rest != Flags::empty() {
            return Err(NotInCaseFile::Flags(rest));
        }
        match &self.text {
            Text::Str(text) => match text.iter().find(|&&c| c > 0x10FFFF) {
                Some(&c) => Err(NotInCaseFile::CodePoint(c)),
                None => Ok(self.encode()),
            },
            Text::Bytes(_) => Ok(self.encode()),
        }
    }

    /// Returns the pattern for the compiler.
    ///
    /// # Panics
    /// If the text contains a number above U+10FFFF, which is not a code point.
    pub fn pattern(&self) -> Pattern<'_> {
        match &self.text {
            Text::Str(text) => Pattern::from_code_points(text).expect("Text::Str holds code points"),
            Text::Bytes(bytes) => Pattern::from(bytes.as_slice()),
        }
    }

    /// Returns the pattern as UTF-8, written to `buffer`, or as code points if it contains
    /// surrogates.
    ///
    /// # Panics
    /// As [`pattern`](Case::pattern).
    pub fn pattern_in<'c>(&'c self, buffer: &'c mut String) -> Pattern<'c> {
        let Text::Str(text) = &self.text else { return self.pattern() };
        buffer.clear();
        for &c in text {
            let Some(c) = char::from_u32(c) else { return self.pattern() };
            buffer.push(c);
        }
        Pattern::from(buffer.as_str())
    }

    /// Returns a `str` pattern without surrogates as UTF-8.
    pub fn to_utf8(&self) -> Option<String> {
        match &self.text {
            Text::Str(text) => text.iter().map(|&c| char::from_u32(c)).collect(),
            Text::Bytes(_) => None,
        }
    }

    /// Returns whether the pattern is `bytes`.
    pub fn is_bytes(&self) -> bool {
        matches!(self.text, Text::Bytes(_))
    }

    /// Returns the length in characters.
    pub fn len(&self) -> usize {
        match &self.text {
            Text::Str(text) => text.len(),
            Text::Bytes(bytes) => bytes.len(),
        }
    }

    /// Returns the length in code units of the form that [`pattern_in`](Case::pattern_in) returns.
    pub fn units(&self) -> usize {
        self.to_utf8().map_or(self.len(), |text| text.len())
    }

    /// Returns whether the pattern is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "re.compile({:?}", self.text)?;
        if self.flags != Flags::empty() {
            f.write_str(", ")?;
            py_literal::write_flags(f, self.flags)?;
        }
        f.write_str(")")
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Str(text) => py_literal::write_str(f, text.iter().copied()),
            Text::Bytes(bytes) => {
                f.write_str("b")?;
                py_literal::write_str(f, bytes.iter().map(|&b| u32::from(b)))
            }
        }
    }
}

/// Returns kind, flags and pattern of a file with a header.
pub(crate) fn split_header(input: &[u8]) -> Option<(bool, Flags, &[u8])> {
    // A header without repeated letters is much shorter.
    let end = input.iter().take(64).position(|&byte| byte == b'\n')?;
    let (header, pattern) = (&input[..end], &input[end + 1..]);
    let (is_bytes, letters) = match header.strip_prefix(b"str ") {
        Some(letters) => (false, letters),
        None => (true, header.strip_prefix(b"bytes ")?),
    };
    if letters == b"-" {
        return Some((is_bytes, Flags::empty(), pattern));
    }
    if letters.is_empty() {
        return None;
    }
    let flags = letters.iter().try_fold(Flags::empty(), |flags, &letter| {
        let (_, flag) = lettered_flags().find(|(known, _)| *known == char::from(letter))?;
        Some(flags | flag)
    })?;
    Some((is_bytes, flags, pattern))
}

/// Decodes UTF-8 with surrogates as three bytes. An invalid byte is passed to `damage` and becomes
/// a surrogate from U+DC80.
pub(crate) fn decode_utf8(mut bytes: &[u8], mut damage: impl FnMut(u8)) -> Vec<u32> {
    let mut text = Vec::with_capacity(bytes.len());
    while let Some(&first) = bytes.first() {
        let (c, length) = match next_code_point(bytes) {
            Some(read) => read,
            None => {
                damage(first);
                (0xDC00 + u32::from(first), 1)
            }
        };
        text.push(c);
        bytes = &bytes[length..];
    }
    text
}

/// Returns the first code point and its length in bytes; `None` if it is not encoded in its
/// shortest form.
pub(crate) fn next_code_point(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = u32::from(*bytes.first()?);
    let (length, start, least) = match first {
        0x00..=0x7F => return Some((first, 1)),
        0xC2..=0xDF => (2, first & 0x1F, 0x80),
        0xE0..=0xEF => (3, first & 0x0F, 0x800),
        0xF0..=0xF4 => (4, first & 0x07, 0x10000),
        _ => return None,
    };
    let c = bytes.get(1..length)?.iter().try_fold(start, |c, &byte| match byte {
        0x80..=0xBF => Some(c << 6 | u32::from(byte & 0x3F)),
        _ => None,
    })?;
    (least..=0x10FFFF).contains(&c).then_some((c, length))
}

/// Writes a code point as UTF-8, a surrogate as three bytes.
pub fn push_utf8(out: &mut Vec<u8>, c: u32) {
    match char::from_u32(c) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xE0 | (c >> 12 & 0x0F) as u8,
            0x80 | (c >> 6 & 0x3F) as u8,
            0x80 | (c & 0x3F) as u8,
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_files_have_the_documented_form() {
        let case = Case::str("(?P<a>x|yz)+", Flags::IGNORECASE | Flags::MULTILINE);
        assert_eq!(case.encode(), b"str im\n(?P<a>x|yz)+");
        assert_eq!(Case::bytes(b"\x80\n", Flags::empty()).encode(), b"bytes -\n\x80\n");
        let all = Flags::from_bits(256 | 2 | 4 | 8 | 16 | 32 | 64);
        assert_eq!(Case::str("", all).encode(), b"str aiLmsux\n");
        let surrogates = Case { text: Text::Str(vec![0xD800, 0xDC00, 0x61]), flags: Flags::empty() };
        assert_eq!(surrogates.encode(), b"str -\n\xED\xA0\x80\xED\xB0\x80a");
        assert_eq!(Case::decode(&surrogates.encode()), surrogates);
        assert_eq!(surrogates.to_utf8(), None);
        let mut buffer = String::new();
        assert_eq!(surrogates.pattern_in(&mut buffer), surrogates.pattern());
        assert_eq!(Case::str("é", Flags::empty()).pattern_in(&mut buffer), Pattern::from("é"));
    }

    #[test]
    fn decode_is_total() {
        let none = Flags::empty();
        for (input, case) in [
            (&b""[..], Case::str("", none)),
            (b"str -", Case::str("str -", none)),
            (b"str \na", Case::str("str \na", none)),
            (b"str -i\na", Case::str("str -i\na", none)),
            (b"str q\na", Case::str("str q\na", none)),
            (b"str mmi\na", Case::str("a", Flags::IGNORECASE | Flags::MULTILINE)),
            (b"a\xFF", Case::bytes(b"a\xFF", none)),
            (b"\xC0\x80", Case::bytes(b"\xC0\x80", none)),
            (b"str -\na\xFFb", Case { text: Text::Str(vec![0x61, 0xDCFF, 0x62]), flags: none }),
            (
                b"str -\n\xF4\x90\x80\x80",
                Case { text: Text::Str(vec![0xDCF4, 0xDC90, 0xDC80, 0xDC80]), flags: none },
            ),
        ] {
            assert_eq!(Case::decode(input), case, "{input:?}");
        }
    }

    /// Any flags: with letters, without letters, and negative ones.
    fn any_flags(u: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<Flags> {
        let bits: i64 = u.arbitrary()?;
        Ok(Flags::from_bits(match u.int_in_range(0..=5)? {
            0 => 0,
            1 => bits & 0b1_0111_1110,
            2 => 1 << (bits & 63),
            3 => !(1 << (bits & 63)),
            4 => bits & 0x3FF,
            _ => bits,
        }))
    }

    /// Text with newlines, headers, pairs of surrogates, and code points at the limits of the UTF-8
    /// lengths.
    fn any_text(u: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<Text> {
        let prefix: &[u8] = u.choose(&[&b""[..], b"", b"\n", b"\n\n", b"str -\n", b"bytes aL\n", b"str "])?;
        if u.arbitrary()? {
            let bytes: Vec<u8> = u.arbitrary()?;
            return Ok(Text::Bytes([prefix, &bytes].concat()));
        }
        let mut text: Vec<u32> = prefix.iter().map(|&byte| u32::from(byte)).collect();
        let edges =
            [0, 0x0A, 0x0D, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFEFF, 0xFFFF, 0x10000, 0x10FFFF];
        while let (Ok(choice), false) = (u.int_in_range(0..=7), u.is_empty()) {
            let c: u32 = u.arbitrary()?;
            match choice {
                0 => text.extend([0xD800 + c % 0x400, 0xDC00 + (c >> 10) % 0x400]),
                1 => text.push(0xD800 + c % 0x800),
                2 => text.push(*u.choose(&edges)?),
                3 if c.is_multiple_of(16) => text.push(c),
                4 => text.push(c % 0x110000),
                _ => text.push(c % 0x80),
            }
        }
        Ok(Text::Str(text))
    }

    #[test]
    fn to_file_succeeds_exactly_if_the_case_can_be_read_back() {
        let (mut written, mut rejected) = (0, 0);
        arbtest::arbtest(|u| {
            let case = Case { text: any_text(u)?, flags: any_flags(u)? };
            match case.to_file() {
                Ok(file) => {
                    written += 1;
                    assert_eq!(Case::decode(&file), case);
                }
                Err(why) => {
                    rejected += 1;
                    assert_ne!(Case::decode(&case.encode()), case, "{why}");
                }
            }
            Ok(())
        })
        .budget_ms(300);
        assert!(written > 20 && rejected > 20, "{written} written, {rejected} rejected");
    }

    #[test]
    fn an_error_names_what_a_case_file_cannot_represent() {
        for (flags, why) in [
            (1, "re.T"),
            (2 | 128, "re.DEBUG"),
            (1 | 8 | 128, "0x81"),
            (512, "0x200"),
            (-1, "-0x17f"),
            (i64::MIN, "-0x8000000000000000"),
        ] {
            let error = Case::str("a", Flags::from_bits(flags)).to_file().unwrap_err();
            assert_eq!(error.to_string(), format!("a case file has no letter for the flags {why}"));
        }
        let text = Text::Str(vec![0x61, 0x110000]);
        let error = Case { text, flags: Flags::empty() }.to_file().unwrap_err();
        assert_eq!(error, NotInCaseFile::CodePoint(0x110000));
        for pattern in ["", "\n", "\n\na", "str -\na"] {
            let case = Case::str(pattern, Flags::IGNORECASE);
            assert_eq!(case.to_file(), Ok([b"str i\n", pattern.as_bytes()].concat()));
            assert_eq!(Case::decode(&case.to_file().unwrap()), case);
        }
    }

    #[test]
    fn decoded_cases_round_trip() {
        arbtest::arbtest(|u| {
            let mut input: Vec<u8> = u.arbitrary()?;
            if u.arbitrary()? {
                input.splice(0..0, u.choose(&[&b"str -\n"[..], b"bytes aL\n", b"str xi\n"])?.iter().copied());
            }
            let case = Case::decode(&input);
            assert_eq!(Case::decode(&case.to_file().unwrap()), case);
            assert_eq!(case.pattern().chars().count(), case.len());
            Ok(())
        });
    }

    #[test]
    fn debug_can_be_pasted() {
        let flags = Flags::IGNORECASE | Flags::MULTILINE;
        assert_eq!(
            format!("{:?}", Case::str("it's é\n\\", flags)),
            r#"re.compile("it's \xe9\n\\", re.I|re.M)"#
        );
        assert_eq!(
            format!("{:?}", Case::bytes(b"'\"\xff\0", Flags::empty())),
            r#"re.compile(b'\'"\xff\x00')"#
        );
        let surrogate = Text::Str(vec![0xD800, 0x1F600]);
        assert_eq!(format!("{surrogate:?}"), r"'\ud800\U0001f600'");
        assert_eq!(format!("{:?}", Case::str("a", Flags::from_bits(0x201))), "re.compile('a', 0x201)");
        assert_eq!(format!("{:?}", Case::str("a", Flags::from_bits(-1))), "re.compile('a', -1)");
    }
}
