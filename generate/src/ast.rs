//! Syntax trees of the crate `regex-syntax`, printed as patterns: what another implementer thought
//! of.

use arbitrary::Unstructured;
use regex_syntax::ast::{Ast, print::Printer};

use super::choices::Choices;

/// The bytes that a tree is made of, at most: its maker recurses as long as there are some.
const MOST_BYTES: usize = 1024;

/// The text of a tree; none if the bytes give none.
pub(super) fn pattern(choices: &mut Choices<'_, '_>) -> Option<Vec<u32>> {
    let count = choices.0.len().min(MOST_BYTES);
    let bytes = choices.0.bytes(count).ok()?;
    let ast: Ast = Unstructured::new(bytes).arbitrary().ok()?;
    let mut text = String::new();
    Printer::new().print(&ast, &mut text).ok()?;
    (!text.is_empty()).then(|| text.chars().map(u32::from).collect())
}
