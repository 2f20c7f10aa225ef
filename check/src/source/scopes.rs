//! What the names of a file are bound to, scope by scope.
//!
//! Scopes are those of the language: the module, classes, functions with `lambda`s and
//! comprehensions. A name is certain if all that its scope binds it to is one thing. Assignments
//! through `globals()`, `setattr` or another module are not seen.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet, hash_map};

use ruff_python_ast::{Expr, StmtClassDef};
use ruff_text_size::Ranged;

use crate::module::Import;

/// The index of a scope; the module is 0.
pub(super) type ScopeId = usize;

/// What a name is bound to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Binding<'s> {
    /// A module, by its name.
    Module(&'s str),
    /// A member of a module.
    Member {
        /// The module.
        module: &'s str,
        /// The name in the module.
        name: &'s str,
        /// How it was imported.
        import: Import,
    },
    /// The value of an expression.
    Value(&'s Expr),
    /// The class with that scope.
    Class(ScopeId),
    /// Anything else: a parameter, a function, a part of something that is unpacked.
    Other,
}

impl Binding<'_> {
    /// Returns whether both are the same import, in whichever way it was made.
    fn is_same_import(self, other: Binding<'_>) -> bool {
        match (self, other) {
            (Binding::Module(module), Binding::Module(other)) => module == other,
            (Binding::Member { module, name, .. }, Binding::Member { module: other, name: of, .. }) => {
                (module, name) == (other, of)
            }
            _ => false,
        }
    }

    /// Which of the bindings of an uncertain name is remembered: one that concerns `re`, so that
    /// its calls are counted as skipped.
    fn rank(self) -> u8 {
        match self {
            Binding::Module(module) | Binding::Member { module, .. } => 1 + u8::from(module == "re"),
            _ => 0,
        }
    }
}

/// What a scope binds one name to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'s> {
    /// The first import of `re` if there is one, otherwise the first import or binding.
    pub binding: Binding<'s>,
    /// Where the first binding is, in bytes.
    pub start: usize,
    /// Whether the name may be nothing else.
    pub certain: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScopeKind {
    Module,
    Class,
    /// Also a `lambda`.
    Function,
    Comprehension,
}

#[derive(Debug)]
pub(super) struct Scope<'s> {
    pub kind: ScopeKind,
    pub parent: ScopeId,
    pub names: HashMap<&'s str, Entry<'s>>,
    /// The names that `global` takes from the module.
    pub globals: HashSet<&'s str>,
    /// The class whose scope it is.
    pub class: Option<&'s StmtClassDef>,
}

impl<'s> Scope<'s> {
    pub(super) fn new(kind: ScopeKind, parent: ScopeId) -> Scope<'s> {
        Scope { kind, parent, names: HashMap::new(), globals: HashSet::new(), class: None }
    }

    pub(super) fn bind(&mut self, name: &'s str, binding: Binding<'s>, start: usize) {
        let entry = match self.names.entry(name) {
            hash_map::Entry::Vacant(vacant) => {
                vacant.insert(Entry { binding, start, certain: !matches!(binding, Binding::Other) });
                return;
            }
            hash_map::Entry::Occupied(occupied) => occupied.into_mut(),
        };
        if !entry.binding.is_same_import(binding) {
            entry.certain = false;
        }
        if binding.rank() > entry.binding.rank() {
            entry.binding = binding;
        }
    }
}

/// The scopes of a file.
#[derive(Debug)]
pub(super) struct Scopes<'s> {
    pub(super) scopes: Vec<Scope<'s>>,
    /// From which byte on which scope is the innermost one, in order.
    pub(super) innermost: Vec<(usize, ScopeId)>,
    /// The names of objects of which an attribute is assigned: `re.compile = …`
    pub(super) patched: HashSet<&'s str>,
    /// The attributes that are assigned, of any object.
    pub(super) attributes: HashSet<&'s str>,
    /// Where the last `from … import *` of another module than `re` is.
    pub(super) last_star: Option<usize>,
}

/// How many scopes are searched for a name. A file may nest thousands; programs do not.
const MAX_SCOPES: usize = 100;

impl<'s> Scopes<'s> {
    /// Returns the innermost scope at a byte.
    pub(super) fn at(&self, offset: usize) -> ScopeId {
        let next = self.innermost.partition_point(|&(start, _)| start <= offset);
        next.checked_sub(1).map_or(0, |last| self.innermost[last].1)
    }

