//! Code as CPython prints it.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use crate::diagnostics::write_str_repr;
use crate::dialect::{Dialect, MAXREPEAT};
use crate::opcode::{AT_NAMES, BLOCK_WORDS, CATEGORY_NAMES, INFO_CHARSET, INFO_PREFIX, NUMBER_WORDS, Op};
use crate::program::Program;

/// Code. `Display` writes what `re.DEBUG` prints.
///
/// Any words are accepted: from where they are not valid code, `invalid` is written. Each line is
/// indented by its depth, so the text of deeply nested groups is long. `Display` keeps one line of
/// it in memory at a time.
///
/// CPython: `re/_compiler.py`, `dis`
#[derive(Clone, Copy)]
pub struct Disassembly<'c> {
    code: &'c [u32],
    dialect: Dialect,
}

/// A line of the disassembly.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// The index of the instruction in the code, or `None` for a further line of the same
    /// instruction.
    pub word: Option<usize>,
    /// The line as CPython prints it.
    pub text: String,
    /// The index in `text` at which the instruction begins, after offset and indentation.
    start: usize,
}

impl Line {
    /// Returns the line without offset and indentation.
    pub fn instruction(&self) -> &str {
        &self.text[self.start..]
    }
}

impl Program {
    /// Returns the code as `re.DEBUG` prints it.
    ///
    /// CPython: `re/_compiler.py`, `dis`
    pub fn disassembly(&self) -> Disassembly<'_> {
        Disassembly::new(self.code(), self.dialect)
    }
}

impl<'c> Disassembly<'c> {
    /// Disassembles the code of a dialect.
    pub fn new(code: &'c [u32], dialect: Dialect) -> Disassembly<'c> {
        Disassembly { code, dialect }
    }

    /// Returns the lines.
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let _ = self.print(&mut |line| {
            lines.push(line);
            Ok(())
        });
        lines
    }

    /// Passes each line to `out`.
    fn print(&self, out: &mut dyn FnMut(Line) -> fmt::Result) -> fmt::Result {
        let offset_width = format!("{}", self.code.len().saturating_sub(1)).len();
        let mut printer = Printer {
            code: self.code,
            dialect: self.dialect,
            offset_width,
            labels: BTreeSet::new(),
            out,
            failed: false,
            parts: Vec::new(),
        };
        let valid = printer.print().is_some();
        if printer.failed {
            return Err(fmt::Error);
        }
        if valid { Ok(()) } else { out(Line { word: None, text: "invalid".into(), start: 0 }) }
    }
}

impl fmt::Display for Disassembly<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(&mut |line| writeln!(f, "{}", line.text))
    }
}

impl fmt::Debug for Disassembly<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A stretch of code that is being printed. CPython: one call of `dis_`
struct Part {
    at: usize,
    end: usize,
    level: usize,
    /// Whether an alternative of a branch, or the end of the branch, is at `at`.
    in_branch: bool,
}

struct Printer<'c, 'o> {
    code: &'c [u32],
    dialect: Dialect,
    offset_width: usize,
    /// The targets of the jumps so far.
    labels: BTreeSet<usize>,
    out: &'o mut dyn FnMut(Line) -> fmt::Result,
    /// Whether `out` returned an error.
    failed: bool,
    parts: Vec<Part>,
}

impl Printer<'_, '_> {
    /// Prints all instructions. Returns `None` where the words are not valid code.
    fn print(&mut self) -> Option<()> {
        self.parts.push(Part { at: 0, end: self.code.len(), level: 1, in_branch: false });
        while let Some(part) = self.parts.last().filter(|_| !self.failed) {
            let (at, level) = (part.at, part.level);
            if part.in_branch {
                self.print_alternative(at, level)?;
            } else if at < part.end {
                self.print_instruction(at, level)?;
            } else {
                self.parts.pop();
            }
        }
        Some(())
    }

    fn word(&self, at: usize) -> Option<u32> {
        self.code.get(at).copied()
    }

    fn words(&self, at: usize, length: usize) -> Option<&[u32]> {
        self.code.get(at..at.checked_add(length)?)
    }

    /// Continues at `at` after the nested part, if there is one, is printed.
    fn go_on(&mut self, at: usize, nested: Option<(usize, usize)>, level: usize) {
        if let Some(part) = self.parts.last_mut() {
            part.at = at;
        }
        if let Some((at, end)) = nested {
            self.parts.push(Part { at, end, level, in_branch: false });
        }
    }

