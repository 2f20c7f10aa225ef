//! What a pattern does with an empty text.

use sre_compiler::Op;

use super::form::Item;

/// Returns whether the pattern matches an empty text, or the groups that take part, depend on whether
/// `\B` matches there.
pub(super) fn depends_on_non_boundaries(items: &[Item]) -> bool {
    let has_one = items.iter().any(|item| matches!(item, Item::NonBoundary { .. }));
    has_one && marks(items, false) != marks(items, true)
}

/// The arguments of `AT` for `\b`, in each kind of pattern: it never matches in an empty text.
const BOUNDARIES: [u32; 3] = [3, 8, 10];

/// A construct whose items are being read.
struct Frame {
    kind: Kind,
    /// The number of marks before it.
    marks: usize,
    /// Whether its items so far match.
    matches: bool,
}

enum Kind {
    Whole,
    /// An alternative; whether an earlier one matched.
    Branch(bool),
    /// One of the two parts of a conditional: whether it is the one that counts, and whether the one
    /// that counts matches.
    Conditional {
        counts: bool,
        outcome: bool,
    },
    NegativeAssertion,
    /// What has to match, or is tried first and may fail, or is skipped.
    Once,
    Optional,
    Skipped,
}

/// Returns the marks of groups that are set by matching an empty text; `None` if it does not match.
///
/// There is nothing to return to when an item fails: no item consumes anything, so only the choices of
/// alternatives count.
fn marks(items: &[Item], non_boundary: bool) -> Option<Vec<u32>> {
    let mut marks = Vec::new();
    let mut frames = vec![Frame { kind: Kind::Whole, marks: 0, matches: true }];
    for item in items {
        let frame = frames.last_mut()?;
        let is_set = |marks: &[u32], group: u32| marks.contains(&group.wrapping_mul(2).wrapping_add(1));
        match item {
            Item::Set(_) | Item::Failure | Item::Words(_) => frame.matches = false,
            Item::NonBoundary { .. } => frame.matches &= non_boundary,
            Item::Single(Op::MARK, mark) => {
                if frame.matches {
                    marks.push(*mark);
                }
            }
            Item::Single(Op::AT, at) => frame.matches &= !BOUNDARIES.contains(at),
            Item::Single(_, group) => frame.matches &= is_set(&marks, *group),
            Item::Open(op, words) => {
                let kind = match (*op, *words) {
                    (Op::BRANCH, _) => Kind::Branch(false),
                    (Op::GROUPREF_EXISTS, [group, _]) => {
                        Kind::Conditional { counts: is_set(&marks, group), outcome: true }
                    }
                    (Op::ASSERT_NOT, _) => Kind::NegativeAssertion,
                    (Op::ASSERT | Op::ATOMIC_GROUP, _) => Kind::Once,
                    (_, [_, 0]) | (Op::MIN_REPEAT_ONE | Op::MIN_UNTIL, [0, _]) => Kind::Skipped,
                    (_, [0, _]) => Kind::Optional,
                    _ => Kind::Once,
                };
                frames.push(Frame { kind, marks: marks.len(), matches: true });
            }
            Item::Or => match &mut frame.kind {
                Kind::Branch(has_match) => {
                    if *has_match || !frame.matches {
                        marks.truncate(frame.marks);
                    }
                    *has_match |= frame.matches;
                    (frame.marks, frame.matches) = (marks.len(), true);
                }
                Kind::Conditional { counts, outcome } => {
                    match counts {
                        true => *outcome = frame.matches,
                        false => marks.truncate(frame.marks),
                    }
                    // The second part counts where the first one does not.
                    *counts = !*counts;
                    (frame.marks, frame.matches) = (marks.len(), true);
                }
                _ => {}
            },
            Item::Close => {
                let Frame { kind, marks: before, matches } = frames.pop()?;
                let (matches, keeps) = match kind {
                    Kind::Branch(has_match) => (has_match || matches, !has_match && matches),
                    Kind::NegativeAssertion => (!matches, false),
                    Kind::Optional => (true, matches),
                    Kind::Skipped => (true, false),
                    Kind::Conditional { counts: true, .. } => (matches, matches),
                    Kind::Conditional { outcome, .. } => (outcome, false),
                    Kind::Whole | Kind::Once => (matches, matches),
                };
                if !keeps {
                    marks.truncate(before);
                }
                frames.last_mut()?.matches &= matches;
            }
        }
    }
    frames.pop()?.matches.then_some(marks)
}
