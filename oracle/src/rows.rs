//! Code and texts of `re.DEBUG` as rows: what comparing two of them, and showing where they differ,
//! goes through.
//!
//! Rows are made one at a time, so that code of any length costs no more memory than the rows that
//! are kept.

use sre_case::Accepted;
use sre_compiler::{Dialect, Disassembly};

use crate::divergence::Dialects;

/// A line of a text, or an instruction without its offset, which would make all after a difference
/// differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    /// The index of the instruction's word in the code.
    pub word: Option<usize>,
    /// How deep it is nested.
    pub level: usize,
    pub text: String,
}

/// Whether code means the same: the same words, or, where the dialects number opcodes differently,
/// the same instructions. Everything but opcodes, such as positions, categories and skips, has the
/// same numbers in all dialects.
pub(crate) fn same_code(dialects: Dialects, rust: &[u32], cpython: &[u32]) -> bool {
    let Dialects { rust: rust_dialect, cpython: cpython_dialect } = dialects;
    if rust_dialect.numbers_opcodes_as(cpython_dialect) {
        return rust == cpython;
    }
    rust.len() == cpython.len() && symbols(rust, rust_dialect).eq(symbols(cpython, cpython_dialect))
}

/// The words, where one is an opcode that opcode instead of its number.
fn symbols(code: &[u32], dialect: Dialect) -> impl Iterator<Item = Symbol> + '_ {
    let mut instructions = Disassembly::new(code, dialect).instructions();
    let mut next = instructions.next();
    let mut words = code.iter().enumerate();
    std::iter::from_fn(move || {
        let (index, &word) = words.next()?;
        // Instructions come in the order of their words, but for lines that have none.
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
    /// From here on, or from a word before, it is no code.
    Invalid(u32),
}

/// The instructions of a side's code, by its own dialect. Characters are quoted alike on both
/// sides, whatever Unicode version each of them has.
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

/// The instructions of both sides.
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

/// The lines of a text, without indentation.
pub(crate) fn of_text(text: Option<&str>) -> impl Iterator<Item = Row> + '_ {
    let row = |line: &str| Row { word: None, level: 0, text: line.trim().to_owned() };
    text.unwrap_or_default().lines().map(row)
}

/// Where rows differ first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Difference {
    /// The row before, which both sides have, up to its arguments.
    pub before: Option<String>,
    /// Our row; none where only theirs goes on.
    pub rust: Option<String>,
    /// Theirs.
    pub cpython: Option<String>,
    /// The word of our instruction there, or of the last one before that has one.
    pub word: Option<usize>,
    /// It is among the members of a set.
    pub in_set: bool,
}

/// Finds the row that tells where a difference is. A block's length differs before what differs in
/// it: it is told by its inside, if by anything.
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
            // Of a set the dump shows the members, and FAILURE at its end.
            in_set = text.starts_with("IN") && !text.starts_with("INFO") || in_set && text != "FAILURE";
        }
        before = rust_text;
    }
}

/// What a row begins with.
pub(crate) fn name(row: Option<&str>) -> &str {
    row.map_or("end", |row| row.split_whitespace().next().unwrap_or_default())
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
    fn what_is_no_code_is_compared_by_its_words() {
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
