//! Calls that compile a pattern: of `re`, and of frameworks.

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::Ranged;
use sre_case::Case;
use sre_compiler::Flags;

use super::expressions::{Literal, Values};
use super::frameworks::{self, Framework};
use super::place::Places;
use super::scopes::Scopes;
use super::{Findings, Found, Reason, Skipped};
use crate::module::{Call, Import, Kind, Member};

/// What is needed to find the patterns of a file.
pub(super) struct Context<'s> {
    pub scopes: &'s Scopes<'s>,
    pub values: Values<'s>,
    pub places: &'s Places<'s>,
    pub frameworks: &'s [Framework],
}

/// Where a function takes its pattern and its flags.
pub(super) struct Signature {
    /// The name that reports give the function.
    pub function: &'static str,
    /// The position and the name of the argument for the pattern.
    pub pattern: (usize, &'static str),
    /// The same for the flags.
    pub flags: Option<(usize, &'static str)>,
    /// Whether there may be no further positional arguments.
    pub is_exact: bool,
    /// The flags that the function adds.
    pub adds: Flags,
}

/// Finds the patterns of a file.
pub(super) fn find(suite: &[Stmt], context: &Context<'_>) -> Findings {
    let mut finder = Finder { context, findings: Findings::default() };
    finder.visit_body(suite);
    let mut findings = finder.findings;
    frameworks::find_in_body(suite, context, &mut findings);
    // A decorator is visited after what it decorates.
    findings.patterns.sort_by_key(|found| (found.line, found.column));
    findings.skipped.sort_by_key(|skipped| skipped.line);
    findings
}

struct Finder<'f, 's> {
    context: &'f Context<'s>,
    findings: Findings,
}

impl<'s> Visitor<'s> for Finder<'_, 's> {
    fn visit_stmt(&mut self, stmt: &'s Stmt) {
        if let Stmt::ClassDef(class) = stmt {
            frameworks::find_in_class(class, self.context, &mut self.findings);
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'s Expr) {
        if let Expr::Call(call) = expr
            && let Some(function) = self.function(call)
        {
            let found =
                function.and_then(|(signature, names)| self.context.found_in_call(call, &signature, names));
            self.findings.add(found, self.context.places.at(call.start().to_usize()).0);
        }
        walk_expr(self, expr);
    }
}

/// A function that compiles a pattern, and the names of `re` that stand for it.
type Function = (Signature, Vec<(&'static Member, Import)>);

impl<'s> Finder<'_, 's> {
    /// Returns the function that is called if it compiles a pattern, or an error if the name may be
    /// something else.
    fn function(&self, call: &'s ExprCall) -> Option<Result<Function, Reason>> {
        let (called, certain) = self.context.scopes.member(&call.func)?;
        if called.module != "re" {
            let signature = frameworks::signature(&called, self.context.frameworks)?;
            return Some(if certain { Ok((signature, Vec::new())) } else { Err(Reason::Name) });
        }
        let member = Member::named(called.name)?;
        Some(match member.kind {
            Kind::Flag(_) => return None,
            _ if !certain => Err(Reason::Name),
            Kind::Scanner => Err(Reason::Scanner),
            Kind::Function { flags, adds } => {
                let signature = Signature {
                    function: member.name,
                    pattern: (0, "pattern"),
                    flags: Some((flags, "flags")),
                    is_exact: true,
                    adds,
                };
                Ok((signature, vec![(member, called.import)]))
            }
        })
    }
}

impl<'s> Context<'s> {
    fn found_in_call(
        &self,
        call: &'s ExprCall,
        signature: &Signature,
        mut names: Vec<(&'static Member, Import)>,
    ) -> Result<Found, Reason> {
        let (position, name) = signature.pattern;
        let pattern = argument(call, position, name)?.ok_or(Reason::Arguments)?;
        let flags = match signature.flags {
            Some((position, name)) => argument(call, position, name)?,
            None => None,
        };
        let last = signature.flags.map_or(position, |(position, _)| position);
        if signature.is_exact && call.arguments.args.len() > last + 1 {
            return Err(Reason::Arguments);
        }
        let literal = self.values.pattern(pattern)?;
        let flags = match flags {
            Some(flags) => self.values.flags(flags, &mut names).ok_or(Reason::Flags)?,
            None => Flags::empty(),
        };
        Ok(self.found(literal, pattern, flags | signature.adds, signature.function, names))
    }

    /// Returns a pattern that an expression gives.
    pub(super) fn found(
        &self,
        literal: Literal,
        expr: &Expr,
        flags: Flags,
        function: &'static str,
        names: Vec<(&'static Member, Import)>,
    ) -> Found {
        let raw = literal.value.raw();
        let mut offsets = literal.value.offsets;
        offsets.push(literal.value.end);
        let (start, end) = (expr.start().to_usize(), expr.end().to_usize());
        let (line, column) = self.places.at(start);
        Found {
            case: Case { text: literal.text, flags },
            function,
            call: Call { names },
            line,
            column,
            last_line: self.places.at(end).0,
            places: self.places.all(&offsets),
            raw,
            offsets: if literal.direct { offsets } else { Vec::new() },
        }
    }
}

impl Findings {
    /// Adds what was found at a line.
    pub(super) fn add(&mut self, found: Result<Found, Reason>, line: usize) {
        match found {
            Ok(found) => self.patterns.push(found),
            Err(reason) => self.skipped.push(Skipped { line, reason }),
        }
    }
}

/// Returns an argument by position or keyword.
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
