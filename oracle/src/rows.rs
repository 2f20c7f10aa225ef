//! Code, and the texts of `re.DEBUG`, as rows that can be compared and shown.
//!
//! Rows are created one at a time, so that code of any length takes little memory.

use sre_case::Accepted;
use sre_compiler::{Dialect, Disassembly};

use crate::divergence::Dialects;

/// A line of a text, or an instruction without its offset: with it, all instructions after an
/// inserted one would differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    /// The index of the instruction's word in the code.
    pub word: Option<usize>,
    /// The depth of nesting.
    pub level: usize,
    pub text: String,
}

/// Returns whether both sides have the same code: the same words, or, for dialects that number
/// opcodes differently, the same instructions. All words but opcodes, such as positions, categories
/// and skips, have the same numbers in all dialects.
pub(crate) fn same_code(dialects: Dialects, rust: &[u32], cpython: &[u32]) -> bool {
    let Dialects { rust: rust_dialect, cpython: cpython_dialect } = dialects;
    if rust_dialect.numbers_opcodes_as(cpython_dialect) {
        return rust == cpython;
    }
    rust.len() == cpython.len() && symbols(rust, rust_dialect).eq(symbols(cpython, cpython_dialect))
}

/// Returns the words of the code, with opcodes by name instead of number.
fn symbols(code: &[u32], dialect: Dialect) -> impl Iterator<Item = Symbol> + '_ {
    let mut instructions = Disassembly::new(code, dialect).instructions();
    let mut next = instructions.next();
    let mut words = code.iter().enumerate();
    std::iter::from_fn(move || {
        let (index, &word) = words.next()?;
        // Instructions are in the order of their words, except for lines without a word.
        while next.as_ref().is_some_and(|next| next.word.is_none_or(|at| at < index)) {
            let is_valid = next.as_ref().is_some_and(|next| next.is_valid());
            next = if is_valid { instructions.next() } else { break };
        }
        let here = next.as_ref().filter(|next| next.word == Some(index));
        Some(match (here.and_then(|here| here.op), &next) {
            (Some(op), _) => Symbol::Opcode(op.name()),
            (None, Some(next)) if !next.is_valid() => Symbol::Invalid(word),
            (None, _) => Symbol::Argument(word),
        })
    })
}

#[derive(PartialEq, Eq)]
enum Symbol {
    Opcode(&'static str),
    Argument(u32),
    /// From this word or an earlier one on, the code is invalid.
    Invalid(u32),
}

/// Returns the instructions of one side, disassembled by its own dialect. Both sides quote
/// characters by the same Unicode version.
pub(crate) fn instructions(
    code: &[u32],
    dialect: Dialect,
    dialects: Dialects,
) -> impl Iterator<Item = Row> + '_ {
    let disassembly = Disassembly::new(code, dialect).quoting_as(dialects.rust.unicode());
    let row = |instruction: sre_compiler::Instruction| {
        let (word, level, text) = (instruction.word, instruction.level, instruction.text);
        Row { word, level, text }
    };
    disassembly.instructions().map(row)
}

/// Returns the instructions of both sides.
pub(crate) fn of_code<'a>(
    dialects: Dialects,
    rust: &'a Accepted,
    cpython: &'a Accepted,
) -> [Box<dyn Iterator<Item = Row> + 'a>; 2] {
    [
        Box::new(instructions(&rust.code, dialects.rust, dialects)),
        Box::new(instructions(&cpython.code, dialects.cpython, dialects)),
    ]
}

/// Returns the lines of a text, without indentation.
pub(crate) fn of_text(text: Option<&str>) -> impl Iterator<Item = Row> + '_ {
    let row = |line: &str| Row { word: None, level: 0, text: line.trim().to_owned() };
    text.unwrap_or_default().lines().map(row)
}

/// The first difference of two sequences of rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Difference {
    /// The row before it, of sre-compiler.
    pub before: Option<String>,
    /// The row of sre-compiler; `None` at its end.
    pub rust: Option<String>,
    /// The row of CPython; `None` at its end.
    pub cpython: Option<String>,
    /// The word of that instruction of sre-compiler, or of the last one before it that has one.
    pub word: Option<usize>,
    /// Whether the difference is among the members of a set.
    pub in_set: bool,
}

