//! A line of a pattern with the column of a caret.

use std::fmt;

use sre_support::visible::{write_byte, write_code_point};
use unicode_width::UnicodeWidthStr;

use crate::case::{Case, Text};

/// The line of a pattern around a position, as shown in a terminal with a caret below.
///
/// Characters that a terminal would not show, or would move, are escaped; a tab is four columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snippet {
    /// The number of the line, from 1.
    pub lineno: usize,
    /// Whether the pattern has several lines.
    pub multiline: bool,
    /// The line, or the part near the position if it is long.
    pub line: String,
    /// Number of columns before the caret.
    pub column: usize,
}

/// Limits of characters shown of a line, and of those before the caret.
const WIDTH: usize = 100;
const BEFORE: usize = 60;

impl Snippet {
    /// Creates the snippet for a position in characters, which may be the end of the pattern.
    pub fn new(case: &Case, pos: usize) -> Snippet {
        let newline = u32::from('\n');
        let text: Vec<u32> = case.pattern().chars().collect();
        let pos = pos.min(text.len());
        let start = text[..pos].iter().rposition(|&c| c == newline).map_or(0, |at| at + 1);
        let end = text[pos..].iter().position(|&c| c == newline).map_or(text.len(), |at| pos + at);
        let (start, end, cut) = window(start, pos, end);
        let mut line = String::new();
        line.push_str(if cut.0 { "…" } else { "" });
        text[start..pos].iter().for_each(|&c| push_visible(&mut line, c, case.is_bytes()));
        let mut column = line.width();
        // A character without width is shown in the column of the one before.
        if text.get(pos).is_some_and(|&c| pos < end && has_no_width(c, case.is_bytes())) {
            column = column.saturating_sub(1);
        }
        text[pos..end].iter().for_each(|&c| push_visible(&mut line, c, case.is_bytes()));
        line.push_str(if cut.1 { "…" } else { "" });
        let lineno = 1 + text[..pos].iter().filter(|&&c| c == newline).count();
        Snippet { lineno, multiline: text.contains(&newline), line, column }
    }
}

impl Snippet {
    /// Returns the line, and what precedes the caret in the line below. If the pattern has several
    /// lines, the first begins with the number of the line.
    pub fn rows(&self) -> (String, String) {
        let (number, blank) = match self.multiline {
            true => {
                let number = self.lineno.to_string();
                let blank = " ".repeat(number.len());
                (format!("{number} | "), format!("{blank} | "))
            }
            false => (String::new(), String::new()),
        };
        (format!("{number}{}", self.line), format!("{blank}{}", " ".repeat(self.column)))
    }
}

/// Returns the part of the line to show, in characters, and whether it is cut before and after.
fn window(start: usize, pos: usize, end: usize) -> (usize, usize, (bool, bool)) {
    if end - start <= WIDTH {
        return (start, end, (false, false));
    }
    let from = start.max(pos.saturating_sub(BEFORE));
    let to = end.min(from + WIDTH);
    (from, to, (from > start, to < end))
}

fn has_no_width(c: u32, is_bytes: bool) -> bool {
    let mut shown = String::new();
    push_visible(&mut shown, c, is_bytes);
    shown.width() == 0
}

/// Returns the lines of a pattern as shown in a terminal.
pub fn visible(text: &Text) -> Vec<String> {
    let (characters, is_bytes): (Vec<u32>, bool) = match text {
        Text::Str(text) => (text.clone(), false),
        Text::Bytes(bytes) => (bytes.iter().map(|&byte| u32::from(byte)).collect(), true),
    };
    let lines = characters.split(|&c| c == u32::from('\n'));
    lines
        .map(|line| {
            let mut shown = String::new();
            line.iter().take(WIDTH).for_each(|&c| push_visible(&mut shown, c, is_bytes));
            shown.push_str(if line.len() > WIDTH { "…" } else { "" });
            shown
        })
        .collect()
}

/// Appends a character: a tab as four spaces, unprintable characters and non-ASCII bytes escaped.
fn push_visible(out: &mut String, c: u32, is_bytes: bool) {
    // Writing to a String succeeds.
    let _: fmt::Result = match u8::try_from(c) {
        Ok(b'\t') => {
            out.push_str("    ");
            Ok(())
        }
        Ok(byte) if is_bytes => write_byte(out, byte),
        _ => write_code_point(out, c),
    };
}

#[cfg(test)]
mod tests {
    use sre_compiler::Flags;

    use super::*;

    fn snippet(case: &Case, pos: usize) -> (String, usize) {
        let snippet = Snippet::new(case, pos);
        (snippet.line, snippet.column)
    }

    #[test]
    fn the_caret_is_where_the_terminal_shows_the_character() {
        let str = |text: &str| Case::str(text, Flags::empty());
        assert_eq!(snippet(&str("ab++"), 3), ("ab++".into(), 3));
        assert_eq!(snippet(&str("\t(++"), 2), ("    (++".into(), 5));
        assert_eq!(snippet(&str("漢字(++"), 3), ("漢字(++".into(), 5));
        assert_eq!(snippet(&str("e\u{301}(++"), 3), ("e\u{301}(++".into(), 2));
        assert_eq!(snippet(&str("ab\u{301}++"), 2), ("ab\u{301}++".into(), 1));
        assert_eq!(snippet(&str("\u{200b}\x1b(++"), 3), (r"\u200b\x1b(++".into(), 11));
        assert_eq!(snippet(&Case::bytes(b"\xe9(++", Flags::empty()), 2), (r"\xe9(++".into(), 5));
        let surrogate = Case { text: Text::Str(vec![0xD800, 0x28]), flags: Flags::empty() };
        assert_eq!(snippet(&surrogate, 1), (r"\ud800(".into(), 6));
        assert_eq!(snippet(&str("("), 1), ("(".into(), 1));
    }

    #[test]
    fn only_the_line_of_the_position_is_shown() {
        let case = Case::str("a\n(b\n\nc", Flags::empty());
        let line = |pos| {
            let snippet = Snippet::new(&case, pos);
            (snippet.lineno, snippet.line, snippet.column)
        };
        assert_eq!(line(2), (2, "(b".into(), 0));
        assert_eq!(line(4), (2, "(b".into(), 2));
        assert_eq!(line(5), (3, String::new(), 0));
        assert_eq!(line(7), (4, "c".into(), 1));
    }

    #[test]
    fn the_part_of_a_long_line_around_the_position_is_shown() {
        let case = Case::str(&format!("{}++{}", "a".repeat(500), "b".repeat(500)), Flags::empty());
        let (line, column) = snippet(&case, 501);
        assert_eq!((line.chars().nth(column), line.width()), (Some('+'), WIDTH + 2));
        assert_eq!(line.chars().nth(column + 1), Some('b'));
    }
}
