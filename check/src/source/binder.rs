//! Fills [`Scopes`]: a visit of the tree that notes what binds names.

use std::collections::HashSet;

use ruff_python_ast::visitor::{
    Visitor, walk_except_handler, walk_expr, walk_parameter, walk_pattern, walk_stmt, walk_type_param,
};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, ExprContext, Pattern, Stmt};
use ruff_text_size::Ranged;

use super::scopes::{Binding, Scope, ScopeId, ScopeKind, Scopes};
use crate::module::{Import, Member};

pub(super) fn bind(suite: &[Stmt]) -> Scopes<'_> {
    let mut binder = Binder {
        scopes: vec![Scope::new(ScopeKind::Module, 0)],
        current: 0,
        innermost: Vec::new(),
        patched: HashSet::new(),
        attributes: HashSet::new(),
        last_star: None,
    };
    binder.visit_body(suite);
    // Decorators are visited after what they decorate. Of events at one byte, the last one counts.
    binder.innermost.sort_by_key(|&(start, _)| start);
    let Binder { scopes, innermost, patched, attributes, last_star, .. } = binder;
    Scopes { scopes, innermost, patched, attributes, last_star }
}

struct Binder<'s> {
    scopes: Vec<Scope<'s>>,
    current: ScopeId,
    innermost: Vec<(usize, ScopeId)>,
    patched: HashSet<&'s str>,
    attributes: HashSet<&'s str>,
    last_star: Option<usize>,
}

impl<'s> Binder<'s> {
    fn bind(&mut self, name: &'s str, binding: Binding<'s>, start: usize) {
        let is_global = self.scopes[self.current].globals.contains(name);
        let scope = if is_global { 0 } else { self.current };
        self.scopes[scope].bind(name, binding, start);
    }

    fn other(&mut self, name: &'s ast::Identifier) {
        self.bind(name.as_str(), Binding::Other, name.start().to_usize());
    }

    /// Visits something inside a scope of its own.
    fn inside(&mut self, kind: ScopeKind, range: impl Ranged, visit: impl FnOnce(&mut Self)) -> ScopeId {
        let (id, outer) = (self.scopes.len(), self.current);
        self.scopes.push(Scope::new(kind, outer));
        self.innermost.push((range.start().to_usize(), id));
        self.current = id;
        visit(self);
        self.current = outer;
        self.innermost.push((range.end().to_usize(), outer));
        id
    }

    /// Binds what is assigned to a target that is a name.
    fn assign(&mut self, target: &'s Expr, value: &'s Expr) {
        match target {
            Expr::Name(name) => {
                self.bind(name.id.as_str(), Binding::Value(value), name.start().to_usize());
            }
            target => self.visit_expr(target),
        }
    }

    fn function(&mut self, function: &'s ast::StmtFunctionDef) {
        self.other(&function.name);
        // Decorators, defaults and annotations belong to the scope outside.
        function.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        if let Some(parameters) = &function.type_params {
            self.visit_type_params(parameters);
        }
        self.outside(&function.parameters);
        if let Some(returns) = &function.returns {
            self.visit_annotation(returns);
        }
        self.inside(ScopeKind::Function, Body(&function.body), |binder| {
            binder.parameters(&function.parameters);
            binder.visit_body(&function.body);
        });
    }

    /// Visits what parameters mention, without binding them.
    fn outside(&mut self, parameters: &'s ast::Parameters) {
        for parameter in parameters.iter() {
            if let Some(annotation) = parameter.annotation() {
                self.visit_annotation(annotation);
            }
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
        }
    }

    fn parameters(&mut self, parameters: &'s ast::Parameters) {
        parameters.iter().for_each(|parameter| self.other(parameter.name()));
    }

    fn class(&mut self, class: &'s ast::StmtClassDef) {
        class.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
        if let Some(parameters) = &class.type_params {
            self.visit_type_params(parameters);
        }
        if let Some(arguments) = &class.arguments {
            self.visit_arguments(arguments);
        }
        let id = self.inside(ScopeKind::Class, Body(&class.body), |binder| binder.visit_body(&class.body));
        self.scopes[id].class = Some(class);
        self.bind(class.name.as_str(), Binding::Class(id), class.name.start().to_usize());
    }

    fn import(&mut self, import: &'s ast::StmtImport) {
        let start = import.start().to_usize();
        for alias in &import.names {
            let module = alias.name.as_str();
            let (name, module) = match &alias.asname {
                Some(name) => (name.as_str(), module),
                None => {
                    let first = module.split('.').next().unwrap_or(module);
                    (first, first)
                }
            };
            self.bind(name, Binding::Module(module), start);
        }
    }

