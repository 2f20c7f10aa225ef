//! Whether the code of two versions matches the same.
//!
//! Code is brought into a form that leaves out how it is written: opcodes have names instead of
//! numbers, distances and the info block are gone, a set is the characters that it matches, and
//! code that cannot match is FAILURE. What is equal in this form matches the same.
//!
//! It says nothing of what the interpreter looks up while it matches: `\w`, `\d`, `\s` and `\b`,
//! back references that ignore case, and the locale.

mod form;
mod set;
#[cfg(test)]
mod tests;
mod text;

use form::Form;
use sre_compiler::Program;

/// What the code of two versions matches, where that is not the same: the items that differ, as
/// text.
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
