//! Calls of `re`.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;
use sre_case::Case;
use sre_compiler::Flags;

use super::bindings::{Binding, Bindings};
use super::place::Places;
use super::{Findings, Found, Reason, Skipped, expressions};
use crate::module::{Call, Import, Kind, Member};

/// A function of `re`, as it is called.
struct Function {
    member: &'static Member,
    import: Import,
    /// Which of its arguments are the flags.
    flags: usize,
    /// What it adds to them.
    adds: Flags,
}

/// Finds them all.
pub(super) fn find(suite: &[Stmt], source: &str, bindings: &Bindings<'_>, places: &Places<'_>) -> Findings {
    let mut finder = Finder { source, bindings, places, findings: Findings::default() };
    finder.visit_body(suite);
    let mut findings = finder.findings;
    // A decorator is visited after what it decorates.
    findings.patterns.sort_by_key(|found| (found.line, found.column));
    findings
}

struct Finder<'f> {
    source: &'f str,
    bindings: &'f Bindings<'f>,
    places: &'f Places<'f>,
    findings: Findings,
}

impl<'s> Visitor<'s> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'s Expr) {
        if let Expr::Call(call) = expr
            && let Some(function) = self.function(call)
        {
            match function.and_then(|function| self.found(call, &function)) {
                Ok(found) => self.findings.patterns.push(found),
                Err(reason) => {
                    let (line, _) = self.places.at(call.start().to_usize());
                    self.findings.skipped.push(Skipped { line, reason });
                }
            }
        }
        walk_expr(self, expr);
    }
}

impl Finder<'_> {
    /// The function that is called, if `re` has to do with it; an error if it may be another.
    fn function(&self, call: &ExprCall) -> Option<Result<Function, Reason>> {
        let (name, member) = match &*call.func {
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Name(name) => (name, Some(attribute.attr.as_str())),
                _ => return None,
            },
            Expr::Name(name) => (name, None),
            _ => return None,
        };
        let (binding, certain) = self.bindings.possibly(name.id.as_str())?;
        let (called, import) = match (binding, member) {
            (Binding::Module, Some(member)) => (member, Import::Attribute),
            (Binding::Member(member, import), None) => (member, import),
            _ => return None,
        };
        let member = Member::named(called)?;
        Some(match member.kind {
            Kind::Flag(_) => return None,
            _ if !certain => Err(Reason::Name),
            Kind::Scanner => Err(Reason::Scanner),
            Kind::Function { flags, adds } => Ok(Function { member, import, flags, adds }),
        })
    }

    fn found(&self, call: &ExprCall, function: &Function) -> Result<Found, Reason> {
        let pattern = argument(call, 0, "pattern")?.ok_or(Reason::Arguments)?;
        let flags = argument(call, function.flags, "flags")?;
        if call.arguments.args.len() > function.flags + 1 {
            return Err(Reason::Arguments);
        }
        let literal = expressions::pattern(pattern, self.source)?;
        let mut names = vec![(function.member, function.import)];
        let flags = match flags {
            Some(flags) => expressions::flags(flags, self.bindings, &mut names).ok_or(Reason::Flags)?,
            None => Flags::empty(),
        };
        let (line, column) = self.places.at(pattern.start().to_usize());
        let mut offsets = literal.value.offsets;
        offsets.push(literal.value.end);
        let case = Case { text: literal.text, flags: flags | function.adds };
        let (function, call) = (function.member.name, Call { names });
        Ok(Found { case, function, call, line, column, places: self.places.all(&offsets) })
    }
}

/// An argument by position or keyword.
fn argument<'a>(call: &'a ExprCall, position: usize, name: &str) -> Result<Option<&'a Expr>, Reason> {
    let (args, keywords) = (&call.arguments.args, &call.arguments.keywords);
    let unpacked = args.iter().take(position + 1).any(Expr::is_starred_expr)
        || keywords.iter().any(|keyword| keyword.arg.is_none());
    let keyword =
        keywords.iter().find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name));
    match (args.get(position), keyword) {
        _ if unpacked => Err(Reason::Arguments),
        (Some(_), Some(_)) => Err(Reason::Arguments),
        (Some(argument), None) => Ok(Some(argument)),
        (None, keyword) => Ok(keyword.map(|keyword| &keyword.value)),
    }
}
