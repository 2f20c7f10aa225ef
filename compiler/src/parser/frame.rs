//! A subpattern that is being parsed.

use crate::codegen::{CodePos, Enclosure};
use crate::flags::Flags;
use crate::input::Class;
use crate::item::{AssertKind, PackedItem};
use crate::stack::Height;
use crate::width::Width;

/// A subpattern that is being parsed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub kind: GroupKind,
    /// The index of its `(`.
    pub start: u32,
    /// The index at which its content begins.
    pub content: u32,
    /// The characters that stand for themselves in it.
    pub plain: Class,
    /// The flags that its items are compiled with.
    pub flags: Flags,
    /// Where its items begin in `State::items`, and the position of its code.
    pub items: Height<PackedItem>,
    pub code: CodePos,
    /// The same for its current alternative.
    pub alternative_items: Height<PackedItem>,
    pub alternative_code: CodePos,
    /// The width of the items of its current alternative.
    pub width: Width,
    /// Where its finished alternatives begin in `State::alternatives`. Those of a conditional are
    /// not kept there.
    pub alternatives: Height<Alternative>,
    /// The width of its finished alternatives, [`Width::NEVER`] if there are none.
    pub alternatives_width: Width,
}

/// A finished alternative.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alternative {
    /// The position of its code.
    pub code: CodePos,
    /// Where its items begin in `State::items`. They extend to those of the next alternative.
    pub items: Height<PackedItem>,
    pub width: Width,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum GroupKind {
    /// The whole pattern.
    Pattern,
    /// `(…)` with the number of the group
    Capturing(u32),
    /// `(?:…)`
    NonCapturing,
    /// `(?i-s:…)`
    Flags,
    /// `(?>…)`
    Atomic,
    /// `(?=…)`, `(?!…)`, `(?<=…)` and `(?<!…)`
    Assert { kind: AssertKind, outermost_behind: bool },
    /// `(?(1)…`, in its first alternative
    Conditional { group: u32 },
    /// `(?(1)…|…`, in its second alternative
    ConditionalElse { group: u32 },
}

/// The end of the current alternative, to which a quantifier applies.
#[derive(Clone, Copy, Debug)]
pub(super) enum Last {
    /// The alternative is empty.
    None,
    /// An anchor, which cannot be repeated.
    Anchor,
    /// A repeat, which cannot be repeated directly.
    Repeat,
    /// One or more literals, the last of which can be repeated.
    Literals,
    /// Another item that matches one character.
    Unit { code: CodePos },
    /// Any other item.
    Item(LastItem),
    /// `(?:…)`, which is repeated as a whole although only its items remain.
    NonCapturing { group: LastItem, items: Height<PackedItem> },
}

/// An item or a group that may be repeated.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastItem {
    pub code: CodePos,
    /// Its index in the pattern.
    pub start: u32,
    pub width: Width,
    /// The width of what precedes it in the alternative.
    pub width_before: Width,
}

impl Frame {
    /// The frame of the whole pattern, before anything is parsed. `given` are the flags of the
    /// caller, which decide alone whether white space is skipped.
    pub(super) fn of_pattern(given: Flags, flags: Flags) -> Frame {
        Frame {
            kind: GroupKind::Pattern,
            start: 0,
            content: 0,
            plain: Class::plain(given.intersects(Flags::VERBOSE)),
            flags,
            items: Height::BOTTOM,
            code: CodePos::START,
            alternative_items: Height::BOTTOM,
            alternative_code: CodePos::START,
            width: Width::NONE,
            alternatives: Height::BOTTOM,
            alternatives_width: Width::NEVER,
        }
    }
}

impl Alternative {
    pub(super) fn code(&self) -> CodePos {
        self.code
    }
}

impl GroupKind {
    /// Returns whether a `|` ends an alternative of a branch.
    #[inline(always)]
    pub(super) fn has_alternatives(self) -> bool {
        !matches!(self, GroupKind::Conditional { .. } | GroupKind::ConditionalElse { .. })
    }

    /// Returns the instruction that encloses the code.
    #[inline(always)]
    pub(super) fn enclosure(self) -> Enclosure {
        match self {
            GroupKind::Pattern | GroupKind::NonCapturing | GroupKind::Flags => Enclosure::Nothing,
            GroupKind::Capturing(group) => Enclosure::Mark(group),
            GroupKind::Atomic => Enclosure::Atomic,
            GroupKind::Assert { kind, .. } => Enclosure::Assert(kind),
            GroupKind::Conditional { group } | GroupKind::ConditionalElse { group } => {
                Enclosure::Conditional(group)
            }
        }
    }
}
