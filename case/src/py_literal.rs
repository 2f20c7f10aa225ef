//! Python literals and flags, in ASCII.

use std::fmt;
use std::fmt::Write;

use sre_compiler::Flags;

use crate::case::lettered_flags;

/// Writes a `str` literal, or, after a `b`, a `bytes` literal.
pub(crate) fn write_str(out: &mut dyn Write, text: impl Iterator<Item = u32> + Clone) -> fmt::Result {
    let has = |quote: char| text.clone().any(|c| c == u32::from(quote));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.write_char(quote)?;
    for c in text {
        match char::from_u32(c) {
            Some('\\') => out.write_str(r"\\")?,
            Some('\n') => out.write_str(r"\n")?,
            Some('\r') => out.write_str(r"\r")?,
            Some('\t') => out.write_str(r"\t")?,
            Some(c) if c == quote => write!(out, "\\{c}")?,
            Some(c @ ' '..='~') => out.write_char(c)?,
            _ if c < 0x100 => write!(out, "\\x{c:02x}")?,
            _ if c < 0x10000 => write!(out, "\\u{c:04x}")?,
            _ => write!(out, "\\U{c:08x}")?,
        }
    }
    out.write_char(quote)
}

/// Writes flags as `re.I|re.M`, or as a number if not all of them have a name in every version.
pub(crate) fn write_flags(out: &mut dyn Write, flags: Flags) -> fmt::Result {
    let names = lettered_flags().map(|(letter, flag)| (letter.to_ascii_uppercase().to_string(), flag));
    let named = names.chain([("DEBUG".to_owned(), Flags::DEBUG)]).filter(|(_, flag)| flags.intersects(*flag));
    let rest = named.clone().fold(flags, |rest, (_, flag)| rest.without(flag));
    if rest != Flags::empty() || flags == Flags::empty() {
        let (sign, size) = (if flags.bits() < 0 { "-" } else { "" }, flags.bits().unsigned_abs());
        return if size < 10 { write!(out, "{sign}{size}") } else { write!(out, "{sign}{size:#x}") };
    }
    for (n, (name, _)) in named.enumerate() {
        write!(out, "{}re.{name}", if n == 0 { "" } else { "|" })?;
    }
    Ok(())
}
