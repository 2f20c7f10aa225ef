//! Expressions whose value is known: literals, sums of them, f-strings, names that are bound once.

use std::cell::Cell;

use ruff_python_ast::{
    ConversionFlag, Expr, FString, FStringPart, InterpolatedStringElement, Number, Operator,
};
use ruff_text_size::Ranged;
use sre_case::Text;
use sre_compiler::Flags;

use super::Reason;
use super::literal::{self, Value};
use super::scopes::{Binding, Scopes};
use crate::module::{Import, Kind, Member};

/// A pattern, and where its characters are.
pub(super) struct Literal {
    pub text: Text,
    pub value: Value,
    /// Whether it is written where it is used, not under a name.
    pub direct: bool,
}

/// Evaluates the expressions of a file.
pub(super) struct Values<'s> {
    source: &'s str,
    scopes: &'s Scopes<'s>,
    /// How much names may still stand for in the whole file. A name may stand for a sum of itself
    /// and others, so the text could grow without bound.
    budget: Cell<usize>,
}

/// The budget: characters and steps of evaluation.
const BUDGET: usize = 1 << 22;

/// How many names may lie between an expression and a literal.
const MAX_NAMES: usize = 20;

/// How deep expressions and the names in them may nest. The stack suffices for that.
const MAX_DEPTH: usize = 210_000;

/// Where an evaluation is.
#[derive(Clone, Copy, Default)]
struct Position {
    names: usize,
    depth: usize,
}