/// Finds the first difference. Rows whose names differ take precedence over rows with other
/// arguments, since the length of a block is an argument and comes before the block.
pub(crate) fn first_difference(
    rust: impl Iterator<Item = Row>,
    cpython: impl Iterator<Item = Row>,
) -> Option<Difference> {
    let (mut rust, mut cpython) = (rust, cpython);
    let mut by_text = None;
    let (mut before, mut word, mut in_set) = (None, None, false);
    loop {
        let (rust_row, cpython_row) = (rust.next(), cpython.next());
        if rust_row.is_none() && cpython_row.is_none() {
            return by_text;
        }
        word = rust_row.as_ref().and_then(|row| row.word).or(word);
        let [rust_text, cpython_text] = [rust_row, cpython_row].map(|row| row.map(|row| row.text));
        let by_name = name(rust_text.as_deref()) != name(cpython_text.as_deref());
        if by_name || by_text.is_none() && rust_text != cpython_text {
            let (before, rust, cpython) = (before.clone(), rust_text.clone(), cpython_text);
            let found = Difference { before, rust, cpython, word, in_set };
            if by_name {
                return Some(found);
            }
            by_text = Some(found);
        }
        if let Some(text) = &rust_text {
            // The rows of a set, or of `in` in the info block, are its members, followed by FAILURE.
            let is_set = text == "in" || text.starts_with("IN") && !text.starts_with("INFO");
            in_set = is_set || in_set && text != "FAILURE";
        }
        before = rust_text;
    }
}

/// Returns the first word of a row, or `bitmap` for the words of a set's bitmap.
pub(crate) fn name(row: Option<&str>) -> &str {
    match row.map(|row| row.split_whitespace().next().unwrap_or_default()) {
        None => "end",
        Some(word) if word.starts_with('[') => "bitmap",
        Some(word) => word,
    }
}

#[cfg(test)]
mod tests {
    use sre_compiler::{Flags, compile};

    use super::*;

    fn dialects(rust: &str, cpython: &str) -> Dialects {
        Dialects { rust: rust.parse().unwrap(), cpython: cpython.parse().unwrap() }
    }

    fn code(pattern: &str, dialect: Dialect) -> Vec<u32> {
        compile(pattern, Flags::IGNORECASE, dialect).unwrap().code().to_vec()
    }

    #[test]
    fn renumbered_code_is_the_same_and_other_code_is_not() {
        for both in [dialects("3.8", "3.13"), dialects("3.15", "3.10")] {
            for pattern in ["ab", "[a-cé]+?|(?P<n>x)(?(n)y|z)", r"\b(?<!a)\w\1(?=[^\W_])", "(?:a|bc|[é-ëx])*"]
            {
                let pattern = pattern.replace(r"\1", "");
                let (rust, mut cpython) = (code(&pattern, both.rust), code(&pattern, both.cpython));
                assert_ne!(rust, cpython);
                assert!(same_code(both, &rust, &cpython), "{pattern}");
                for n in 0..cpython.len() {
                    cpython[n] ^= 1;
                    assert!(!same_code(both, &rust, &cpython), "{pattern}: word {n}");
                    cpython[n] ^= 1;
                }
                assert!(!same_code(both, &rust, &cpython[..cpython.len() - 1]), "{pattern}");
            }
        }
    }

    #[test]
    fn invalid_code_is_compared_word_by_word() {
        let both = dialects("3.8", "3.13");
        for (rust, cpython, same) in [
            ([99, 1], [99, 1], true),
            ([99, 1], [99, 2], false),
            ([1, 99], [1, 99], true),
            ([16, 0], [15, 0], true),
            ([16, 0], [16, 0], false),
        ] {
            assert_eq!(same_code(both, &rust, &cpython), same, "{rust:?} {cpython:?}");
        }
    }
}