    /// CPython: `print_` in `dis`
    fn line(&mut self, word: usize, level: usize, text: &str, to: Option<usize>) {
        if let Some(to) = to {
            self.labels.insert(to);
        }
        let mark = if self.labels.contains(&word) { ':' } else { '.' };
        let mut line = format!("{word:width$}{mark} ", width = self.offset_width);
        line.extend(core::iter::repeat_n("  ", level - 1));
        let start = line.len();
        line.push_str(text);
        if let Some(to) = to {
            let _ = write!(line, " (to {to})");
        }
        self.failed |= (self.out)(Line { word: Some(word), text: line, start }).is_err();
    }

    /// CPython: `print_2` in `dis`
    fn more(&mut self, level: usize, text: &str) {
        let mut line: String = core::iter::repeat_n(' ', self.offset_width + 2 * level).collect();
        let start = line.len();
        line.push_str(text);
        self.failed |= (self.out)(Line { word: None, text: line, start }).is_err();
    }

    fn repr(&self, text: &[u32]) -> String {
        let mut shown = String::new();
        let _ = write_str_repr(&mut shown, text.iter().copied(), self.dialect.unicode());
        shown
    }

    fn print_instruction(&mut self, at: usize, level: usize) -> Option<()> {
        let op = self.dialect.0.numbering.op(self.word(at)?)?;
        let name = op.name();
        let i = at + 1;
        let skip_to = |printer: &Self, i: usize| Some((printer.word(i)?, i + printer.word(i)? as usize));
        match op {
            Op::SUCCESS
            | Op::FAILURE
            | Op::ANY
            | Op::ANY_ALL
            | Op::MAX_UNTIL
            | Op::MIN_UNTIL
            | Op::NEGATE => {
                self.line(at, level, name, None);
                self.go_on(i, None, level);
            }
            op if op.is_literal() => {
                let c = self.word(i)?;
                let text = format!("{name} {c:#x} ({})", self.repr(&[c]));
                self.line(at, level, &text, None);
                self.go_on(i + 1, None, level);
            }
            Op::AT | Op::CATEGORY => {
                let names: &[&str] = if op == Op::AT { &AT_NAMES } else { &CATEGORY_NAMES };
                let text = format!("{name} {}", names.get(self.word(i)? as usize)?);
                self.line(at, level, &text, None);
                self.go_on(i + 1, None, level);
            }
            Op::RANGE | Op::RANGE_UNI_IGNORE => {
                let (first, last) = (self.word(i)?, self.word(i + 1)?);
                let (shown_first, shown_last) = (self.repr(&[first]), self.repr(&[last]));
                let text = format!("{name} {first:#x} {last:#x} ({shown_first}-{shown_last})");
                self.line(at, level, &text, None);
                self.go_on(i + 2, None, level);
            }
            Op::CHARSET => {
                let text = format!("{name} {}", hex_code(self.words(i, BLOCK_WORDS)?));
                self.line(at, level, &text, None);
                self.go_on(i + BLOCK_WORDS, None, level);
            }
            Op::BIGCHARSET => self.print_big_charset(at, level)?,
            op if op == Op::MARK || op.is_reference() => {
                let text = format!("{name} {}", self.word(i)?);
                self.line(at, level, &text, None);
                self.go_on(i + 1, None, level);
            }
            Op::JUMP => {
                let (skip, to) = skip_to(self, i)?;
                self.line(at, level, &format!("{name} {skip}"), Some(to));
                self.go_on(i + 1, None, level);
            }
            op if op == Op::ATOMIC_GROUP || op.is_in() => {
                let (skip, to) = skip_to(self, i)?;
                self.line(at, level, &format!("{name} {skip}"), Some(to));
                self.go_on(to, Some((i + 1, to)), level + 1);
            }
            Op::BRANCH => {
                let (skip, to) = skip_to(self, i)?;
                self.line(at, level, &format!("{name} {skip}"), Some(to));
                self.enter_alternative(i, skip, level);
            }
            Op::REPEAT
            | Op::REPEAT_ONE
            | Op::MIN_REPEAT_ONE
            | Op::POSSESSIVE_REPEAT
            | Op::POSSESSIVE_REPEAT_ONE => {
                let (skip, to) = skip_to(self, i)?;
                let (min, max) = (self.word(i + 1)?, shown_max(self.word(i + 2)?));
                self.line(at, level, &format!("{name} {skip} {min} {max}"), Some(to));
                self.go_on(to, Some((i + 3, to)), level + 1);
            }
            Op::GROUPREF_EXISTS => {
                let (group, (skip, to)) = (self.word(i)?, skip_to(self, i + 1)?);
                // The skip counts from the word of the group rather than from its own.
                self.line(at, level, &format!("{name} {group} {skip}"), Some(to - 1));
                self.go_on(i + 2, None, level);
            }
            Op::ASSERT | Op::ASSERT_NOT => {
                let (skip, to) = skip_to(self, i)?;
                self.line(at, level, &format!("{name} {skip} {}", self.word(i + 1)?), Some(to));
                self.go_on(to, Some((i + 2, to)), level + 1);
            }
            Op::INFO => self.print_info(at, level)?,
            _ => return None,
        }
        Some(())
    }

