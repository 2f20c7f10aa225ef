//! A mutant schema: one program that contains all mutants, of which one at a time is enabled.
//!
//! Building a program for each of thousands of mutants takes hours. Instead, each changed place checks
//! at run time whether its mutant is enabled, so that one build serves all. Code that is evaluated at
//! compile time cannot check ([`constants`] defers what it can), and a mutant that does not compile
//! would break the whole program: such mutants are left out.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use proc_macro2::LineColumn;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{BinOp, Block, Expr, ExprBinary, Pat, Signature, Stmt, parse_quote};

use crate::constants;
use crate::mutant::{Genre, Mutant};

/// The crate with the function `on`, which the places call.
pub(crate) const SWITCH: &str = "sre_switch";

/// The source of that crate. The environment selects the mutant, and may name a file for the numbers
/// of the mutants whose places are reached.
pub(crate) const SWITCH_SOURCE: &str = r#"
use std::fs::File;
use std::io::Write;
pub use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

static ON: LazyLock<u32> =
    LazyLock::new(|| std::env::var("SRE_MUTANT").ok().and_then(|n| n.parse().ok()).unwrap_or(0));

static ASKED: LazyLock<Option<(File, Vec<AtomicBool>)>> = LazyLock::new(|| {
    let file = File::create(std::env::var_os("SRE_MUTANTS_ASKED")?).ok()?;
    Some((file, (0..1 << 16).map(|_| AtomicBool::new(false)).collect()))
});

#[inline]
pub fn on(mutant: u32) -> bool {
    if *ON == 0 {
        note(mutant);
    }
    *ON == mutant
}

#[cold]
fn note(mutant: u32) {
    if let Some((file, asked)) = &*ASKED
        && !asked[mutant as usize].swap(true, Ordering::Relaxed)
    {
        let _ = writeln!(&mut &*file, "{mutant}");
    }
}
"#;

/// Returns a file with these mutants, and the numbers of those that it contains. The functions in
/// `required` are needed at compile time.
pub(crate) fn rewrite(
    source: &str,
    mutants: &[(u32, &Mutant)],
    required: &BTreeSet<String>,
) -> Result<(String, BTreeSet<u32>)> {
    let mut file = syn::parse_file(source).context("not a file of Rust")?;
    let places =
        mutants.iter().map(|(_, mutant)| (mutant.span.start.line, mutant.span.start.column)).collect();
    constants::defer(&mut file, &places, required);
    let mut schema = Schema { wanted: HashMap::new(), placed: BTreeSet::new() };
    for &(number, mutant) in mutants {
        let start = mutant.span.start;
        let place = (mutant.genre, start.line, start.column);
        schema.wanted.entry(place).or_default().push((number, &mutant.replacement));
    }
    schema.visit_file_mut(&mut file);
    Ok((file.into_token_stream().to_string(), schema.placed))
}

/// Returns the mutant at an offset of a rewritten file: the last one before it.
pub(crate) fn mutant_at(rewritten: &str, offset: usize) -> Option<u32> {
    let before = rewritten.get(..offset)?;
    let asked = format!("{SWITCH} :: on (");
    let at = before.rfind(&asked)? + asked.len();
    let digits: String = rewritten[at..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The number of a mutant, and its replacement.
type Change<'m> = (u32, &'m str);

struct Schema<'m> {
    wanted: HashMap<(Genre, usize, usize), Vec<Change<'m>>>,
    placed: BTreeSet<u32>,
}

