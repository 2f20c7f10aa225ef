//! Drawing an error or a warning under the line of the pattern that it is about.

use core::fmt::{self, Write};
use core::ops::Range;

use super::error::Error;
use super::warning::Warning;
use crate::dialect::Dialect;
use crate::input::Pattern;

/// How many columns of the line are shown before the part that is marked, and how many in all.
const BEFORE: usize = 40;
const WIDTH: usize = 90;

/// An error or a warning with the part of the pattern that it is about; see [`Error::render`] and
/// [`Warning::render`].
///
/// `Display` writes the message, then the line of the pattern with its number, and carets below the
/// part at fault. Characters that are not printable are escaped, so that nothing in a pattern can
/// change the terminal; of a long line only the surroundings are shown, so that the output has less
/// than a kilobyte and a message. Each printable character is taken to be one column wide.
#[derive(Clone, Copy)]
pub struct Rendered<'a> {
    message: Message<'a>,
    pattern: Pattern<'a>,
}

#[derive(Clone, Copy)]
enum Message<'a> {
    Error(&'a Error),
    Warning(Warning<'a>),
}

impl Error {
    /// Returns the error for people: the message and the line of the pattern that it is about, with
    /// carets. An error without a [span](Error::span) is the message alone.
    ///
    /// `pattern` is the one that was compiled. With another one, the carets are in the wrong place.
    ///
    /// ```
    /// use sre_compiler::{Dialect, Flags, compile};
    /// let pattern = "(?P<year>[0-9]{4}\n(?P<month>[0-9]+";
    /// let error = compile(pattern, Flags::VERBOSE, Dialect::LATEST).unwrap_err();
    /// assert_eq!(error.render(pattern).to_string(), "\
    /// error: missing ), unterminated subpattern at position 18 (line 2, column 1)
    ///   |
    /// 2 | (?P<month>[0-9]+
    ///   | ^
    /// ");
    /// ```
    pub fn render<'a>(&'a self, pattern: impl Into<Pattern<'a>>) -> Rendered<'a> {
        Rendered { message: Message::Error(self), pattern: pattern.into() }
    }
}

impl<'a> Warning<'a> {
    /// Returns the warning for people: the message and the line of the pattern that it is about,
    /// with carets. `pattern` is the one that was compiled.
    pub fn render(self, pattern: impl Into<Pattern<'a>>) -> Rendered<'a> {
        Rendered { message: Message::Warning(self), pattern: pattern.into() }
    }
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = match self.message {
            Message::Error(error) => {
                writeln!(f, "{}: {error}", error.exception().name())?;
                error.span()
            }
            Message::Warning(warning) => {
                writeln!(f, "{}: {warning}", warning.category())?;
                Some(warning.span())
            }
        };
        match span {
            Some(span) => Snippet::new(self.pattern, span).write(f),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Rendered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The part of a line that is shown.
struct Snippet<'p> {
    pattern: Pattern<'p>,
    span: Range<usize>,
    lineno: usize,
    /// The index of the first code unit shown.
    start: usize,
    /// Whether the line begins before it.
    cut: bool,
}

impl<'p> Snippet<'p> {
    fn new(pattern: Pattern<'p>, span: Range<usize>) -> Snippet<'p> {
        let (mut lineno, mut line) = (1, 0);
        for (at, c) in pattern.char_indices().take_while(|&(at, _)| at < span.start) {
            if c == u32::from('\n') {
                (lineno, line) = (lineno + 1, pattern.char_end(at));
            }
        }
        let span = span.start.min(pattern.len())..span.end.min(pattern.len());
        // A column for each character is the least; escapes take more.
        let (mut start, mut columns) = (span.start, 0);
        while start > line {
            let before = pattern.units_before(start, 1);
            columns += width(pattern, pattern.chars_between(before, start).next().unwrap_or_default());
            if columns > BEFORE {
                break;
            }
            start = before;
        }
        Snippet { pattern, span, lineno, start, cut: start > line }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.lineno.checked_ilog10().unwrap_or_default() as usize + 1;
        write!(f, "{:digits$} |\n{} | ", "", self.lineno)?;
        let (mut before, mut marked) = (0, 0);
        if self.cut {
            f.write_char('…')?;
            before = 1;
        }
        let (mut at, mut columns) = (self.start, before);
        for c in self.pattern.chars_between(self.start, self.pattern.len()) {
            if c == u32::from('\n') {
                break;
            }
            let width = width(self.pattern, c);
            if columns + width > WIDTH {
                f.write_char('…')?;
                break;
            }
            write_char(f, self.pattern, c)?;
            columns += width;
            if at < self.span.start {
                before += width;
            } else if at < self.span.end {
                marked += width;
            }
            at = self.pattern.char_end(at);
        }
        write!(f, "\n{:digits$} | {:before$}", "", "")?;
        (0..marked.max(1)).try_for_each(|_| f.write_char('^'))?;
        f.write_char('\n')
    }
}

/// Writes a character as it is if it is printable, else its escape.
fn write_char(out: &mut dyn Write, pattern: Pattern<'_>, c: u32) -> fmt::Result {
    let is_byte = pattern.is_bytes() && c >= 0x80;
    match char::from_u32(c).filter(|_| !is_byte && Dialect::LATEST.unicode().is_printable(c)) {
        Some(printable) => out.write_char(printable),
        None if c < 0x100 => write!(out, "\\x{c:02x}"),
        None if c < 0x10000 => write!(out, "\\u{c:04x}"),
        None => write!(out, "\\U{c:08x}"),
    }
}

/// Returns how many columns [`write_char`] takes.
fn width(pattern: Pattern<'_>, c: u32) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 += text.chars().count();
            Ok(())
        }
    }
    let mut count = Count(0);
    // Counting never fails.
    let _ = write_char(&mut count, pattern, c);
    count.0
}
