//! Compares what the code of two versions matches.
//!
//! Code is brought into a normal form: opcodes have names instead of numbers, skips and the info
//! block are dropped, a set is the characters that it matches, and code that cannot match is FAILURE.
//! Code with the same form matches the same.
//!
//! Of what changed in the engine, only `\B` in an empty text is known here.
//!
//! What the interpreter looks up while it matches is not compared: `\w`, `\d`, `\s` and `\b`, back
//! references that ignore case, and the locale. `tests/witness.rs` compares with interpreters.

mod empty;
mod form;
mod set;
#[cfg(test)]
mod tests;
mod text;

use form::Form;
use sre_compiler::Program;

/// Returns the items that differ, as text, if the code of two versions does not match the same.
pub(super) fn difference(before: &Program, after: &Program) -> Option<(String, String)> {
    let same_tables = before.dialect().unicode() == after.dialect().unicode();
    let same_numbers = before.dialect().magic() == after.dialect().magic();
    if same_tables && same_numbers && before.code() == after.code() && is_alike(before, after) {
        return None;
    }
    let forms = [before, after].map(Form::new);
    if forms[0] == forms[1] && is_alike(before, after) {
        return None;
    }
    Some(text::of_difference([before, after], &forms))
}

/// Returns whether flags and groups are the same.
fn is_alike(before: &Program, after: &Program) -> bool {
    before.flags() == after.flags()
        && before.group_count() == after.group_count()
        && before.group_index().eq(after.group_index())
}
