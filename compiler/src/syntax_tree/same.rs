//! Comparing sequences.

use super::kind::NodeKind;
use super::view::Sequence;
use super::walk::{Step, Walk};

impl<'t> Sequence<'t> {
    /// Returns whether two sequences have the same items with the same arguments, wherever in the
    /// pattern they are. They can also be of different trees.
    ///
    /// Groups with different numbers are different items. Takes heap memory in proportion to the
    /// depth of nesting, and no stack.
    pub fn same_items(self, other: Sequence<'_>) -> bool {
        let (mut these, mut those) = (Walk::new(self), Walk::new(other));
        loop {
            let same = match (these.next(), those.next()) {
                (None, None) => return true,
                (Some(Step::Enter(one)), Some(Step::Enter(other))) => {
                    same_arguments(&one.kind(), &other.kind())
                }
                (Some(Step::Leave(_)), Some(Step::Leave(_)))
                | (Some(Step::EnterSequence(_)), Some(Step::EnterSequence(_)))
                | (Some(Step::LeaveSequence(_)), Some(Step::LeaveSequence(_))) => true,
                _ => false,
            };
            if !same {
                return false;
            }
        }
    }
}

/// Compares two nodes without the sequences inside them.
fn same_arguments(one: &NodeKind<'_>, other: &NodeKind<'_>) -> bool {
    use NodeKind::*;
    match (one, other) {
        (Literal(one), Literal(other)) | (NotLiteral(one), NotLiteral(other)) => one == other,
        (In { negated, items }, In { negated: other_negated, items: other }) => {
            negated == other_negated && items.clone().eq(other.clone())
        }
        (
            Subpattern { group, add_flags, del_flags, body: _ },
            Subpattern { group: other_group, add_flags: other_add, del_flags: other_del, body: _ },
        ) => (group, add_flags, del_flags) == (other_group, other_add, other_del),
        (MaxRepeat { .. }, MaxRepeat { .. })
        | (MinRepeat { .. }, MinRepeat { .. })
        | (PossessiveRepeat { .. }, PossessiveRepeat { .. }) => {
            let bounds = |kind: &NodeKind<'_>| kind.as_repeat().map(|(min, max, _)| (min, max));
            bounds(one) == bounds(other)
        }
        (Assert { direction, .. }, Assert { direction: other, .. })
        | (AssertNot { direction, .. }, AssertNot { direction: other, .. }) => direction == other,
        (GroupRef { group }, GroupRef { group: other })
        | (GroupRefExists { group, .. }, GroupRefExists { group: other, .. }) => group == other,
        (At(one), At(other)) => one == other,
        // These have no arguments, and are followed by the sequences inside them.
        (Any, Any)
        | (Failure, Failure)
        | (AtomicGroup { .. }, AtomicGroup { .. })
        | (Branch { .. }, Branch { .. }) => true,
        _ => false,
    }
}
