//! The kinds of nodes.

use core::fmt;

use super::set::SetItems;
use super::view::{Node, Sequence, Sequences};
use crate::dialect::MAXREPEAT;
use crate::flags::Flags;
use crate::item::{AssertKind, Atom, RepeatKind};
use crate::opcode::At;
use crate::tree::Item;

/// What a [`Node`] is. The kinds have CPython's names.
///
/// A newer CPython may bring further kinds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NodeKind<'t> {
    /// A character. CPython: LITERAL
    Literal(
        /// The code point, or the byte of a `bytes` pattern.
        u32,
    ),
    /// Any character but this one: `[^a]`. CPython: NOT_LITERAL
    NotLiteral(
        /// The code point, or the byte of a `bytes` pattern.
        u32,
    ),
    /// `.`. CPython: ANY
    Any,
    /// A set, or a category such as `\d`. CPython: IN
    In {
        /// Whether the set matches the characters that its items do not match: `[^…]`.
        negated: bool,
        /// The items in order, without repetitions.
        items: SetItems<'t>,
    },
    /// Alternatives, of which at least two differ. CPython: BRANCH
    Branch {
        /// The alternatives in order.
        alternatives: Sequences<'t>,
    },
    /// A group that captures or changes flags. CPython: SUBPATTERN
    Subpattern {
        /// The number of the group, or `None` for `(?i:…)`.
        group: Option<u32>,
        /// The flags that are turned on inside.
        add_flags: Flags,
        /// The flags that are turned off inside.
        del_flags: Flags,
        /// The content.
        body: Sequence<'t>,
    },
    /// A greedy repeat. CPython: MAX_REPEAT
    MaxRepeat {
        /// The least number of repetitions.
        min: u32,
        /// The greatest number of repetitions, or `None` if there is none. CPython: MAXREPEAT
        max: Option<u32>,
        /// What is repeated.
        body: Sequence<'t>,
    },
    /// A lazy repeat: `a*?`. CPython: MIN_REPEAT
    MinRepeat {
        /// The least number of repetitions.
        min: u32,
        /// The greatest number of repetitions, or `None` if there is none.
        max: Option<u32>,
        /// What is repeated.
        body: Sequence<'t>,
    },
    /// A possessive repeat: `a*+`. CPython: POSSESSIVE_REPEAT
    PossessiveRepeat {
        /// The least number of repetitions.
        min: u32,
        /// The greatest number of repetitions, or `None` if there is none.
        max: Option<u32>,
        /// What is repeated.
        body: Sequence<'t>,
    },
    /// `(?=…)` or `(?<=…)`. CPython: ASSERT
    Assert {
        /// On which side of the position the content must match.
        direction: Direction,
        /// The content.
        body: Sequence<'t>,
    },
    /// `(?!…)` or `(?<!…)`. CPython: ASSERT_NOT
    AssertNot {
        /// On which side of the position the content must not match.
        direction: Direction,
        /// The content.
        body: Sequence<'t>,
    },
    /// `(?>…)`. CPython: ATOMIC_GROUP
    AtomicGroup {
        /// The content.
        body: Sequence<'t>,
    },
    /// `\1` or `(?P=name)`. CPython: GROUPREF
    GroupRef {
        /// The number of the group.
        group: u32,
    },
    /// `(?(1)yes|no)`. CPython: GROUPREF_EXISTS
    GroupRefExists {
        /// The number of the group.
        group: u32,
        /// What must match if the group took part in the match.
        yes: Sequence<'t>,
        /// What must match otherwise, or `None` if there is no `|`.
        no: Option<Sequence<'t>>,
    },
    /// An anchor. CPython: AT
    At(At),
    /// Never matches: `(?!)` since 3.13. CPython: FAILURE
    Failure,
}

/// The side of the current position on which the content of an assertion is matched.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Direction {
    /// After the position. CPython: 1
    Ahead,
    /// Before the position. CPython: -1
    Behind,
}

