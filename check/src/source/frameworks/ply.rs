//! The rules of lexers made with ply.
//!
//! `lex` compiles `(?P<t_NAME>rule)` with `re.VERBOSE` for each name that begins with `t_`: a text,
//! or a function whose docstring, or argument of `@TOKEN`, is the rule. It then joins the rules of
//! a state; the joined pattern is not checked.

use ruff_python_ast::{Expr, Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;
use sre_case::Text;
use sre_compiler::Flags;

use super::super::calls::Context;
use super::super::{Findings, Found, Reason};

/// Finds the rules in the body of a module or a class.
pub(super) fn find<'s>(body: &'s [Stmt], context: &Context<'s>, findings: &mut Findings) {
    // `lex` needs the list of tokens beside the rules, or in the module.
    let lists_tokens = assigned(body, "tokens").is_some();
    if !lists_tokens && !context.scopes.scopes[0].names.contains_key("tokens") {
        return;
    }
    let states = states(body);
    for stmt in body {
        let (name, rule) = match stmt {
            Stmt::Assign(assign) => match assign.targets.as_slice() {
                [Expr::Name(name)] => (name.id.as_str(), Some(&*assign.value)),
                _ => continue,
            },
            Stmt::FunctionDef(function) => (function.name.as_str(), rule_of(function)),
            _ => continue,
        };
        if !is_rule(name, &states) {
            continue;
        }
        // A function without a rule is no rule, and neither is a number of that name.
        let Some(rule) = rule else { continue };
        findings.add(found(name, rule, context), context.places.at(rule.start().to_usize()).0);
    }
}

fn found<'s>(name: &str, rule: &'s Expr, context: &Context<'s>) -> Result<Found, Reason> {
    let mut literal = context.values.pattern(rule)?;
    let Text::Str(rule_text) = &literal.text else { return Err(Reason::Pattern) };
    let start = literal.value.offsets.first().copied().unwrap_or(literal.value.end);
    let before: Vec<u32> = format!("(?P<{name}>").chars().map(u32::from).collect();
    let mut offsets = vec![start; before.len()];
    offsets.append(&mut literal.value.offsets);
    offsets.push(literal.value.end);
    literal.text = Text::Str([&before, rule_text.as_slice(), &[u32::from(')')]].concat());
    literal.value.offsets = offsets;
    // The group is not in the source.
    literal.direct = false;
    Ok(context.found(literal, rule, Flags::VERBOSE, "lex", Vec::new()))
}

/// Returns the docstring of a function, or the argument of its decorator `@TOKEN`.
fn rule_of(function: &StmtFunctionDef) -> Option<&Expr> {
    for decorator in &function.decorator_list {
        if let Expr::Call(call) = &decorator.expression {
            let name = match &*call.func {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(attribute) => attribute.attr.as_str(),
                _ => continue,
            };
            if name == "TOKEN" {
                return call.arguments.args.first();
            }
        }
    }
    match function.body.first() {
        Some(Stmt::Expr(first)) if first.value.is_string_literal_expr() => Some(&first.value),
        _ => None,
    }
}

/// Returns what a body assigns to a name.
fn assigned<'s>(body: &'s [Stmt], wanted: &str) -> Option<&'s Expr> {
    body.iter().find_map(|stmt| match stmt {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [Expr::Name(name)] if name.id.as_str() == wanted => Some(&*assign.value),
            _ => None,
        },
        _ => None,
    })
}

/// Returns the names of the lexer's states: `states = (('comment', 'exclusive'),)`
fn states(body: &[Stmt]) -> Vec<&str> {
    let value = assigned(body, "states");
    let name = |state| match elements(state) {
        [Expr::StringLiteral(name), ..] => Some(name.value.to_str()),
        _ => None,
    };
    value.map(|value| elements(value).iter().filter_map(name).collect()).unwrap_or_default()
}

fn elements(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => &[],
    }
}

/// Returns whether a name is that of a rule: `t_NAME`, or `t_STATE_NAME`.
///
/// ply: `lex.py`, `_statetoken`
fn is_rule(name: &str, states: &[&str]) -> bool {
    let Some(mut rest) = name.strip_prefix("t_") else { return false };
    while let Some((state, token)) = rest.split_once('_') {
        if state != "ANY" && state != "INITIAL" && !states.contains(&state) {
            break;
        }
        rest = token;
    }
    !matches!(rest, "ignore" | "error" | "eof" | "")
}