    /// Returns the scope that binds a name which is used at a byte, and what it binds it to.
    pub(super) fn resolve(&self, name: &str, offset: usize) -> Option<(ScopeId, Entry<'s>)> {
        let first = self.at(offset);
        let mut id = first;
        for _ in 0..MAX_SCOPES {
            let scope = &self.scopes[id];
            if id != 0 && scope.globals.contains(name) {
                id = 0;
                continue;
            }
            // The names of a class are seen in its body only, not in its methods.
            let visible = scope.kind != ScopeKind::Class || id == first;
            if visible && let Some(&entry) = scope.names.get(name) {
                return Some((id, self.with_doubts(id, name, offset, entry)));
            }
            if id == 0 {
                return None;
            }
            id = scope.parent;
        }
        None
    }

    fn with_doubts(&self, id: ScopeId, name: &str, offset: usize, mut entry: Entry<'s>) -> Entry<'s> {
        let scope = &self.scopes[id];
        // Before a class binds a name, it sees what is outside.
        let early = scope.kind == ScopeKind::Class && offset < entry.start;
        let hidden = id == 0 && self.last_star.is_some_and(|star| entry.start < star);
        let patched = matches!(entry.binding, Binding::Module(_)) && self.patched.contains(name);
        entry.certain &= !early && !hidden && !patched;
        entry
    }

    /// Returns the value of the attribute of a class, or of `self` or `cls` in its methods.
    ///
    /// It is certain if the class binds it once, no other class of the file binds the same name,
    /// and no attribute of that name is assigned anywhere.
    pub(super) fn attribute(&self, object: &str, name: &str, offset: usize) -> Option<&'s Expr> {
        let (id, entry) = self.resolve(object, offset)?;
        let class = match entry.binding {
            Binding::Class(class) if entry.certain => class,
            Binding::Other if matches!(object, "self" | "cls") => self.class_around(id)?,
            _ => return None,
        };
        let found = self.scopes[class].names.get(name)?;
        let Binding::Value(value) = found.binding else { return None };
        let others = self.scopes.iter().filter(|scope| scope.kind == ScopeKind::Class);
        let alone = others.filter(|scope| scope.names.contains_key(name)).nth(1).is_none();
        (found.certain && alone && !self.attributes.contains(name)).then_some(value)
    }

    /// Returns the class whose method has that scope.
    fn class_around(&self, function: ScopeId) -> Option<ScopeId> {
        let parent = self.scopes[function].parent;
        (self.scopes[parent].kind == ScopeKind::Class).then_some(parent)
    }

    /// Returns the member of a module that an expression such as `re.I` or `django.urls.re_path`
    /// stands for, and whether that is certain.
    pub(super) fn member(&self, expr: &'s Expr) -> Option<(Member<'s>, bool)> {
        let offset = expr.start().to_usize();
        match expr {
            Expr::Name(name) => match self.resolve(name.id.as_str(), offset)?.1 {
                Entry { binding: Binding::Member { module, name, import }, certain, .. } => {
                    Some((Member { module: module.into(), name, import }, certain))
                }
                _ => None,
            },
            Expr::Attribute(attribute) => {
                let (module, certain) = self.module(&attribute.value)?;
                let name = attribute.attr.as_str();
                Some((Member { module, name, import: Import::Attribute }, certain))
            }
            _ => None,
        }
    }

    /// Returns the module and the name that an expression stands for, if that is certain.
    pub(super) fn member_of(&self, expr: &'s Expr) -> Option<(Cow<'s, str>, &'s str)> {
        let (member, certain) = self.member(expr)?;
        certain.then_some((member.module, member.name))
    }

    /// Returns the name of the module that an expression stands for.
    fn module(&self, expr: &'s Expr) -> Option<(Cow<'s, str>, bool)> {
        let mut names = Vec::new();
        let mut expr = expr;
        while let Expr::Attribute(attribute) = expr {
            names.push(attribute.attr.as_str());
            // No module that matters is deeper.
            (names.len() <= 4).then_some(())?;
            expr = &attribute.value;
        }
        let Expr::Name(name) = expr else { return None };
        let entry = self.resolve(name.id.as_str(), expr.start().to_usize())?.1;
        let first: Cow<'s, str> = match entry.binding {
            Binding::Module(module) => module.into(),
            // `from django import urls`
            Binding::Member { module, name, .. } if module != "re" => format!("{module}.{name}").into(),
            _ => return None,
        };
        if names.is_empty() {
            return Some((first, entry.certain));
        }
        names.push(&first);
        names.reverse();
        Some((names.join(".").into(), entry.certain))
    }
}

/// A member of a module, as an expression refers to it.
#[derive(Clone, Debug)]
pub(super) struct Member<'s> {
    pub module: Cow<'s, str>,
    pub name: &'s str,
    pub import: Import,
}
