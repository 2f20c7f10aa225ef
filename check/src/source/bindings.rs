//! What the names of a file are bound to.

use std::collections::HashMap;

use ruff_python_ast::visitor::{
    Visitor, walk_except_handler, walk_expr, walk_parameter, walk_pattern, walk_stmt, walk_type_param,
};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, ExprContext, Pattern, Stmt};

use crate::{module::Import, module::Member};

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Binding<'s> {
    /// The module `re`.
    Module,
    /// What the module has under that name, and how it was imported.
    Member(&'s str, Import),
}

impl Binding<'_> {
    /// Returns whether both stand for the same thing, however it was imported.
    fn is_same(self, other: Binding<'_>) -> bool {
        match (self, other) {
            (Binding::Member(name, _), Binding::Member(other, _)) => name == other,
            (Binding::Module, Binding::Module) => true,
            _ => false,
        }
    }
}

/// The names that some import binds to `re` or what is in it. Scopes are not told apart: a name
/// that is bound to anything else anywhere is uncertain everywhere.
#[derive(Default)]
pub(super) struct Bindings<'s> {
    /// The first import, and whether it is the only thing that the name may be.
    names: HashMap<&'s str, (Binding<'s>, bool)>,
}

impl<'s> Bindings<'s> {
    pub(super) fn of(suite: &'s [Stmt]) -> Bindings<'s> {
        let mut collector = Collector::default();
        collector.visit_body(suite);
        let Collector { names, first, last_star } = collector;
        let names = first.into_iter().map(|(name, (binding, start))| {
            // A later `from … import *` may bind it, too.
            let hidden = last_star.is_some_and(|star| start < star);
            let certain =
                names.get(name).is_some_and(|known| known.is_some_and(|known| known.is_same(binding)));
            (name, (binding, !hidden && certain))
        });
        Bindings { names: names.collect() }
    }

    /// What a name stands for, if that is certain.
    pub(super) fn get(&self, name: &str) -> Option<Binding<'s>> {
        self.names.get(name).filter(|(_, certain)| *certain).map(|(binding, _)| *binding)
    }

    /// What a name stands for, if `re` has to do with it, and whether that is certain.
    pub(super) fn possibly(&self, name: &str) -> Option<(Binding<'s>, bool)> {
        self.names.get(name).copied()
    }
}

#[derive(Default)]
struct Collector<'s> {
    /// What each name is bound to, as long as that is only one thing.
    names: HashMap<&'s str, Option<Binding<'s>>>,
    /// The first import of each name from `re`, and where.
    first: HashMap<&'s str, (Binding<'s>, usize)>,
    last_star: Option<usize>,
}

impl<'s> Collector<'s> {
    fn import(&mut self, name: &'s str, binding: Binding<'s>, start: usize) {
        self.first.entry(name).or_insert((binding, start));
        let known = self.names.entry(name).or_insert(Some(binding));
        if !known.is_some_and(|known| known.is_same(binding)) {
            *known = None;
        }
    }

    fn bind(&mut self, name: &'s str) {
        self.names.insert(name, None);
    }
}

impl<'s> Visitor<'s> for Collector<'s> {
    fn visit_stmt(&mut self, stmt: &'s Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let module = alias.name.as_str();
                    let bound = alias.asname.as_ref().map_or(module, |name| name.as_str());
                    if module == "re" {
                        self.import(bound, Binding::Module, import.range.start().to_usize());
                    } else if alias.asname.is_some() {
                        self.bind(bound);
                    } else {
                        self.bind(module.split('.').next().unwrap_or(module));
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let is_re =
                    import.level == 0 && import.module.as_ref().is_some_and(|module| module.as_str() == "re");
                for alias in &import.names {
                    let member = alias.name.as_str();
                    let bound = alias.asname.as_ref().map_or(member, |name| name.as_str());
                    match (member, is_re) {
                        ("*", true) => {
                            let start = import.range.start().to_usize();
                            for member in Member::starred() {
                                self.import(member.name, Binding::Member(member.name, Import::Star), start);
                            }
                        }
                        ("*", false) => self.last_star = Some(import.range.start().to_usize()),
                        (_, true) => {
                            let binding = Binding::Member(member, Import::Name);
                            self.import(bound, binding, import.range.start().to_usize());
                        }
                        _ => self.bind(bound),
                    }
                }
            }
            Stmt::FunctionDef(function) => self.bind(function.name.as_str()),
            Stmt::ClassDef(class) => self.bind(class.name.as_str()),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'s Expr) {
        match expr {
            Expr::Name(name) if name.ctx == ExprContext::Store => self.bind(name.id.as_str()),
            // `re.compile = …`
            Expr::Attribute(attribute) if attribute.ctx == ExprContext::Store => {
                if let Expr::Name(name) = &*attribute.value {
                    self.bind(name.id.as_str());
                }
            }
            _ => {}
        }
        walk_expr(self, expr);
    }

    fn visit_parameter(&mut self, parameter: &'s ast::Parameter) {
        self.bind(parameter.name.as_str());
        walk_parameter(self, parameter);
    }

    fn visit_except_handler(&mut self, handler: &'s ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        inner.name.iter().for_each(|name| self.bind(name.as_str()));
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'s Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        name.into_iter().for_each(|name| self.bind(name.as_str()));
        walk_pattern(self, pattern);
    }

    fn visit_type_param(&mut self, parameter: &'s ast::TypeParam) {
        self.bind(parameter.name().as_str());
        walk_type_param(self, parameter);
    }
}