impl<'m> Schema<'m> {
    fn take(&mut self, genre: Genre, start: LineColumn) -> Vec<Change<'m>> {
        self.wanted.remove(&(genre, start.line, start.column + 1)).unwrap_or_default()
    }

    /// Returns the expression that checks whether a mutant is enabled.
    fn on(&mut self, number: u32) -> Expr {
        self.placed.insert(number);
        let switch = quote::format_ident!("{SWITCH}");
        parse_quote!(::#switch::on(#number))
    }

    fn visit_function(&mut self, signature: &Signature, block: &mut Block) {
        // Code that may run at compile time cannot check.
        if signature.constness.is_some() {
            return;
        }
        let start = block.stmts.first().map(|first| first.span().start());
        let changes = start.map(|start| self.take(Genre::FnValue, start)).unwrap_or_default();
        visit_mut::visit_block_mut(self, block);
        let mut returns = Vec::new();
        for (number, replacement) in changes {
            let Ok(value) = syn::parse_str::<Expr>(replacement) else { continue };
            let on = self.on(number);
            returns.push(parse_quote!(if #on { return #value; }));
        }
        block.stmts.splice(0..0, returns.into_iter().map(|expr| Stmt::Expr(expr, None)));
    }

    fn binary(&mut self, expr: &ExprBinary, changes: &[Change<'_>]) -> Option<Expr> {
        let ExprBinary { left, right, op, .. } = expr;
        match op {
            BinOp::And(_) | BinOp::Or(_) => {
                if has_let(left) || has_let(right) {
                    return None;
                }
                // The other operator gives the same as this one with a negated left side, except where
                // the left side decides, which then is the result itself.
                let [(number, _)] = changes else { return None };
                let on = self.on(*number);
                Some(match op {
                    BinOp::And(_) => {
                        parse_quote!(({ let l: bool = #left; if l != #on { #right } else { l } }))
                    }
                    _ => parse_quote!(({ let l: bool = #left; if l == #on { #right } else { l } })),
                })
            }
            _ => {
                let compares = matches!(
                    op,
                    BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)
                );
                let assigns = op.to_token_stream().to_string().ends_with('=') && !compares;
                let (l, r): (Expr, Expr) = match (compares, assigns) {
                    (true, _) => (parse_quote!(*l), parse_quote!(*r)),
                    (_, true) => ((**left).clone(), (**right).clone()),
                    _ => (parse_quote!(l), parse_quote!(r)),
                };
                let mut chosen: Expr = parse_quote!({ #l #op #r });
                for (number, replacement) in changes.iter().rev() {
                    let other: BinOp = syn::parse_str(replacement).ok()?;
                    let on = self.on(*number);
                    chosen = parse_quote!(if #on { #l #other #r } else #chosen);
                }
                Some(match (compares, assigns) {
                    (true, _) => parse_quote!((match (&#left, &#right) { (l, r) => #chosen })),
                    (_, true) => parse_quote!((#chosen)),
                    _ => parse_quote!((match (#left, #right) { (l, r) => #chosen })),
                })
            }
        }
    }
}

/// Returns whether a condition contains `let`, which is only valid in `if` and `while`.
fn has_let(expr: &Expr) -> bool {
    match expr {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

impl VisitMut for Schema<'_> {
    fn visit_item_fn_mut(&mut self, function: &mut syn::ItemFn) {
        self.visit_function(&function.sig, &mut function.block);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        self.visit_function(&function.sig, &mut function.block);
    }

    fn visit_trait_item_fn_mut(&mut self, function: &mut syn::TraitItemFn) {
        if let Some(block) = &mut function.default {
            self.visit_function(&function.sig, block);
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Binary(binary) => {
                let changes = self.take(Genre::BinaryOperator, binary.op.span().start());
                visit_mut::visit_expr_binary_mut(self, binary);
                if !changes.is_empty()
                    && let Some(changed) = self.binary(binary, &changes)
                {
                    *expr = changed;
                }
            }
            Expr::Unary(unary) => {
                let changes = self.take(Genre::UnaryOperator, unary.op.span().start());
                visit_mut::visit_expr_unary_mut(self, unary);
                if let [(number, _)] = changes[..] {
                    let on = self.on(number);
                    let (op, operand) = (&unary.op, &unary.expr);
                    *expr = parse_quote!((match #operand { x => if #on { x } else { #op x } }));
                }
            }
            _ => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_expr_struct_mut(&mut self, expr: &mut syn::ExprStruct) {
        let starts: Vec<_> = expr.fields.iter().map(|field| field.span().start()).collect();
        visit_mut::visit_expr_struct_mut(self, expr);
        let Some(rest) = expr.rest.clone() else { return };
        for (field, start) in expr.fields.iter_mut().zip(starts) {
            for (number, _) in self.take(Genre::StructField, start) {
                let on = self.on(number);
                let (name, value) = (&field.member, &field.expr);
                field.expr = parse_quote!(if #on { (#rest).#name } else { #value });
                field.colon_token = Some(Default::default());
            }
        }
    }

    fn visit_expr_match_mut(&mut self, expr: &mut syn::ExprMatch) {
        let takes_all =
            |arm: &syn::Arm| arm.guard.is_none() && matches!(arm.pat, Pat::Wild(_) | Pat::Ident(_));
        if !expr.arms.iter().any(takes_all) {
            // Without the arm, the match would not be exhaustive.
            for arm in &expr.arms {
                self.take(Genre::MatchArm, arm.span().start());
            }
        }
        visit_mut::visit_expr_match_mut(self, expr);
    }

    fn visit_arm_mut(&mut self, arm: &mut syn::Arm) {
        let deleted = self.take(Genre::MatchArm, arm.span().start());
        let guards = arm.guard.as_ref().map(|(_, guard)| guard.span().start());
        let guards = guards.map(|start| self.take(Genre::MatchArmGuard, start)).unwrap_or_default();
        visit_mut::visit_arm_mut(self, arm);
        if let Some((_, guard)) = &mut arm.guard {
            for (number, replacement) in guards {
                let on = self.on(number);
                **guard = match replacement {
                    "true" => parse_quote!(#on || (#guard)),
                    _ => parse_quote!(!#on && (#guard)),
                };
            }
        }
        for (number, _) in deleted {
            let on = self.on(number);
            let guard = match &arm.guard {
                Some((_, guard)) => parse_quote!(!#on && (#guard)),
                None => parse_quote!(!#on),
            };
            arm.guard = Some((Default::default(), Box::new(guard)));
        }
    }

    // The following are evaluated at compile time, or are not expressions.

    fn visit_item_const_mut(&mut self, _: &mut syn::ItemConst) {}
    fn visit_item_static_mut(&mut self, _: &mut syn::ItemStatic) {}
    fn visit_impl_item_const_mut(&mut self, _: &mut syn::ImplItemConst) {}
    fn visit_trait_item_const_mut(&mut self, _: &mut syn::TraitItemConst) {}
    fn visit_expr_const_mut(&mut self, _: &mut syn::ExprConst) {}
    fn visit_variant_mut(&mut self, _: &mut syn::Variant) {}
    fn visit_type_mut(&mut self, _: &mut syn::Type) {}
    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}
    fn visit_macro_mut(&mut self, _: &mut syn::Macro) {}

    fn visit_expr_repeat_mut(&mut self, repeat: &mut syn::ExprRepeat) {
        self.visit_expr_mut(&mut repeat.expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutant::{Place, Span};

    /// Returns the schema of one mutant, at the first `what` in the source.
    fn schema(source: &str, genre: Genre, what: &str, replacement: &str) -> String {
        let before = &source[..source.find(what).unwrap()];
        let start = Place {
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|&c| c != '\n').count() + 1,
        };
        let mutant = Mutant {
            file: "a.rs".into(),
            genre,
            span: Span { start, end: start },
            function: None,
            replacement: replacement.to_owned(),
            place: String::new(),
            name: String::new(),
        };
        let (text, placed) = rewrite(source, &[(7, &mutant)], &BTreeSet::new()).unwrap();
        assert_eq!(placed.contains(&7), text.contains("on (7u32)"), "{text}");
        text.replace(":: sre_switch :: on (7u32)", "ON")
    }

    #[test]
    fn a_place_checks_for_its_mutant() {
        let sum = schema("fn f(é: u8) -> u8 { \"é\"; é + 1 }", Genre::BinaryOperator, "+", "-");
        assert!(sum.contains("(match (é , 1) { (l , r) => if ON { l - r } else { l + r } })"), "{sum}");
        let not = schema("fn f(a: bool) -> bool {\n    !a\n}", Genre::UnaryOperator, "!", "");
        assert!(not.contains("match a { x => if ON { x } else { ! x } }"), "{not}");
        let both = schema("fn f() -> bool { a() && b() }", Genre::BinaryOperator, "&&", "||");
        assert!(both.contains("{ let l : bool = a () ; if l != ON { b () } else { l } }"), "{both}");
        let value = schema("fn f() -> u8 { g() }", Genre::FnValue, "g()", "0");
        assert!(value.contains("{ if ON { return 0 ; } g () }"), "{value}");
    }

    #[test]
    fn an_arm_is_removed_only_if_another_matches_everything() {
        let source = "fn f() { match a { 1 => b(), _ => c() } }";
        assert!(schema(source, Genre::MatchArm, "1 =>", "").contains("1 if ! ON => b ()"));
        let source = "fn f() { match a { 1 => b(), _ if d => c(), 2.. => e() } }";
        assert!(!schema(source, Genre::MatchArm, "1 =>", "").contains("ON"));
    }

    #[test]
    fn constants_are_deferred_unless_needed_at_compile_time() {
        let deferred = schema("const N: u8 = 1 + 1; fn f() -> u8 { N }", Genre::BinaryOperator, "+", "-");
        assert!(deferred.contains("fn N () -> u8 { (match") && deferred.contains("{ N () }"), "{deferred}");
        let needed = schema("const N: usize = 1 + 1; fn f(a: [u8; N]) {}", Genre::BinaryOperator, "+", "-");
        assert!(needed.contains("const N : usize = 1 + 1 ;"), "{needed}");
    }
}
