//! Syntax trees of the crate `regex-syntax`, printed as patterns: another author's idea of the
//! language.

use arbitrary::Unstructured;
use regex_syntax::ast::{Ast, print::Printer};

use super::choices::Choices;

/// Limit of bytes for a tree, since `regex-syntax` recurses while bytes are left.
const MOST_BYTES: usize = 1024;

/// Returns the text of a tree; `None` if the bytes do not give one.
pub(super) fn pattern(choices: &mut Choices<'_, '_>) -> Option<Vec<u32>> {
    let count = choices.0.len().min(MOST_BYTES);
    let bytes = choices.0.bytes(count).ok()?;
    let ast: Ast = Unstructured::new(bytes).arbitrary().ok()?;
    let mut text = String::new();
    Printer::new().print(&ast, &mut text).ok()?;
    (!text.is_empty()).then(|| text.chars().map(u32::from).collect())
}
