//! Expressions whose value is known: literals, and flags.

use ruff_python_ast::{Expr, FStringPart, Number, Operator};
use ruff_text_size::Ranged;
use sre_case::Text;
use sre_compiler::Flags;

use super::bindings::{Binding, Bindings};
use super::literal::Value;
use super::{Reason, literal};
use crate::module::{Import, Kind, Member};

/// A pattern, with where its characters come from.
pub(super) struct Literal {
    pub text: Text,
    pub value: Value,
}

/// The value of a literal, of several in a row, or of a sum of them.
pub(super) fn pattern(expr: &Expr, source: &str) -> Result<Literal, Reason> {
    let mut value = Value::default();
    let is_bytes = read(expr, source, &mut value)?;
    let text = if is_bytes {
        // The parser refuses other characters in bytes literals, and escapes are cut to a byte.
        let bytes: Option<Vec<u8>> = value.characters.iter().map(|&c| u8::try_from(c).ok()).collect();
        Text::Bytes(bytes.ok_or(Reason::Escape)?)
    } else {
        Text::Str(std::mem::take(&mut value.characters))
    };
    Ok(Literal { text, value })
}

/// Adds the value of an expression; tells whether it is bytes.
fn read(expr: &Expr, source: &str, value: &mut Value) -> Result<bool, Reason> {
    let mut part = |part: &dyn Ranged| {
        let range = part.range();
        let text = source.get(range.start().to_usize()..range.end().to_usize()).ok_or(Reason::Escape)?;
        literal::read(text, range.start().to_usize(), value).map_err(|_| Reason::Escape)
    };
    match expr {
        Expr::StringLiteral(string) => {
            string.value.as_slice().iter().try_for_each(|string| part(string))?;
            Ok(false)
        }
        Expr::BytesLiteral(bytes) => {
            bytes.value.as_slice().iter().try_for_each(|bytes| part(bytes))?;
            Ok(true)
        }
        Expr::FString(string) => {
            for piece in string.value.as_slice() {
                match piece {
                    FStringPart::Literal(literal) => part(literal)?,
                    FStringPart::FString(string)
                        if string.elements.iter().all(|element| element.is_literal()) =>
                    {
                        part(string)?;
                    }
                    FStringPart::FString(_) => return Err(Reason::Pattern),
                }
            }
            Ok(false)
        }
        Expr::BinOp(sum) if sum.op == Operator::Add => {
            let left = read(&sum.left, source, value)?;
            let right = read(&sum.right, source, value)?;
            if left == right { Ok(left) } else { Err(Reason::Pattern) }
        }
        _ => Err(Reason::Pattern),
    }
}

/// The value of an expression of flags. Adds the names of `re` that it uses, in the order of their
/// evaluation.
pub(super) fn flags(
    expr: &Expr,
    bindings: &Bindings<'_>,
    names: &mut Vec<(&'static Member, Import)>,
) -> Option<Flags> {
    let (name, import) = match expr {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(number) => return number.as_i64().map(Flags::from_bits),
            _ => return None,
        },
        Expr::BinOp(operation) => {
            let left = flags(&operation.left, bindings, names)?;
            let right = flags(&operation.right, bindings, names)?;
            return match operation.op {
                Operator::BitOr => Some(left | right),
                Operator::BitAnd => Some(Flags::from_bits(left.bits() & right.bits())),
                Operator::Add => left.bits().checked_add(right.bits()).map(Flags::from_bits),
                _ => None,
            };
        }
        Expr::Attribute(attribute) => match &*attribute.value {
            Expr::Name(name) if bindings.get(name.id.as_str()) == Some(Binding::Module) => {
                (attribute.attr.as_str(), Import::Attribute)
            }
            _ => return None,
        },
        Expr::Name(name) => match bindings.get(name.id.as_str()) {
            Some(Binding::Member(member, import)) => (member, import),
            _ => return None,
        },
        _ => return None,
    };
    let member = Member::named(name)?;
    let Kind::Flag(flag) = member.kind else { return None };
    names.push((member, import));
    Some(flag)
}
