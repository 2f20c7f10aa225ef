//! Code as lines and as instructions, valid or not.

#![allow(clippy::unwrap_used)] // also outside of #[test]

use sre_compiler::{Dialect, Disassembly, Flags, Instruction, Op, Program, compile};

const PATTERNS: [&str; 6] =
    ["", "abc[a-z]", "(?:ab|c(d))+?", r"(x)\1(?(1)\d|[^\d])", "(?<!ab)(?>c*)", "é|\u{20c1}"];

fn compiled(pattern: &str) -> Program {
    compile(pattern, Flags::empty(), Dialect::LATEST).unwrap()
}

#[test]
fn a_line_knows_where_its_instruction_begins() {
    let (mut nested, mut jumps, mut further) = (0, 0, 0);
    for program in PATTERNS.map(compiled) {
        let disassembly = program.disassembly();
        let instructions: Vec<Instruction> = disassembly.instructions().collect();
        assert_eq!(disassembly.lines().len(), instructions.len());
        for (line, instruction) in disassembly.each_line().zip(instructions) {
            let jump = instruction.to.map_or(String::new(), |to| format!(" (to {to})"));
            assert_eq!(line.instruction(), format!("{}{jump}", instruction.text), "{line:?}");
            assert_eq!(line.word, instruction.word);
            assert!(instruction.is_valid(), "{instruction:?}");
            nested += usize::from(instruction.level > 0);
            jumps += usize::from(instruction.to.is_some());
            further += usize::from(instruction.word.is_none());
        }
    }
    assert!(
        nested > 0 && jumps > 0 && further > 0,
        "{nested} nested, {jumps} jumps, {further} further lines"
    );
}

#[test]
fn words_that_are_no_code_are_a_line_of_their_own() {
    let mut code = compiled("ab").into_code();
    code.pop();
    code.push(u32::MAX);
    let disassembly = Disassembly::new(&code, Dialect::LATEST);
    let valid: Vec<bool> = disassembly.instructions().map(|instruction| instruction.is_valid()).collect();
    assert!(valid.len() > 2 && valid.iter().rev().skip(1).all(|&valid| valid), "{valid:?}");
    assert_eq!(valid.last(), Some(&false));
    assert!(disassembly.to_string().ends_with("\ninvalid\n"), "{disassembly}");
    let last = disassembly.lines().pop().unwrap();
    assert_eq!((last.text.as_str(), last.instruction(), last.word), ("invalid", "invalid", None));
}

#[test]
fn characters_are_quoted_as_the_unicode_version_asks_for() {
    // Printable since Unicode 17; answers to the corpus are quoted as the interpreter's own version does.
    let program = compiled("\u{20c1}");
    let disassembly = program.disassembly();
    assert!(disassembly.to_string().contains("'\u{20c1}'"), "{disassembly}");
    let older = disassembly.quoting_as(Dialect::PY38.unicode());
    assert!(older.to_string().contains(r"'\u20c1'"), "{older}");
    assert_eq!(older.quoting_as(Dialect::LATEST.unicode()).to_string(), disassembly.to_string());
}

#[test]
fn dialects_number_opcodes_in_their_own_way() {
    // 3.11 removed CALL and added ATOMIC_GROUP and the possessive repeats.
    let (older, newer) = (Dialect::PY310, Dialect::PY311);
    assert!(older.numbers_opcodes_as(Dialect::PY38) && newer.numbers_opcodes_as(newer));
    assert!(!older.numbers_opcodes_as(newer) && !newer.numbers_opcodes_as(older));
    for dialect in [older, newer] {
        let program = compile("a", Flags::empty(), dialect).unwrap();
        let first = program.disassembly().instructions().next().unwrap();
        assert_eq!(dialect.op(program.code()[0]), Some(Op::INFO));
        assert_eq!(first.op, Some(Op::INFO));
        assert_eq!(dialect.op(u32::MAX), None);
    }
}