impl<'t> NodeKind<'t> {
    /// Returns CPython's name, such as `MAX_REPEAT`.
    pub fn name(&self) -> &'static str {
        match self {
            NodeKind::Literal(_) => "LITERAL",
            NodeKind::NotLiteral(_) => "NOT_LITERAL",
            NodeKind::Any => "ANY",
            NodeKind::In { .. } => "IN",
            NodeKind::Branch { .. } => "BRANCH",
            NodeKind::Subpattern { .. } => "SUBPATTERN",
            NodeKind::MaxRepeat { .. } => "MAX_REPEAT",
            NodeKind::MinRepeat { .. } => "MIN_REPEAT",
            NodeKind::PossessiveRepeat { .. } => "POSSESSIVE_REPEAT",
            NodeKind::Assert { .. } => "ASSERT",
            NodeKind::AssertNot { .. } => "ASSERT_NOT",
            NodeKind::AtomicGroup { .. } => "ATOMIC_GROUP",
            NodeKind::GroupRef { .. } => "GROUPREF",
            NodeKind::GroupRefExists { .. } => "GROUPREF_EXISTS",
            NodeKind::At(_) => "AT",
            NodeKind::Failure => "FAILURE",
        }
    }

    pub(super) fn of_assertion(kind: AssertKind, body: Sequence<'t>) -> NodeKind<'t> {
        let direction = if kind.is_behind() { Direction::Behind } else { Direction::Ahead };
        if kind.is_negative() {
            NodeKind::AssertNot { direction, body }
        } else {
            NodeKind::Assert { direction, body }
        }
    }

    /// Returns the bounds and the content of a repeat of any kind, or `None` for anything else.
    pub fn as_repeat(&self) -> Option<(u32, Option<u32>, Sequence<'t>)> {
        match *self {
            NodeKind::MaxRepeat { min, max, body }
            | NodeKind::MinRepeat { min, max, body }
            | NodeKind::PossessiveRepeat { min, max, body } => Some((min, max, body)),
            _ => None,
        }
    }
}

impl<'t> Node<'t> {
    /// Returns what the item is, with its arguments.
    pub fn kind(self) -> NodeKind<'t> {
        let arena = self.arena;
        let sequence = |range| Sequence { arena, range };
        match self.item() {
            Item::Atom(atom) => match atom {
                Atom::Literal(c) => NodeKind::Literal(c),
                Atom::NotLiteral(c) => NodeKind::NotLiteral(c),
                Atom::Any => NodeKind::Any,
                Atom::At(at) => NodeKind::At(at),
                Atom::GroupRef(group) => NodeKind::GroupRef { group },
                Atom::Failure => NodeKind::Failure,
                Atom::Category(category) => {
                    NodeKind::In { negated: false, items: SetItems::of_category(category) }
                }
                Atom::In(set) => {
                    let (negated, items) = SetItems::of_set(arena.set(set));
                    NodeKind::In { negated, items }
                }
            },
            Item::Repeat { kind, min, max, body } => {
                let (max, body) = ((max != MAXREPEAT).then_some(max), sequence(body));
                match kind {
                    RepeatKind::Greedy => NodeKind::MaxRepeat { min, max, body },
                    RepeatKind::Lazy => NodeKind::MinRepeat { min, max, body },
                    RepeatKind::Possessive => NodeKind::PossessiveRepeat { min, max, body },
                }
            }
            Item::Group { number, add, del, body } => NodeKind::Subpattern {
                group: (number != 0).then_some(number),
                add_flags: add,
                del_flags: del,
                body: sequence(body),
            },
            Item::Atomic(body) => NodeKind::AtomicGroup { body: sequence(body) },
            Item::Assert(kind, body) => NodeKind::of_assertion(kind, sequence(body)),
            Item::Branch(_) => NodeKind::Branch { alternatives: self.children() },
            Item::Conditional { group, yes, no } => {
                NodeKind::GroupRefExists { group, yes: sequence(yes), no: no.map(sequence) }
            }
            // The arena never returns one.
            Item::Spliced => NodeKind::Failure,
        }
    }
}

/// Writes the name and the span: `MAX_REPEAT@0..3`.
impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{:?}", self.kind().name(), self.span())
    }
}
