//! The instructions of a program, each with the part of the pattern that it was compiled from.

use sre_compiler::Program;

use crate::json::Json;

/// Writes `[word, level, text, to, start, end]` for each of the first `most` lines; a field that
/// does not apply is null. The texts are those of `re.DEBUG`.
pub(crate) fn write(json: &mut Json, program: &Program, most: usize) {
    let mut origins = program.origins().iter().peekable();
    for instruction in program.disassembly().instructions().take(most) {
        let span = instruction.word.and_then(|word| {
            while origins.next_if(|origin| origin.word < word).is_some() {}
            origins.next_if(|origin| origin.word == word).map(|origin| origin.span.clone())
        });
        let span = span.filter(|span| !span.is_empty());
        json.list(|json| {
            json.number_or_null(instruction.word);
            json.plain(instruction.level);
            json.string(&instruction.text);
            json.number_or_null(instruction.to);
            json.number_or_null(span.as_ref().map(|span| span.start));
            json.number_or_null(span.map(|span| span.end));
        });
    }
}
