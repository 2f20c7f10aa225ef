//! Foreign text in a form that is safe to print on a terminal: file names, patterns, and the output of
//! interpreters.
//!
//! Control characters could move the cursor, change colours, or start a line that looks like the
//! program's own; marks that change the direction of text can make one name look like another. They
//! are escaped as in Python.

use std::ffi::OsStr;
use std::fmt::{self, Write};
use std::path::Path;

/// Text whose `Display` escapes everything that a terminal would not show unchanged.
///
/// Bytes that are not UTF-8, which file names may contain, become `\xff`.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'t> {
    bytes: &'t [u8],
    keeps_lines: bool,
}

/// A type with a visible form.
pub trait Shown {
    /// Returns its visible form, on one line: newlines are escaped.
    fn shown(&self) -> Visible<'_>;
}

impl Shown for str {
    fn shown(&self) -> Visible<'_> {
        Visible { bytes: self.as_bytes(), keeps_lines: false }
    }
}

impl Shown for OsStr {
    fn shown(&self) -> Visible<'_> {
        Visible { bytes: self.as_encoded_bytes(), keeps_lines: false }
    }
}

impl Shown for Path {
    fn shown(&self) -> Visible<'_> {
        self.as_os_str().shown()
    }
}

/// Returns the visible form of text of several lines: newlines and tabs are not escaped.
pub fn lines(text: &str) -> Visible<'_> {
    Visible { bytes: text.as_bytes(), keeps_lines: true }
}

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\n' | '\t' if self.keeps_lines => f.write_char(c)?,
                    _ => write_code_point(f, u32::from(c))?,
                }
            }
            chunk.invalid().iter().try_for_each(|&byte| write_byte(f, byte))?;
        }
        Ok(())
    }
}

/// Writes a code point, which may be a surrogate.
///
/// # Errors
/// Those of the writer.
pub fn write_code_point(out: &mut dyn Write, c: u32) -> fmt::Result {
    match char::from_u32(c) {
        Some(c) if !is_hidden(c) => out.write_char(c),
        _ if c < 0x100 => write!(out, "\\x{c:02x}"),
        _ if c < 0x10000 => write!(out, "\\u{c:04x}"),
        _ => write!(out, "\\U{c:08x}"),
    }
}

/// Writes a byte, which is escaped unless it is printable ASCII.
///
/// # Errors
/// Those of the writer.
pub fn write_byte(out: &mut dyn Write, byte: u8) -> fmt::Result {
    match byte {
        b' '..=b'~' => out.write_char(char::from(byte)),
        _ => write!(out, "\\x{byte:02x}"),
    }
}

/// Returns whether this is a control or format character, for private use, or a variation selector.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c), 0xAD | 0x61C | 0x180E | 0xFEFF | 0x200B..=0x200F | 0x2028..=0x202E
            | 0x2060..=0x206F | 0xFE00..=0xFE0F | 0xFFF0..=0xFFFB | 0xE000..=0xF8FF | 0xE0000..=0x10FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_control_a_terminal_are_escaped() {
        assert_eq!("a\x1b[31m\n\r\t\x7f\u{9b}é漢".shown().to_string(), r"a\x1b[31m\x0a\x0d\x09\x7f\x9bé漢");
        assert_eq!("\u{202e}\u{2066}\u{e0001}".shown().to_string(), r"\u202e\u2066\U000e0001");
        assert_eq!(lines("a\n\tb\r\x1b").to_string(), "a\n\tb\\x0d\\x1b");
        assert_eq!(Path::new("a/b.py").shown().to_string(), "a/b.py");
        let mut surrogate = String::new();
        write_code_point(&mut surrogate, 0xD800).unwrap();
        assert_eq!(surrogate, r"\ud800");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_text_are_escaped() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(OsStr::from_bytes(b"a\xff\xc3\xa9\xc3").shown().to_string(), r"a\xffé\xc3");
    }
}
