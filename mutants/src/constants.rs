//! Deferring constants to run time, where a mutant can be enabled.
//!
//! A constant becomes a function, and a `const fn` loses its `const`, unless a type or a pattern needs
//! the value at compile time.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Type, Visibility, parse_quote};

use crate::schema::SWITCH;

/// Lines and columns of the mutants.
pub(crate) type Places = BTreeSet<(usize, usize)>;

/// Defers the constants of a file that contain mutants, or use deferred ones. The functions in
/// `required` remain `const`.
pub(crate) fn defer(file: &mut syn::File, places: &Places, required: &BTreeSet<String>) {
    let mut survey = Survey::new(places, required);
    survey.visit_file(file);
    // A constant that is needed at compile time needs the constants in its value, too.
    loop {
        let of_needed = survey.constants.iter().filter(|constant| survey.is_needed(constant));
        let used: BTreeSet<String> = of_needed.flat_map(|constant| constant.used.iter().cloned()).collect();
        if used.is_subset(&survey.needed) {
            break;
        }
        survey.needed.extend(used);
    }
    let mut deferred: BTreeSet<String> = BTreeSet::new();
    loop {
        let uses = |used: &BTreeSet<String>| {
            used.iter().any(|name| deferred.contains(name) || survey.functions.contains(name))
        };
        let more: Vec<String> = survey
            .constants
            .iter()
            .filter(|constant| !survey.is_needed(constant) && !deferred.contains(&constant.name))
            .filter(|constant| constant.has_place || uses(&constant.used))
            .map(|constant| constant.name.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        deferred.extend(more);
    }
    let tables = survey.tables.intersection(&deferred).cloned().collect();
    Deferral { deferred, tables, functions: survey.functions }.visit_file_mut(file);
}

struct Constant {
    name: String,
    /// Whether other files may need it, or it cannot be deferred.
    fixed: bool,
    has_place: bool,
    /// The names in its value.
    used: BTreeSet<String>,
}

struct Survey<'p> {
    places: &'p Places,
    required: &'p BTreeSet<String>,
    constants: Vec<Constant>,
    /// The names of `const fn` that contain mutants.
    functions: BTreeSet<String>,
    /// Names in types and patterns.
    needed: BTreeSet<String>,
    tables: BTreeSet<String>,
}

impl<'p> Survey<'p> {
    fn new(places: &'p Places, required: &'p BTreeSet<String>) -> Survey<'p> {
        Survey {
            places,
            required,
            constants: Vec::new(),
            functions: BTreeSet::new(),
            needed: BTreeSet::new(),
            tables: BTreeSet::new(),
        }
    }

    fn has_place(&self, part: &impl Spanned) -> bool {
        let (start, end) = (part.span().start(), part.span().end());
        let range = (start.line, start.column + 1)..(end.line, end.column + 1);
        self.places.range(range).next().is_some()
    }

    fn constant(&mut self, vis: &Visibility, name: &Ident, ty: &Type, value: &Expr) {
        let used = names(value.to_token_stream());
        if matches!(ty, Type::Array(_)) {
            self.tables.insert(name.to_string());
        }
        // A function within a function has no `Self`.
        let own = used.contains("Self") || names(ty.to_token_stream()).contains("Self");
        let fixed = own || !matches!(vis, Visibility::Inherited);
        self.constants.push(Constant {
            name: name.to_string(),
            fixed,
            has_place: self.has_place(value),
            used,
        });
    }

    fn is_needed(&self, constant: &Constant) -> bool {
        constant.fixed || self.needed.contains(&constant.name)
    }

    fn function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let name = signature.ident.to_string();
        if signature.constness.is_some() && self.has_place(block) && !self.required.contains(&name) {
            self.functions.insert(name);
        }
    }
}

/// Returns all names in some tokens.
fn names(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => drop(found.insert(name.to_string())),
            TokenTree::Group(group) => found.extend(names(group.stream())),
            _ => {}
        }
    }
    found
}

impl Visit<'_> for Survey<'_> {
    fn visit_item_const(&mut self, item: &syn::ItemConst) {
        self.constant(&item.vis, &item.ident, &item.ty, &item.expr);
        visit::visit_item_const(self, item);
    }

    fn visit_item_static(&mut self, item: &syn::ItemStatic) {
        self.constant(&item.vis, &item.ident, &item.ty, &item.expr);
        visit::visit_item_static(self, item);
    }

    fn visit_impl_item_const(&mut self, item: &syn::ImplItemConst) {
        self.constant(&item.vis, &item.ident, &item.ty, &item.expr);
        visit::visit_impl_item_const(self, item);
    }

    fn visit_item_fn(&mut self, item: &syn::ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_type(&mut self, ty: &Type) {
        self.needed.extend(names(ty.to_token_stream()));
    }

    fn visit_pat(&mut self, pat: &syn::Pat) {
        self.needed.extend(names(pat.to_token_stream()));
    }

    fn visit_expr_repeat(&mut self, repeat: &syn::ExprRepeat) {
        self.needed.extend(names(repeat.len.to_token_stream()));
        visit::visit_expr(self, &repeat.expr);
    }
}

struct Deferral {
    deferred: BTreeSet<String>,
    /// The deferred constants that are computed once: tables, which are often looked up.
    tables: BTreeSet<String>,
    functions: BTreeSet<String>,
}

impl Deferral {
    fn has(&self, name: &Ident) -> bool {
        self.deferred.contains(&name.to_string())
    }

    /// Returns the function that replaces a constant.
    fn function<F: syn::parse::Parse>(&self, name: &Ident, ty: &Type, value: &Expr) -> F {
        if !self.tables.contains(&name.to_string()) {
            return parse_quote!(fn #name() -> #ty { #value });
        }
        let switch = quote::format_ident!("{SWITCH}");
        parse_quote! {
            fn #name() -> &'static #ty {
                fn value() -> #ty { #value }
                static VALUE: ::#switch::LazyLock<#ty> = ::#switch::LazyLock::new(value);
                &VALUE
            }
        }
    }

    fn unconst(&self, signature: &mut syn::Signature) {
        if self.functions.contains(&signature.ident.to_string()) {
            signature.constness = None;
        }
    }
}

impl VisitMut for Deferral {
    fn visit_item_mut(&mut self, item: &mut Item) {
        visit_mut::visit_item_mut(self, item);
        let (name, ty, value) = match item {
            Item::Const(syn::ItemConst { ident, ty, expr, .. })
            | Item::Static(syn::ItemStatic { ident, ty, expr, .. }) => (ident, ty, expr),
            _ => return,
        };
        if self.has(name) {
            *item = Item::Fn(self.function(name, ty, value));
        }
    }

    fn visit_impl_item_mut(&mut self, item: &mut syn::ImplItem) {
        visit_mut::visit_impl_item_mut(self, item);
        if let syn::ImplItem::Const(syn::ImplItemConst { ident, ty, expr, .. }) = item
            && self.has(ident)
        {
            *item = syn::ImplItem::Fn(self.function(ident, ty, expr));
        }
    }

    fn visit_signature_mut(&mut self, signature: &mut syn::Signature) {
        self.unconst(signature);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Path(path) = expr
            && let Some(last) = path.path.segments.last()
            && self.has(&last.ident)
        {
            let is_table = self.tables.contains(&last.ident.to_string());
            *expr = if is_table { parse_quote!((*#path())) } else { parse_quote!(#path()) };
            return;
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_type_mut(&mut self, _: &mut Type) {}
    fn visit_pat_mut(&mut self, _: &mut syn::Pat) {}
}
