//! The tables of lexers made with Pygments.
//!
//! Each state of `tokens` is a list of tuples that begin with a pattern, or with `words(…)`. The
//! lexer compiles them with the flags of its class.

use ruff_python_ast::{Expr, ExprCall, Stmt, StmtClassDef};
use ruff_text_size::Ranged;
use sre_compiler::Flags;

use super::super::calls::Context;
use super::super::scopes::Binding;
use super::super::{Findings, Found, Reason};
use super::words;

/// Finds the patterns of a class if it is a lexer.
pub(super) fn find<'s>(class: &'s StmtClassDef, context: &Context<'s>, findings: &mut Findings) {
    let Some(Expr::Dict(tokens)) = assigned(class, "tokens") else { return };
    let Some(flags) = flags(class, context, 0) else { return };
    for state in tokens.items.iter().filter(|item| item.key.is_some()) {
        rules(&state.value, &mut |rule| {
            let line = context.places.at(rule.start().to_usize()).0;
            let found = flags.and_then(|flags| found(rule, flags, context));
            findings.add(found, line);
        });
    }
}

fn found<'s>(rule: &'s Expr, flags: Flags, context: &Context<'s>) -> Result<Found, Reason> {
    let literal = match rule {
        Expr::Call(call) if is_words(call, context) => words::pattern(call, context)?,
        rule => context.values.pattern(rule)?,
    };
    Ok(context.found(literal, rule, flags, "RegexLexer", Vec::new()))
}

/// Passes on the first item of each tuple in a list, or a sum of lists.
fn rules<'s>(mut state: &'s Expr, rule: &mut impl FnMut(&'s Expr)) {
    loop {
        let (list, next) = match state {
            Expr::BinOp(sum) => (&*sum.right, Some(&*sum.left)),
            list => (list, None),
        };
        if let Expr::List(list) = list {
            for item in &list.elts {
                if let Expr::Tuple(tuple) = item
                    && let [first, _, ..] = tuple.elts.as_slice()
                {
                    rule(first);
                }
            }
        }
        match next {
            Some(next) => state = next,
            None => return,
        }
    }
}

/// Returns whether a call is one of `pygments.lexer.words`.
fn is_words(call: &ExprCall, context: &Context<'_>) -> bool {
    let called = context.scopes.member_of(&call.func);
    called.is_some_and(|(module, name)| module == "pygments.lexer" && name == "words")
}

/// Returns what a class assigns to a name, once.
fn assigned<'s>(class: &'s StmtClassDef, wanted: &str) -> Option<&'s Expr> {
    let mut values = class.body.iter().filter_map(|stmt| match stmt {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [Expr::Name(name)] if name.id.as_str() == wanted => Some(&*assign.value),
            _ => None,
        },
        _ => None,
    });
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// How many classes of a file may lie between a lexer and `RegexLexer`.
const MAX_BASES: usize = 20;

/// Returns the flags of a lexer, or an error if they are not known. `None` if it is not a lexer.
fn flags<'s>(class: &'s StmtClassDef, context: &Context<'s>, depth: usize) -> Option<Result<Flags, Reason>> {
    let bases = class.arguments.as_ref().map(|arguments| &*arguments.args).unwrap_or_default();
    let of_bases = bases.iter().find_map(|base| match context.scopes.member_of(base) {
        Some((module, "RegexLexer" | "ExtendedRegexLexer")) if module == "pygments.lexer" => {
            Some(Ok(Flags::MULTILINE))
        }
        // A lexer of another file, with flags of its own.
        Some((module, _)) if module.starts_with("pygments.lexers") => Some(Err(Reason::Flags)),
        _ => {
            let Expr::Name(name) = base else { return None };
            let (_, entry) = context.scopes.resolve(name.id.as_str(), base.start().to_usize())?;
            let Binding::Class(scope) = entry.binding else { return None };
            let class = context.scopes.scopes[scope].class.filter(|_| depth < MAX_BASES)?;
            flags(class, context, depth + 1)
        }
    })?;
    Some(match assigned(class, "flags") {
        Some(own) => context.values.flags(own, &mut Vec::new()).ok_or(Reason::Flags),
        None => of_bases,
    })
}