impl<'s> Values<'s> {
    pub(super) fn new(source: &'s str, scopes: &'s Scopes<'s>) -> Values<'s> {
        Values { source, scopes, budget: Cell::new(BUDGET) }
    }

    /// Returns the pattern that an expression gives.
    pub(super) fn pattern(&self, expr: &'s Expr) -> Result<Literal, Reason> {
        let mut value = Value::default();
        let before = self.budget.get();
        let is_bytes = self.read(expr, &mut value, Position::default())?;
        // Looking up a name takes some of the budget.
        let direct = self.budget.get() == before;
        let text = if is_bytes {
            // The parser refuses other characters in bytes literals, and escapes are cut to a byte.
            let bytes: Option<Vec<u8>> = value.characters.iter().map(|&c| u8::try_from(c).ok()).collect();
            Text::Bytes(bytes.ok_or(Reason::Escape)?)
        } else {
            Text::Str(std::mem::take(&mut value.characters))
        };
        Ok(Literal { text, value, direct })
    }

    fn spend(&self, cost: usize) -> Result<(), Reason> {
        self.budget.set(self.budget.get().checked_sub(cost).ok_or(Reason::Pattern)?);
        Ok(())
    }

    /// Appends the value of an expression. Returns whether it is bytes.
    fn read(&self, expr: &'s Expr, value: &mut Value, at: Position) -> Result<bool, Reason> {
        let at = Position { depth: at.depth + 1, ..at };
        if at.depth > MAX_DEPTH {
            return Err(Reason::Pattern);
        }
        if at.names > 0 {
            self.spend(1)?;
        }
        match expr {
            Expr::StringLiteral(string) => {
                string.value.as_slice().iter().try_for_each(|string| self.part(string, value, at))?;
                Ok(false)
            }
            Expr::BytesLiteral(bytes) => {
                bytes.value.as_slice().iter().try_for_each(|bytes| self.part(bytes, value, at))?;
                Ok(true)
            }
            Expr::FString(string) => {
                for piece in string.value.as_slice() {
                    match piece {
                        FStringPart::Literal(literal) => self.part(literal, value, at)?,
                        FStringPart::FString(string) => self.formatted(string, value, at)?,
                    }
                }
                Ok(false)
            }
            Expr::BinOp(sum) if sum.op == Operator::Add => {
                let left = self.read(&sum.left, value, at)?;
                let right = self.read(&sum.right, value, at)?;
                if left == right { Ok(left) } else { Err(Reason::Pattern) }
            }
            Expr::Name(_) | Expr::Attribute(_) => {
                let named = self.named(expr, at)?;
                self.read(named, value, Position { names: at.names + 1, ..at })
            }
            _ => Err(Reason::Pattern),
        }
    }

    /// Appends a literal of a source.
    fn part(&self, part: &dyn Ranged, value: &mut Value, at: Position) -> Result<(), Reason> {
        let (start, end) = (part.start().to_usize(), part.end().to_usize());
        let text = self.source.get(start..end).ok_or(Reason::Escape)?;
        if at.names > 0 {
            self.spend(text.len())?;
        }
        literal::read(text, start, value).map_err(|_| Reason::Escape)
    }

    /// Appends an f-string whose fields are text or whole numbers, and are not formatted.
    fn formatted(&self, string: &'s FString, value: &mut Value, at: Position) -> Result<(), Reason> {
        if string.elements.iter().all(InterpolatedStringElement::is_literal) {
            return self.part(string, value, at);
        }
        let raw = string.flags.prefix().is_raw();
        for element in &string.elements {
            match element {
                InterpolatedStringElement::Literal(part) => {
                    let (start, end) = (part.start().to_usize(), part.end().to_usize());
                    let text = self.source.get(start..end).ok_or(Reason::Escape)?;
                    literal::read_formatted(text, start, raw, value).map_err(|_| Reason::Escape)?;
                }
                InterpolatedStringElement::Interpolation(field) => {
                    let plain = field.format_spec.is_none()
                        && field.debug_text.is_none()
                        && matches!(field.conversion, ConversionFlag::None | ConversionFlag::Str);
                    plain.then_some(()).ok_or(Reason::Pattern)?;
                    if let Some(number) = self.number(&field.expression, at) {
                        let start = field.start().to_usize();
                        value.push_all(number.to_string().chars().map(u32::from), start);
                    } else if self.read(&field.expression, value, at)? {
                        return Err(Reason::Pattern);
                    }
                }
            }
        }
        value.end = string.end().to_usize();
        Ok(())
    }

    /// Returns the value of a name or an attribute that is bound once.
    fn named(&self, expr: &'s Expr, at: Position) -> Result<&'s Expr, Reason> {
        if at.names == MAX_NAMES {
            return Err(Reason::Pattern);
        }
        self.spend(1)?;
        let offset = expr.start().to_usize();
        let value = match expr {
            Expr::Name(name) => match self.scopes.resolve(name.id.as_str(), offset) {
                Some((_, entry)) if entry.certain => match entry.binding {
                    Binding::Value(value) => Some(value),
                    _ => None,
                },
                _ => None,
            },
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Name(object) => {
                    self.scopes.attribute(object.id.as_str(), attribute.attr.as_str(), offset)
                }
                _ => None,
            },
            _ => None,
        };
        value.ok_or(Reason::Pattern)
    }

    /// Returns what a name is bound to if that is known, otherwise the expression.
    pub(super) fn named_or_self(&self, expr: &'s Expr) -> &'s Expr {
        match expr {
            Expr::Name(_) | Expr::Attribute(_) => self.named(expr, Position::default()).unwrap_or(expr),
            _ => expr,
        }
    }

    /// Returns the value of a whole number, or of a name for one.
    fn number(&self, expr: &'s Expr, at: Position) -> Option<i64> {
        match expr {
            Expr::NumberLiteral(number) => match &number.value {
                Number::Int(number) => number.as_i64(),
                _ => None,
            },
            Expr::Name(_) | Expr::Attribute(_) if at.names < MAX_NAMES => {
                let named = self.named(expr, at).ok()?;
                self.number(named, Position { names: at.names + 1, ..at })
            }
            _ => None,
        }
    }

    /// Returns the value of an expression of flags. Adds the names of `re` that it uses, in the
    /// order of their evaluation.
    pub(super) fn flags(&self, expr: &'s Expr, names: &mut Vec<(&'static Member, Import)>) -> Option<Flags> {
        self.flags_at(expr, names, Position::default())
    }

    fn flags_at(
        &self,
        expr: &'s Expr,
        names: &mut Vec<(&'static Member, Import)>,
        at: Position,
    ) -> Option<Flags> {
        let at = Position { depth: at.depth + 1, ..at };
        if at.depth > MAX_DEPTH || at.names > 0 && self.spend(1).is_err() {
            return None;
        }
        match expr {
            Expr::NumberLiteral(_) => return self.number(expr, at).map(Flags::from_bits),
            Expr::BinOp(operation) => {
                let left = self.flags_at(&operation.left, names, at)?;
                let right = self.flags_at(&operation.right, names, at)?;
                return match operation.op {
                    Operator::BitOr => Some(left | right),
                    Operator::BitAnd => Some(Flags::from_bits(left.bits() & right.bits())),
                    Operator::Add => left.bits().checked_add(right.bits()).map(Flags::from_bits),
                    _ => None,
                };
            }
            _ => {}
        }
        if let Some((member, certain)) = self.scopes.member(expr)
            && member.module == "re"
            && certain
        {
            let found = Member::named(member.name)?;
            let Kind::Flag(flag) = found.kind else { return None };
            names.push((found, member.import));
            return Some(flag);
        }
        let named = self.named(expr, at).ok()?;
        self.flags_at(named, names, Position { names: at.names + 1, ..at })
    }
}
