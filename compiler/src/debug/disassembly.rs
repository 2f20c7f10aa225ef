//! Code as CPython prints it.

use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::debug::tree_dump::Indent;
use crate::diagnostics::write_str_repr;
use crate::dialect::{Dialect, MAXREPEAT};
use crate::opcode::{AT_NAMES, BLOCK_WORDS, CATEGORY_NAMES, INFO_CHARSET, INFO_PREFIX, NUMBER_WORDS, Op};
use crate::program::Program;
use crate::unicode::Version;

/// Code. `Display` writes what `re.DEBUG` prints.
///
/// Any words are accepted: from where they are not valid code, `invalid` is written. `Display`
/// keeps one instruction in memory at a time. Each line is indented by its depth, up to a depth
/// that CPython cannot print.
///
/// CPython: `re/_compiler.py`, `dis`
#[derive(Clone, Copy)]
pub struct Disassembly<'c> {
    code: &'c [u32],
    dialect: Dialect,
    unicode: Version,
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

/// An instruction or a further line of one, without offset and indentation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instruction {
    /// The index of the instruction in the code, or `None` for a further line of the same
    /// instruction.
    pub word: Option<usize>,
    /// The opcode at that index, or `None` for a further line and for the alternatives of a branch.
    pub op: Option<Op>,
    /// The level of nesting. CPython indents by two spaces a level.
    pub level: usize,
    /// The opcode's name with its arguments.
    pub text: String,
    /// The index of the word that the instruction jumps to.
    pub to: Option<usize>,
    /// Whether an earlier instruction jumps here.
    is_target: bool,
}

impl Instruction {
    /// Returns whether this is an instruction, and not what stands for words that are not valid
    /// code.
    pub fn is_valid(&self) -> bool {
        self.word.is_some() || self.text != INVALID
    }
}

impl<'c> Disassembly<'c> {
    /// Disassembles the code of a dialect.
    pub fn new(code: &'c [u32], dialect: Dialect) -> Disassembly<'c> {
        Disassembly { code, dialect, unicode: dialect.unicode() }
    }

    /// Quotes characters as this version of Unicode does: versions differ in which are printable.
    pub fn quoting_as(self, unicode: Version) -> Disassembly<'c> {
        Disassembly { unicode, ..self }
    }

    /// Returns the lines.
    pub fn lines(&self) -> Vec<Line> {
        self.each_line().collect()
    }

    /// Returns the lines, each created when it is requested.
    pub fn each_line(&self) -> impl Iterator<Item = Line> + use<'c> {
        let width = self.offset_width();
        let line = move |instruction: Instruction| {
            let text = Printed { instruction: &instruction, width }.to_string();
            let tail = instruction.to.map_or(0, |to| format!(" (to {to})").len());
            let start = text.len() - instruction.text.len() - tail;
            Line { word: instruction.word, text, start }
        };
        self.instructions().map(line)
    }

    /// Returns the instructions, each decoded when it is requested.
    pub fn instructions(&self) -> Instructions<'c> {
        let whole = Part { at: 0, end: self.code.len(), level: 1, in_branch: false };
        Instructions {
            code: self.code,
            dialect: self.dialect,
            unicode: self.unicode,
            labels: BTreeSet::new(),
            parts: Vec::from([whole]),
            ready: VecDeque::new(),
        }
    }

    fn offset_width(&self) -> usize {
        format!("{}", self.code.len().saturating_sub(1)).len()
    }
}

impl fmt::Display for Disassembly<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.offset_width();
        let mut instructions = self.instructions();
        instructions
            .try_for_each(|instruction| writeln!(f, "{}", Printed { instruction: &instruction, width }))
    }
}

impl fmt::Debug for Disassembly<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A line as CPython prints it: `print_` and `print_2` in `dis`.
struct Printed<'i> {
    instruction: &'i Instruction,
    /// How wide the offsets are.
    width: usize,
}

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Instruction { word, level, text, to, is_target, .. } = self.instruction;
        let width = self.width;
        match word {
            Some(word) => {
                let mark = if *is_target { ':' } else { '.' };
                write!(f, "{word:width$}{mark} {}{text}", Indent(*level))?;
            }
            None if !self.instruction.is_valid() => f.write_str(text)?,
            None => write!(f, "{:width$}{}{text}", "", Indent(*level + 1))?,
        }
        to.map_or(Ok(()), |to| write!(f, " (to {to})"))
    }
}

/// What is shown of words that are no code.
const INVALID: &str = "invalid";

/// A stretch of code that is being printed. CPython: one call of `dis_`
struct Part {
    at: usize,
    end: usize,
    level: usize,
    /// Whether an alternative of a branch, or the end of the branch, is at `at`.
    in_branch: bool,
}

/// The instructions of a [`Disassembly`]. Memory grows with the depth of the code and the number
/// of its jumps.
pub struct Instructions<'c> {
    code: &'c [u32],
    dialect: Dialect,
    unicode: Version,
    /// The targets of the jumps so far.
    labels: BTreeSet<usize>,
    parts: Vec<Part>,
    /// Instructions that were decoded and not yet requested.
    ready: VecDeque<Instruction>,
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        while self.ready.is_empty() && !self.parts.is_empty() {
            if self.step().is_none() {
                self.parts.clear();
                let text = INVALID.into();
                let line = Instruction { word: None, op: None, level: 0, text, to: None, is_target: false };
                self.ready.push_back(line);
            }
        }
        self.ready.pop_front()
    }
}

impl fmt::Debug for Instructions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instructions({:?})", self.parts.last().map(|part| part.at))
    }
}

impl Instructions<'_> {
    /// Decodes the next instruction. Returns `None` where the words are not valid code.
    fn step(&mut self) -> Option<()> {
        let part = self.parts.last()?;
        let (at, level) = (part.at, part.level);
        if part.in_branch {
            self.print_alternative(at, level)?;
        } else if at < part.end {
            self.print_instruction(at, level)?;
        } else {
            self.parts.pop();
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
        let op = self.word(word).and_then(|word| self.dialect.0.numbering.op(word));
        self.add(word, op, level, text, to);
    }

    fn add(&mut self, word: usize, op: Option<Op>, level: usize, text: &str, to: Option<usize>) {
        self.labels.extend(to);
        let is_target = self.labels.contains(&word);
        let (word, level, text) = (Some(word), level - 1, text.into());
        self.ready.push_back(Instruction { word, op, level, text, to, is_target });
    }

    /// CPython: `print_2` in `dis`
    fn more(&mut self, level: usize, text: &str) {
        let (level, text) = (level - 1, text.into());
        let line = Instruction { word: None, op: None, level, text, to: None, is_target: false };
        self.ready.push_back(line);
    }

    fn repr(&self, text: &[u32]) -> String {
        let mut shown = String::new();
        let _ = write_str_repr(&mut shown, text.iter().copied(), self.unicode);
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
            0 => self.add(at, None, level, "FAILURE", None),
            _ => self.add(at, None, level, &format!("branch {skip}"), Some(at + skip as usize)),
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

/// Returns a Python list. Prefixes are as long as patterns, so no item has a String of its own.
fn list(words: &[u32], shown: impl Fn(u32) -> String) -> String {
    let mut text = String::from("[");
    for (n, &word) in words.iter().enumerate() {
        text.push_str(if n == 0 { "" } else { ", " });
        text.push_str(&shown(word));
    }
    text.push(']');
    text
}
