//! The tree of a pattern.

use core::fmt;

use super::view::{Node, Sequence};
use super::walk::{Step, Walk};
use crate::debug::TreeDump;
use crate::dialect::Rules;
use crate::tree::Tree as Arena;

/// The tree of a pattern: CPython's `re._parser.parse(pattern)`.
///
/// As in CPython, it is what the parser made of the pattern. `(?:…)` without flags is replaced by
/// its content, `a|b` is a set, and what all alternatives begin with stands before their branch.
///
/// ```
/// use sre_compiler::{Compiler, Dialect, Flags, NodeKind};
///
/// let mut compiler = Compiler::builder(Dialect::LATEST).tree(true).build();
/// compiler.compile("x(?:ab)*", Flags::empty())?;
/// let tree = compiler.tree().expect("the tree was requested, and the pattern is valid");
/// let repeats = tree.nodes().filter(|node| matches!(node.kind(), NodeKind::MaxRepeat { .. }));
/// let spans: Vec<_> = repeats.map(|node| node.span()).collect();
/// assert_eq!(spans, [1..8]);
/// # Ok::<(), sre_compiler::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Tree<'t> {
    root: Sequence<'t>,
    rules: &'static Rules,
}

impl<'t> Tree<'t> {
    pub(crate) fn new(arena: &'t Arena, rules: &'static Rules) -> Option<Tree<'t>> {
        let range = arena.root()?;
        Some(Tree { root: Sequence { arena, range }, rules })
    }

    /// Returns the items of the whole pattern.
    pub fn root(self) -> Sequence<'t> {
        self.root
    }

    /// Returns all nodes, each before those inside it. The iterator takes heap memory in proportion
    /// to the depth of nesting, and no stack.
    pub fn nodes(self) -> impl Iterator<Item = Node<'t>> {
        Walk::new(self.root).filter_map(|step| match step {
            Step::Enter(node) => Some(node),
            _ => None,
        })
    }

    /// Returns the tree as `re.DEBUG` prints it.
    pub fn dump(self) -> TreeDump<'t> {
        TreeDump { tree: self.root.arena, root: self.root.range, rules: self.rules }
    }
}

/// Writes what `re.DEBUG` prints.
impl fmt::Display for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dump().fmt(f)
    }
}

impl fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
