//! A bug on request, to test that it is caught: `SRE_COMPILER_INJECT=word` makes the first literal the next character.

use sre_compiler::{Op, Program};

/// Returns the code of a program, with the bug that the environment asks for.
pub(crate) fn code_of(program: &Program) -> Vec<u32> {
    let mut code = program.code().to_vec();
    if std::env::var_os("SRE_COMPILER_INJECT").is_some_and(|bug| bug == "word") {
        let mut instructions = program.disassembly().instructions();
        let literal = instructions.find(|instruction| instruction.op == Some(Op::LITERAL));
        if let Some(word) = literal.and_then(|literal| code.get_mut(literal.word? + 1)) {
            *word = (*word & !1) | (*word + 1) & 1;
        }
    }
    code
}