    fn import_from(&mut self, import: &'s ast::StmtImportFrom) {
        let start = import.start().to_usize();
        let module = import.module.as_ref().filter(|_| import.level == 0).map(ast::Identifier::as_str);
        for alias in &import.names {
            let member = alias.name.as_str();
            let name = alias.asname.as_ref().map_or(member, |name| name.as_str());
            match (member, module) {
                ("*", Some("re")) => {
                    for member in Member::starred() {
                        let name = member.name;
                        let binding = Binding::Member { module: "re", name, import: Import::Star };
                        self.bind(name, binding, start);
                    }
                }
                ("*", _) => self.last_star = Some(start),
                (member, Some(module)) => {
                    self.bind(name, Binding::Member { module, name: member, import: Import::Name }, start);
                }
                (_, None) => self.bind(name, Binding::Other, start),
            }
        }
    }
}

impl<'s> Visitor<'s> for Binder<'s> {
    fn visit_stmt(&mut self, stmt: &'s Stmt) {
        match stmt {
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Assign(assign) => {
                self.visit_expr(&assign.value);
                assign.targets.iter().for_each(|target| self.assign(target, &assign.value));
            }
            Stmt::AnnAssign(ast::StmtAnnAssign { target, annotation, value: Some(value), .. }) => {
                self.visit_expr(value);
                self.visit_annotation(annotation);
                self.assign(target, value);
            }
            // A declaration without a value.
            Stmt::AnnAssign(ast::StmtAnnAssign { target, annotation, .. }) => {
                self.visit_annotation(annotation);
                if !target.is_name_expr() {
                    self.visit_expr(target);
                }
            }
            Stmt::Global(global) => {
                let names = global.names.iter().map(ast::Identifier::as_str);
                self.scopes[self.current].globals.extend(names);
            }
            // Whichever scope it is, it may get another value.
            Stmt::Nonlocal(nonlocal) => {
                for name in &nonlocal.names {
                    self.nonlocal(name);
                }
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'s Expr) {
        match expr {
            Expr::Name(name) if name.ctx == ExprContext::Store => {
                self.bind(name.id.as_str(), Binding::Other, name.start().to_usize());
            }
            Expr::Attribute(attribute) if attribute.ctx == ExprContext::Store => {
                self.attributes.insert(attribute.attr.as_str());
                if let Expr::Name(name) = &*attribute.value {
                    self.patched.insert(name.id.as_str());
                }
                walk_expr(self, expr);
            }
            // Binds in the scope around comprehensions.
            Expr::Named(named) => {
                self.visit_expr(&named.value);
                let inner = self.current;
                while self.scopes[self.current].kind == ScopeKind::Comprehension {
                    self.current = self.scopes[self.current].parent;
                }
                self.visit_expr(&named.target);
                self.current = inner;
            }
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.outside(parameters);
                }
                self.inside(ScopeKind::Function, &*lambda.body, |binder| {
                    if let Some(parameters) = &lambda.parameters {
                        binder.parameters(parameters);
                    }
                    binder.visit_expr(&lambda.body);
                });
            }
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.inside(ScopeKind::Comprehension, expr, |binder| walk_expr(binder, expr));
            }
            _ => walk_expr(self, expr),
        }
    }

    fn visit_parameter(&mut self, parameter: &'s ast::Parameter) {
        self.other(&parameter.name);
        walk_parameter(self, parameter);
    }

    fn visit_except_handler(&mut self, handler: &'s ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        inner.name.iter().for_each(|name| self.other(name));
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'s Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        name.into_iter().for_each(|name| self.other(name));
        walk_pattern(self, pattern);
    }

    fn visit_type_param(&mut self, parameter: &'s ast::TypeParam) {
        self.other(parameter.name());
        walk_type_param(self, parameter);
    }
}

impl<'s> Binder<'s> {
    /// A name of a function around this one gets another value here.
    fn nonlocal(&mut self, name: &'s ast::Identifier) {
        let mut scope = self.scopes[self.current].parent;
        // As many as are searched for a name.
        for _ in 0..100 {
            if self.scopes[scope].kind != ScopeKind::Class {
                self.scopes[scope].bind(name.as_str(), Binding::Other, name.start().to_usize());
            }
            if scope == 0 {
                break;
            }
            scope = self.scopes[scope].parent;
        }
    }
}

/// The range of a body.
#[derive(Clone, Copy)]
struct Body<'s>(&'s [Stmt]);

impl Ranged for Body<'_> {
    fn range(&self) -> ruff_text_size::TextRange {
        match self.0 {
            [first, .., last] => ruff_text_size::TextRange::new(first.start(), last.end()),
            [only] => only.range(),
            [] => ruff_text_size::TextRange::default(),
        }
    }
}