    /// Prints an alternative, and then continues with the word after it.
    fn enter_alternative(&mut self, at: usize, skip: u32, level: usize) {
        let end = at + skip as usize;
        let nested = (skip > 0).then_some((at + 1, end));
        if let Some(part) = self.parts.last_mut() {
            part.in_branch = skip > 0;
        }
        self.go_on(if skip > 0 { end } else { at + 1 }, nested, level + 1);
    }

    fn print_alternative(&mut self, at: usize, level: usize) -> Option<()> {
        let skip = self.word(at)?;
        match skip {
            0 => self.line(at, level, "FAILURE", None),
            _ => self.line(at, level, &format!("branch {skip}"), Some(at + skip as usize)),
        }
        self.enter_alternative(at, skip, level);
        Some(())
    }

    fn print_big_charset(&mut self, at: usize, level: usize) -> Option<()> {
        let blocks = self.word(at + 1)? as usize;
        let numbers: Vec<u8> =
            self.words(at + 2, NUMBER_WORDS)?.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.line(at, level, &format!("BIGCHARSET {blocks} {numbers:?}"), None);
        let mut i = at + 2 + NUMBER_WORDS;
        for _ in 0..blocks {
            let text = hex_code(self.words(i, BLOCK_WORDS)?);
            self.more(level + 1, &text);
            i += BLOCK_WORDS;
        }
        self.go_on(i, None, level);
        Some(())
    }

    fn print_info(&mut self, at: usize, level: usize) -> Option<()> {
        let i = at + 1;
        let &[skip, mask, min, max] = self.words(i, 4)? else { return None };
        let to = i + skip as usize;
        self.line(at, level, &format!("INFO {skip} {mask:#b} {min} {}", shown_max(max)), Some(to));
        let mut start = i + 4;
        if mask & INFO_PREFIX != 0 {
            let (length, prefix_skip) = (self.word(start)? as usize, self.word(start + 1)?);
            let prefix = self.words(start + 2, length)?.to_vec();
            let overlap = self.words(start + 2 + length, length)?.to_vec();
            self.more(level, &format!("  prefix_skip {prefix_skip}"));
            let hexadecimal = list(&prefix, |c| format!("{c:#x}"));
            let text = self.repr(&prefix);
            self.more(level, &format!("  prefix {hexadecimal} ({text})"));
            self.more(level, &format!("  overlap {overlap:?}"));
            start += 2 + 2 * length;
        }
        let mut nested = None;
        if mask & INFO_CHARSET != 0 {
            self.more(level + 1, "in");
            nested = Some((start, to));
        }
        self.go_on(to, nested, level + 2);
        Some(())
    }
}

fn shown_max(max: u32) -> String {
    if max == MAXREPEAT { "MAXREPEAT".into() } else { format!("{max}") }
}

/// CPython: `re/_compiler.py`, `_hex_code`
fn hex_code(words: &[u32]) -> String {
    list(words, |word| format!("{word:#010x}"))
}

fn list(words: &[u32], shown: impl Fn(u32) -> String) -> String {
    let items: Vec<String> = words.iter().map(|&word| shown(word)).collect();
    format!("[{}]", items.join(", "))
}
