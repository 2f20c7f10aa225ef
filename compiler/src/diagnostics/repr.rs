//! Python's `repr`, for quotations in messages, warnings and the disassembly.

use core::fmt::{self, Write};

use crate::unicode::Version;

/// Writes `repr` of a `str`. Which characters are escaped depends on the version of Unicode.
pub(crate) fn write_str_repr(
    out: &mut dyn Write,
    text: impl Iterator<Item = u32> + Clone,
    unicode: Version,
) -> fmt::Result {
    write_quoted(out, text, |out, c| match char::from_u32(c) {
        Some(printable) if unicode.is_printable(c) => out.write_char(printable),
        _ if c < 0x100 => write!(out, "\\x{c:02x}"),
        _ if c < 0x10000 => write!(out, "\\u{c:04x}"),
        _ => write!(out, "\\U{c:08x}"),
    })
}

/// Writes `ascii` of a `str` of Latin-1 characters. With a `b` before it, this is `repr` of
/// `bytes`.
pub(crate) fn write_latin1_ascii(
    out: &mut dyn Write,
    text: impl Iterator<Item = u32> + Clone,
) -> fmt::Result {
    write_quoted(out, text, |out, c| write!(out, "\\x{c:02x}"))
}

/// Writes a quoted string. `beyond` writes the characters beyond ASCII.
fn write_quoted(
    out: &mut dyn Write,
    text: impl Iterator<Item = u32> + Clone,
    mut beyond: impl FnMut(&mut dyn Write, u32) -> fmt::Result,
) -> fmt::Result {
    let has = |quote: char| text.clone().any(|c| c == u32::from(quote));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.write_char(quote)?;
    for c in text {
        match char::from_u32(c) {
            Some(ascii) if ascii.is_ascii() => match ascii {
                '\\' => out.write_str("\\\\")?,
                '\t' => out.write_str("\\t")?,
                '\n' => out.write_str("\\n")?,
                '\r' => out.write_str("\\r")?,
                _ if ascii == quote => write!(out, "\\{quote}")?,
                _ if ascii.is_ascii_control() => write!(out, "\\x{c:02x}")?,
                _ => out.write_char(ascii)?,
            },
            _ => beyond(out, c)?,
        }
    }
    out.write_char(quote)
}
