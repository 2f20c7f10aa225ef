//! Syntax trees of the crate `regex-syntax`, printed as patterns: what another implementer thought of.

use regex_syntax::ast::{Ast, print::Printer};

use super::dice::Dice;

/// The text of a tree; none if the bytes give none.
pub(super) fn pattern(dice: &mut Dice<'_, '_>) -> Option<Vec<u32>> {
    let ast: Ast = dice.0.arbitrary().ok()?;
    let mut text = String::new();
    Printer::new().print(&ast, &mut text).ok()?;
    (!text.is_empty()).then(|| text.chars().map(u32::from).collect())
}
