//! The answer of a dialect, as far as answers are compared.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use sre_compiler::{Compiler, Dialect, Disassembly, Error, Program};

use crate::request::Request;

/// What a dialect makes of a pattern.
///
/// Two answers are equal if the exceptions are, or else the flags, groups and code, with opcodes by
/// name, and in any case the warnings. That `_sre` refuses the code counts as well.
pub(crate) struct Answer {
    pub(crate) dialect: Dialect,
    pub(crate) result: Result<Program, Error>,
    warnings: Vec<(&'static str, String)>,
    refused_by_sre: bool,
}

impl Answer {
    pub(crate) fn of(compiler: &mut Compiler, request: &Request, dialect: Dialect) -> Answer {
        compiler.set_dialect(dialect);
        let result = compiler.compile(request.pattern(), request.flags());
        let warnings = compiler.warnings().map(|warning| (warning.category(), warning.to_string())).collect();
        let refused_by_sre = result.as_ref().is_ok_and(|program| program.validate().is_err());
        Answer { dialect, result, warnings, refused_by_sre }
    }

    /// Returns whether `re.compile` succeeds.
    pub(crate) fn is_accepted(&self) -> bool {
        self.result.is_ok() && !self.refused_by_sre
    }

    /// Returns whether the compiler accepts the pattern, and `_sre` refuses its code.
    pub(crate) fn is_refused_by_sre(&self) -> bool {
        self.refused_by_sre
    }

    pub(crate) fn is_same_as(&self, other: &Answer) -> bool {
        if self.warnings != other.warnings || self.refused_by_sre != other.refused_by_sre {
            return false;
        }
        match (&self.result, &other.result) {
            (Ok(program), Ok(other)) => is_same_program(program, other),
            (Err(error), Err(other)) => {
                let exception = |error: &Error| (error.exception(), error.pos(), error.lineno());
                exception(error) == exception(other) && error.message() == other.message()
            }
            _ => false,
        }
    }
}

fn is_same_program(program: &Program, other: &Program) -> bool {
    let facts = |program: &Program| (program.flags(), program.group_count());
    if facts(program) != facts(other) || !program.group_index().eq(other.group_index()) {
        return false;
    }
    if program.dialect().numbers_opcodes_as(other.dialect()) {
        return program.code() == other.code();
    }
    program.code().len() == other.code().len() && opcodes_as(program, other.dialect()) == other.code()
}

/// Returns the code with the opcodes of another dialect. All other words mean the same in both.
pub(crate) fn opcodes_as(program: &Program, dialect: Dialect) -> Vec<u32> {
    let mut code = program.code().to_vec();
    let numbers: Vec<u32> = (0..u32::from(u8::MAX)).filter(|&word| dialect.op(word).is_some()).collect();
    for (at, op) in opcodes(program) {
        let number = numbers.iter().find(|&&word| dialect.op(word) == Some(op));
        if let (Some(word), Some(&number)) = (code.get_mut(at), number) {
            *word = number;
        }
    }
    code
}

fn opcodes(program: &Program) -> impl Iterator<Item = (usize, sre_compiler::Op)> + '_ {
    let instructions = Disassembly::new(program.code(), program.dialect()).instructions();
    instructions.filter_map(|instruction| Some((instruction.word?, instruction.op?)))
}
